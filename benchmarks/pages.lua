-- Opens a duty, then reports it done, one duty after another; tells what it saw as a line of JSON.
local desks, turn, nonce = {}, 0, 0

function init(args)
  for line in io.lines(args[1]) do desks[#desks + 1] = line end
end

function request()
  turn = turn + 1
  local desk = desks[math.floor((turn - 1) / 2) % #desks + 1]
  if turn % 2 == 1 then return wrk.format("GET", desk) end
  nonce = nonce + 1
  local form = string.format("step=send&kind=done&nonce=benchmark-%016d&name=Can+bo&role=Van+thu", nonce)
  return wrk.format("POST", desk, { ["content-type"] = "application/x-www-form-urlencoded" }, form)
end

function done(summary, latency)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests": %d, "seconds": %f, "p99": %f, "wrong": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e6, wrong))
end
