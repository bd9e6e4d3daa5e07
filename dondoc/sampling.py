"""`sample`: a random sample of what is claimed to be done, looked at on the spot, and what it says of all."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from config.office import Office
from tasks.ledger import sampling
from tasks.ledger.sampling import Sample
from tasks.values import Paper, Said

from . import labels
from .arguments import Here, Json, Number, option
from .following import head
from .ledger import opened, paper
from .refusal import USAGE, Refusal
from .screen import show, show_json, table
from .speech import number as count
from .speech import say

_HELD = {None: "chưa xem", True: "đúng", False: "không đúng"}


def sample(
    number: Number, /, *, project: Here,
    n: Annotated[int, option("bao nhiêu việc")] = 30,
    seed: Annotated[str, option("hạt giống: cùng hạt giống thì cùng mẫu")] = "1",
    held: Annotated[str, option("những việc đã xem là đúng, theo thứ tự trong mẫu: 1,2,5")] = "",
    failed: Annotated[str, option("những việc đã xem là không đúng: 3")] = "",
    note: Annotated[str, option("điều thấy tại chỗ")] = "",
    name: Annotated[str, option("họ tên người kiểm tra")] = "",
    role: Annotated[str, option("chức vụ người kiểm tra")] = "",
    json: Json = False,
) -> int:
    """Draw what is to be verified, or record what was found; nothing of the tasks themselves changes."""
    places = [(place, True) for place in _places(held)] + [(place, False) for place in _places(failed)]
    if places and not (name and role):
        raise Refusal(say("cần --name và --role của người kiểm tra"), code=USAGE)
    with opened(project) as office:
        of = paper(office, number)
        if not places:
            sampling.draw(office.store, of.id, seed, n, project.now)
        for place, found in places:
            if not sampling.check(
                office.store, of.id, seed, place, held=found, note=note, said=Said(name=name, role=role), now=project.now
            ):
                raise Refusal(say("mẫu {seed} không có việc thứ {place}", seed=seed, place=place), code=USAGE)
        _show(office, of, seed, json)
    return 0


def _show(office: Office, of: Paper, seed: str, as_json: bool) -> None:
    with office.store.read() as db:
        drawn = sampling.found(db, of.id, seed, office.calendar)
    assert drawn is not None
    if as_json:
        show_json(_plain(of, drawn))
        return
    rows = table("Thứ", "Mục", "Đơn vị", "Việc", "Kỳ", "Kết quả", "Điều thấy", right=("Thứ",), wide=("Đơn vị", "Việc", "Điều thấy"))
    for one in drawn.drawn:
        work = one.work
        rows.add_row(count(one.place), work.clause, work.agency.name, work.short, work.term, say(_HELD[one.held]), one.note)
    show(head(of, drawn.drawn_at), rows, _said(drawn))


def _said(drawn: Sample) -> str:
    """What the sample says, in a sentence."""
    found = drawn.estimate
    if found is None:
        return say("Mẫu {n} trong {all} việc đã báo xong, hạt giống {seed}.", n=len(drawn.drawn), all=drawn.population, seed=drawn.seed)
    return say(
        "Đã xem {checked} việc, {held} việc đúng: {share}; khoảng tin cậy 95%: {low} – {high} của {all} việc đã báo xong.",
        checked=found.checked, held=found.held, share=_percent(found.share), low=_percent(found.low), high=_percent(found.high),
        all=drawn.population,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%".replace(".", ",")


def _plain(of: Paper, drawn: Sample) -> dict[str, object]:
    found, zone = drawn.estimate, ZoneInfo(of.zone)
    return {
        "directive": labels.named(of), "seed": drawn.seed, "drawn_at": drawn.drawn_at.astimezone(zone), "population": drawn.population,
        "estimate": None if found is None else {
            "held": found.held, "checked": found.checked, "share": found.share, "low": found.low, "high": found.high,
        },
        "tasks": [
            {"place": one.place, "task": one.work.id, "clause": one.work.clause, "agency": one.work.agency.id, "term": one.work.term,
             "held": one.held, "note": one.note} for one in drawn.drawn
        ],
    }


def _places(typed: str) -> list[int]:
    """The places that a person typed: "1,2,5". Raises Refusal."""
    words = typed.replace(",", " ").split()
    if not all(word.isdecimal() for word in words):
        raise Refusal(say("không hiểu “{places}”", places=typed), say("viết như: 1,2,5"), code=USAGE)
    return [int(word) for word in words]
