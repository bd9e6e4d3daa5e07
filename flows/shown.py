"""What Prefect's pages show of a run besides its log: how far a long opening is, how a directive stands; counts and addresses only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from prefect.artifacts import acreate_table_artifact, create_progress_artifact, update_progress_artifact

from tasks.cells import Cells
from tasks.values import Paper

#: Fewer tasks are open before anybody has looked; a step of so many hundredths is worth a word to the server.
MANY, STEP = 2_000, 5


def slug(paper: Paper) -> str:
    """A directive's name in keys: "898/UBND" of 2020 is "898-ubnd-2020"."""
    return key(paper.number, paper.issued_on.year)


def key(number: str, year: int) -> str:
    """The same of a number and a year."""
    words: Sequence[str] = re.findall(r"[a-z0-9]+", number.lower().replace("đ", "d"))
    return "-".join((*words, str(year)))


def progress(name: str, words: str) -> Callable[[int, float], None]:
    """Tells Prefect how far an opening is, once it has become a long one."""
    made: list[UUID] = []
    told = 0

    def tell(opened: int, share: float) -> None:
        nonlocal told
        hundredths = int(share * 100)
        if opened < MANY or hundredths < told + STEP:
            return
        told = hundredths
        if made:
            update_progress_artifact(made[0], progress=hundredths, description=words)
        else:
            made.append(create_progress_artifact(progress=hundredths, key=f"opening-{name}", description=words))  # type: ignore[arg-type]

    return tell


async def table(paper: Paper, cells: Cells, base_url: str) -> None:
    """How a directive stands, as a table with the address of its page, which asks whoever opens it to log in."""
    about = f"**{paper.number}** {paper.issued_on:%-d/%-m/%Y} · {paper.title}\n\n[Trang tình hình]({base_url}/home/{paper.id})"
    await acreate_table_artifact(key=f"standing-{slug(paper)}", table=list(_rows(cells)), description=about)


def _rows(cells: Cells) -> Iterator[dict[str, str | int]]:
    for label, number in (
        ("quá hạn", cells.overdue), ("sắp đến hạn", cells.soon), ("trong hạn", cells.in_time), ("hoàn thành đúng hạn", cells.on_time),
        ("hoàn thành quá hạn", cells.late), ("không thời hạn", cells.undated), ("chưa báo cáo", cells.silent),
    ):
        yield {"tình hình": label, "số việc": number}
