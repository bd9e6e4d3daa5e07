"""docs/api.md: the interface's operations from its own description, with an example that is played on a sample ledger."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from config.office import Office
from directives.language.reading import read
from dondoc.demo.stage import FILES, project
from tasks.ledger import programs
from tasks.ledger.endpoints import KINDS
from web.api.app import PREFIX, document, interface

PAGE = Path(__file__).parents[1] / "docs" / "api.md"
ISSUED, NOW = datetime(2020, 5, 18, 1, tzinfo=UTC), datetime(2020, 5, 20, 2, tzinfo=UTC)

_HEAD = """\
# The interface for programs

Other systems read what the pages show and say what an agency could say, under `{prefix}` of the pages' address. The description for
machines, OpenAPI 3.1, is at `{prefix}/openapi.json`. `make api` writes this page anew.

## Keys

`dondoc programs add NAME --scope read:all` prints a key once; the ledger keeps its hash. It goes with each call as
`Authorization: Bearer dd1.…`; cookies mean nothing. `dondoc programs revoke NAME` ends it at once.

| scope | what it gives |
|---|---|
| `read:all` | everything |
| `read:AGENCY` | papers, and the tasks that the agency holds |
| `act:AGENCY` | to say what the agency could say on its page |
| `link:AGENCY` | to be told the link that a task was passed on with, and so to hand it out |
| `decide:ISSUER` | to decide of the papers that the agency has issued |

## Calls

- Instants are in UTC, days are days of the office, figures are text, so that nothing is rounded.
- Lists come by pages: `next` of one is `after` of the following; nothing is met twice while others write.
- Every refusal is a problem document (RFC 9457) with a `code`: `key` 401, `scope` 403, `unknown` 404, `rule`, `key-used`, `day`, `file`,
  `not-yet` 409, `too-large` 413, `malformed` 422, `pace` 429, `disk` 507. What a rule forbids is said in words in `detail`, and
  nothing is recorded.
- Acts need an `Idempotency-Key`, new for each: the same call again within seven days is answered as the first was; the key with another
  body is refused. What is recorded has the program's name.
- Evidence goes first to `/files` as `multipart/form-data`, at most five files of 10 MB, told by their content as on the pages; what is
  answered as `file` goes into the act's `files`. Only the key that has brought a file can name it.
- `delegate` passes a task to a `colleague` as the agency's page does: he gets a link of this task alone, until the agency takes it back. It
  is in the answer for a key with `link:AGENCY`; for any other the agency hands it over from its page.
- A standing carries an `ETag`: with `If-None-Match` an unchanged one is answered 304.
- 600 calls a minute for a key.

## Operations
"""

_HOOKS = """
## Webhooks

`dondoc webhooks add https://…` tells an address of events from then on ({kinds}; `--kind` chooses) and prints the secret that signs them
as Standard Webhooks says: `webhook-id`, `webhook-timestamp`, `webhook-signature`. An event comes at
least once, each time under the same `webhook-id`; who has taken it answers 2xx within ten seconds. Else it is tried again, after a minute,
then twice as long each time up to six hours; an address that takes nothing for five days, or answers 410, is told no more, and
`dondoc webhooks list` says so. Redirects are not followed, and addresses in private networks are not called unless
`DONDOC_WEBHOOK_NETWORKS` opens them. While link keys are rotated each event is signed by all of them.
"""


def page() -> str:
    """The page as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office.open(project(Path(folder), 8020, 1))
        try:
            return "\n".join(_parts(office, Path(folder)))
        finally:
            office.close()


def _parts(office: Office, folder: Path) -> Iterator[str]:
    app = interface(office, lambda: NOW)
    yield _HEAD.format(prefix=PREFIX)
    yield from _operations(document(app))
    yield _HOOKS.format(kinds=", ".join(f"`{kind}`" for kind in KINDS))
    yield "## An example\n\nQuận Cái Răng's 898/UBND, two days after its issue.\n"
    [(_, directive)] = read([folder / FILES[0]], folder / "config" / "agencies").directives
    office.issue(directive, ISSUED)
    with office.store.write() as db:
        key = programs.give(db, "Phần mềm điều hành", ("read:all", "act:bhxh"), NOW)
    yield from asyncio.run(_played(app, key))


def _operations(said: dict[str, Any]) -> Iterator[str]:
    yield "| | | parameters |\n|---|---|---|"
    for path, operations in said["paths"].items():
        for method, operation in operations.items():
            asked = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
            [schema] = [body["schema"] for body in operation.get("requestBody", {}).get("content", {}).values()] or [{}]
            named = schema.get("$ref", "").rpartition("/")[2]
            fields = (said["components"]["schemas"][named] if named else schema).get("properties", ())
            words = ", ".join(f"`{name}`" for name in [*asked, *fields])
            yield f"| `{method.upper()} {path}` | {operation['summary']}. {operation['description'].splitlines()[0]} | {words} |"


async def _played(app: Any, key: str) -> list[str]:
    shown = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dondoc.example") as client:
        asked = {"authorization": f"Bearer {key}"}
        found = await client.get("/tasks", params={"agency": "bhxh", "clause": "6.4"}, headers=asked)
        task = found.json()["items"][0]
        shown.append(_shown(f"GET {PREFIX}/tasks?agency=bhxh&clause=6.4", None, found))
        said = {"kind": "progress", "note": "Đã in xong tờ rơi"}
        told = await client.post(f"/tasks/{task['id']}/acts", json=said, headers={**asked, "idempotency-key": "bhxh-2020-05-20-1"})
        shown.append(_shown(f"POST {PREFIX}/tasks/{task['id']}/acts\nIdempotency-Key: bhxh-2020-05-20-1", said, told))
        wrong = {"kind": "extend", "until": "2020-05-01", "note": "Thiếu giấy"}
        refused = await client.post(f"/tasks/{task['id']}/acts", json=wrong, headers={**asked, "idempotency-key": "bhxh-2020-05-20-2"})
        shown.append(_shown(f"POST {PREFIX}/tasks/{task['id']}/acts\nIdempotency-Key: bhxh-2020-05-20-2", wrong, refused))
    return shown


def _shown(line: str, body: object, answer: httpx.Response) -> str:
    sent = f"\n\n{json.dumps(body, ensure_ascii=False)}" if body else ""
    got = json.dumps(answer.json(), ensure_ascii=False, indent=1)
    return f"```http\n{line}{sent}\n```\n\n{answer.status_code}:\n\n```json\n{got}\n```\n"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
