"""`agencies rename`, `merge`, `split`, `dissolve`, `move` and `orphans`: bodies that become others on a day, and what goes on with whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated

from rich.text import Text

from config.office import Office
from directives.language.calendar import DAY
from directives.language.directory import mail_of, places
from directives.language.reading import office as books
from directives.language.shapes import Directory
from tasks.ledger import listing, reorganizing
from tasks.ledger.entering import duties_of
from tasks.ledger.reorganizing import Outcome, ReorganizationError
from tasks.reorganization import Reorganization

from . import ledger
from .arguments import Here, Json, day_option, option
from .ledger import opened, paper, unknown
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import next_step, show, show_json, table, tell
from .speech import day, number, say

On = Annotated[date, day_option("từ ngày này")]
Note = Annotated[str, option("theo văn bản nào; in trong thư")]
Dry = Annotated[bool, option("chỉ xem việc gì sang đâu, không ghi")]
Body = Annotated[str, option("mã đơn vị: bhxh")]


def rename(
    agency: Body, /, *, project: Here, on: On,
    name: Annotated[str, option("tên mới")],
    short: Annotated[str, option("tên gọn mới")] = "",
    mail: Annotated[str, option("địa chỉ thư mới")] = "",
    note: Note = "", dry_run: Dry = False, json: Json = False,
) -> int:
    """Give a body another name from a day on; what was said before keeps the old one."""
    said = Reorganization(kind="rename", on=on, bodies=(agency,), name=name, short=short, mail=mail, note=note)
    return _done(project, said, dry_run=dry_run, json=json)


def merge(
    *agencies: Body, project: Here, on: On,
    into: Annotated[str, option("đơn vị nhận: một trong số đó, hoặc một đơn vị mới đã có trong danh bạ")],
    note: Note = "", dry_run: Dry = False, json: Json = False,
) -> int:
    """Let several bodies become one: what is open goes on with it, what is done stays in the old names."""
    said = Reorganization(kind="merge", on=on, bodies=agencies, into=(into,), note=note)
    return _done(project, said, dry_run=dry_run, json=json)


def split(
    agency: Body, /, *, project: Here, on: On,
    into: Annotated[tuple[str, ...], option("các đơn vị nhận; đơn vị đầu nhận mọi việc không giao riêng")],
    give: Annotated[tuple[str, ...], option("giao riêng: “MÃ=898/UBND 6.4”; ghi được nhiều lần")] = (),
    note: Note = "", dry_run: Dry = False, json: Json = False,
) -> int:
    """Divide a body: each of its duties goes on with one heir. A body that is among its own heirs remains."""
    given = tuple(_given(project, words) for words in give)
    said = Reorganization(kind="split", on=on, bodies=(agency,), into=into, give=given, note=note)
    return _done(project, said, dry_run=dry_run, json=json)


def dissolve(
    agency: Body, /, *, project: Here, on: On,
    into: Annotated[str | None, option("đơn vị nhận việc đang mở")] = None,
    note: Note = "", dry_run: Dry = False, json: Json = False,
) -> int:
    """End a body. Without an heir only where nothing of it is open."""
    said = Reorganization(kind="dissolve", on=on, bodies=(agency,), into=(into,) if into else (), note=note)
    return _done(project, said, dry_run=dry_run, json=json)


def move(
    agency: Body, /, *, project: Here, on: On,
    under: Annotated[tuple[str, ...], option("trực thuộc các đơn vị này, thay cho trước đây")],
    note: Note = "", dry_run: Dry = False, json: Json = False,
) -> int:
    """Put a body under another: rungs that go above it reach the new one."""
    return _done(project, Reorganization(kind="move", on=on, bodies=(agency,), into=under, note=note), dry_run=dry_run, json=json)


def orphans(*, project: Here, json: Json = False) -> int:
    """List bodies that have ended and still answer for something; there should be none."""
    with opened(project) as office, office.store.read() as db:
        found = reorganizing.orphans(db, _today(project))
    if json:
        show_json({"orphans": [{"id": code, "name": name, "tasks": n} for code, name, n in found]})
        return FOUND if found else 0
    if not found:
        show(say("Không có việc nào còn ở đơn vị đã kết thúc."))
        return 0
    rows = table("Mã", "Tên", "Việc", right=("Việc",), wide=("Tên",))
    for code, name, n in found:
        rows.add_row(code, name, number(n))
    show(rows)
    tell(next_step(say("Giao lại"), f"dondoc agencies dissolve {found[0][0]} --into MÃ --on {day(_today(project))}"))
    return FOUND


def _today(project: Project) -> date:
    return project.now.astimezone(project.settings.practice.tz).date()


def _given(project: Project, words: str) -> tuple[str, int]:
    """An heir and the duty that it gets, by row number. Raises Refusal."""
    heir, _, rest = words.partition("=")
    cited, _, clause = rest.strip().rpartition(" ")
    if not (heir and cited and clause):
        raise Refusal(say("không hiểu “{words}”", words=words), say("viết như: --give “tnmt=898/UBND 6.4”"), code=USAGE)
    with opened(project) as office:
        of = paper(office, cited)
        key = ledger.clause(ledger.issued(office, of), clause)
        with office.store.read() as db:
            return heir, duties_of(db, of.id)[key]


def _done(project: Project, said: Reorganization, *, dry_run: bool, json: bool) -> int:
    with opened(project) as office:
        newcomers = _newcomers(project, office, (*said.bodies, *said.into))
        try:
            seen = reorganizing.rehearse(
                office.store, said, newcomers, calendar=office.calendar, practice=office.practice, now=project.now
            )
            _answered_for(said, seen)
            if not dry_run:
                reorganizing.plan(office.store, said, newcomers, project.now)
                reorganizing.follow(office.store, office.calendar, office.practice, project.now)
        except ReorganizationError as error:
            raise Refusal(str(error)) from error
    if json:
        show_json(_facts(said, seen))
        return 0
    _told(said, seen)
    waits = said.on > _today(project)
    if dry_run:
        tell(say("Chưa ghi gì."))
    else:
        tell(say("Sẽ thực hiện ngày {day}.", day=day(said.on)) if waits else say("Đã thực hiện."))
    _advise(project, said)
    return 0


def _newcomers(project: Project, office: Office, codes: Iterable[str]) -> Directory:
    """Bodies that only the directory files know, with what they hang under. Raises Refusal for one that nobody knows."""
    with office.store.read() as db:
        known = listing.agencies(db)
    new = [code for code in codes if code not in known]
    if not new:
        return Directory()
    library, _ = books(project.agencies)
    whole = library.whole.directory
    for code in new:
        if code not in whole.agencies:
            names = {**{each.id: each.name for each in whole.agencies.values()}, **known}
            raise unknown(say("danh bạ không có “{agency}”", agency=code), code, names, names)
    wanted = {place for code in new for place in places(code, whole)}
    agencies = {id_: whole.agencies[id_] for id_ in whole.agencies if id_ in wanted and (id_ in new or id_ not in known)}
    mails = {id_: agency.model_copy(update={"mail": agency.mail or mail_of(id_, whole)}) for id_, agency in agencies.items()}
    return Directory(agencies=mails)


def _answered_for(said: Reorganization, seen: Outcome) -> None:
    """Raises Refusal where a body would end and leave open work to nobody."""
    left = sum(seen.before[code] for code in said.ending)
    if left and not said.into:
        raise Refusal(say("{n} việc còn mở sẽ không ai trả lời", n=left), say("ghi đơn vị nhận: --into MÃ"), code=USAGE)


def _facts(said: Reorganization, seen: Outcome) -> dict[str, object]:
    return {
        "kind": said.kind, "on": said.on, "before": seen.before, "after": seen.after,
        "moved": seen.moved.tasks, "merged": seen.moved.merged, "doubles": seen.doubles,
        "part": seen.moved.part, "sources": seen.moved.sources, "below": seen.below, "letters": seen.letters,
        "mute": seen.mute,
    }


def _told(said: Reorganization, seen: Outcome) -> None:
    if said.kind in ("rename", "move"):
        show(Text.assemble((said.bodies[0], "bold"), f" → {said.name or ', '.join(said.into)}"))
        return
    rows = table("Mã", "Việc mở trước", "Việc mở sau", right=("Việc mở trước", "Việc mở sau"))
    for code, before in seen.before.items():
        rows.add_row(code, number(before), number(seen.after[code]))
    rows.add_row(say("cộng"), number(sum(seen.before.values())), number(sum(seen.after.values())))
    show(rows, *(Text(line) for line in _lines(seen)))


def _lines(seen: Outcome) -> Iterator[str]:
    moved = seen.moved
    counted = (
        (moved.tasks, "{n} việc sang đơn vị nhận, hạn giữ nguyên"),
        (moved.merged, "{n} việc trùng do cùng một số liệu, gộp lại"),
        (seen.doubles, "{n} mục có nhiều việc ở một nơi: giữ cả, mỗi việc mang tên đơn vị cũ"),
        (moved.part, "{n} nơi phối hợp đổi sang đơn vị nhận"),
        (moved.sources, "{n} chỉ tiêu do đơn vị nhận nhập số liệu"),
        (seen.below, "{n} đơn vị cấp dưới chuyển theo"),
        (seen.letters, "{n} thư báo việc tiếp nhận"),
    )
    yield from (say(words, n=n) for n, words in counted if n)
    if seen.mute:
        yield say("! chưa có địa chỉ thư: {names}", names=", ".join(seen.mute))


def _advise(project: Project, said: Reorganization) -> None:
    """What the author writes into the directory files; until then old files are read as they are meant."""
    lines = [*_file_lines(said)]
    if lines:
        tell(say("Sửa trong {path}:", path=project.agencies), *lines)
        tell(next_step(say("Rồi xem lại"), "dondoc agencies check"))


def _file_lines(said: Reorganization) -> Sequence[str]:
    if said.kind == "rename":
        words = {"name": said.name, "short": said.short, "mail": said.mail}
        return [f"  {said.bodies[0]}: {{ {', '.join(f'{word}: {value}' for word, value in words.items() if value)} }}"]
    if said.kind == "move":
        return [f"  {said.bodies[0]}: {{ in: [{', '.join(said.into)}] }}"]
    heir = f", successor: {said.into[0]}" if said.into else ""
    return [f"  {code}: {{ until: {day(said.on - DAY)}{heir} }}" for code in said.ending]
