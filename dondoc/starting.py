"""`init`: a folder to work in, with one directive that can be checked and planned at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated

from directives.language.books import book_of
from directives.language.calendar import DAY, written
from directives.language.periods import add_months
from directives.language.practice import Practice
from directives.language.printing import reprinted

from .arguments import Here, option
from .editors import FOLDER, schemas
from .refusal import FOUND, Refusal
from .screen import next_step, show, tell
from .settings import example
from .speech import say

#: Files of a new project, each with the one that it is made from.
_FILES = {
    "dondoc.toml": "dondoc/starter/dondoc.toml",
    "directives/van-ban-mau.yaml": "dondoc/starter/van-ban-mau.yaml",
    "config/agencies/don-vi.yaml": "dondoc/starter/don-vi.yaml",
    "config/calendar.yaml": "config/calendar.yaml",
    ".gitignore": "dondoc/starter/gitignore",
    ".vscode/settings.json": "dondoc/starter/vscode-settings.json",
    ".vscode/extensions.json": "dondoc/starter/vscode-extensions.json",
}


def init(folder: Annotated[Path, option("thư mục mới")] = Path(), /, *, project: Here) -> int:
    """Make a project. What is there already is never written over."""
    today = project.now.astimezone(Practice().tz).date()
    made = {name: _made(source, today) for name, source in _FILES.items()} | {".env.example": example()}
    made |= _schemas(made)
    if there := [name for name in made if (folder / name).exists()]:
        raise Refusal(say("{folder} đã có {names}", folder=folder, names=", ".join(there)), say("chọn một thư mục trống"), code=FOUND)
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        show(f"  {folder / name}")
    tell("", say("Thư mục làm việc đã sẵn sàng. Các bước tiếp theo:"))
    for command, words in _steps(folder).items():
        tell(next_step(f"  {say(words)}", command))
    return 0


def _schemas(made: Mapping[str, str]) -> dict[str, str]:
    """What an editor has to know of the directory that a new project has."""
    texts = {path.name: text for name, text in made.items() if (path := Path(name)).parent.name == "agencies"}
    books = {Path(name).stem: book_of(text, Path(name)).directory for name, text in texts.items()}
    files = {name: text.encode() for name, text in texts.items()}
    return {str(FOLDER / name): text for name, text in schemas(books, files).items()}


def _steps(folder: Path) -> Mapping[str, str]:
    """What one does in a new project, in order."""
    into = {f"cd {folder}": "vào thư mục"} if folder != Path() else {}
    return into | {
        "dondoc check": "kiểm tra văn bản",
        "dondoc plan directives/van-ban-mau.yaml": "xem trước ai nhận việc gì, khi nào",
        "dondoc doctor": "khám cài đặt, máy chủ thư",
        "dondoc apply directives/van-ban-mau.yaml": "ban hành",
        "dondoc up": "chạy lịch, thư và trang trả lời",
    }


def _made(source: str, today: date) -> str:
    """A file of the starter with this year's dates in it."""
    package, _, name = source.partition("/")
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    begin, after_middle, after_end = (add_months(today.replace(day=1), months) for months in (1, 4, 7))
    days = {"today": today, "begin": begin, "middle": after_middle - DAY, "end": after_end - DAY}
    made = Template(text).safe_substitute({name: written(day) for name, day in days.items()})
    return reprinted(made) if "$begin" in text else made  # where lines end depends on the days
