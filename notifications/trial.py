"""An office's templates on trial: read and rendered in a process of its own, bounded in time and memory, before any letter uses them."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from jinja2 import TemplateError

from . import contents
from .guarding import ROW, Fault, faults
from .layout import LETTERS, folders
from .samples import samples
from .tongues import Lang, Tongue, tongue

MEMORY = 256 * 1024 * 1024  # octets of address space of the child
SECONDS = 1.5  # of its processor
WAIT = 20  # seconds for a child that a loaded machine leaves waiting
MOST = 100  # entries of a letter, as many as it may hold
LONGEST = 1_000_000  # characters of a letter
_LINK = "https://office.example/t/t1.a.AAECAwQFBgc.AAAAAAAAAAAAAAAAAAAAAAAA"
_FRAMES = ("frame.mjml", "frame.txt.j2")


class TooLong(Exception):  # noqa: N818  # it names what happened
    """The processor's time is used up."""


def tried(folder: Path, lang: Lang) -> tuple[Fault, ...]:
    """What is wrong with the templates in a folder; () where they can be published."""
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "notifications.trial", str(folder.resolve()), lang]
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=WAIT, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        to = tongue(lang)
        return (Fault(folder.name, 0, to("mẫu thư tốn quá nhiều thời gian hoặc bộ nhớ"), to("viết ngắn lại, bớt vòng lặp")),)
    return tuple(Fault(*each) for each in json.loads(done.stdout))


def names(to: Tongue) -> dict[str, set[str]]:
    """What each of our templates can print, by its path."""
    known: dict[str, set[str]] = {}
    for letter, notice in samples().values():
        _, contents_of = contents.LETTERS["takeover" if notice.taken else notice.lane]
        said = {*contents.common(notice, "", "", to), *contents_of(notice, 1, to), "subject"}
        for path in (LETTERS / letter).glob("*.j2"):
            known[f"{letter}/{path.name}"] = said
    shared, rows = set.intersection(*known.values()), {name for name in known if ROW.search(name)}
    return known | dict.fromkeys(_FRAMES, shared) | {name: {"each"} for name in rows}


def main(folder: Path, lang: Lang) -> list[Fault]:
    """In the child: the faults that can be read, else those that show when letters are written."""
    to, known = tongue(lang), names(tongue(lang))
    _bound()
    return list(faults(folder, known, to)) or list(_rendered(folder, to))


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooLong


def _rendered(folder: Path, to: Tongue) -> Iterator[Fault]:
    own = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    try:
        made = folders(folder, to)
    except Exception as error:
        yield _fault(error, folder, "frame.mjml", to)
        return
    for letter, notice in samples().values():
        _, contents_of = contents.LETTERS["takeover" if notice.taken else notice.lane]
        said = {**contents.common(notice, "UBND xã Mẫu", _LINK, to), **contents_of(notice, MOST, to)}
        for file, template in zip(("subject.txt.j2", "body.txt.j2", "body.html.j2"), made[letter], strict=True):
            at = next((name for name in (f"{letter}/{file}", *_FRAMES) if name in own), f"{letter}/{file}")
            try:
                text = template.render(said)
            except Exception as error:
                yield _fault(error, folder, at, to)
                return
            if what := _missing(file, text, to):
                yield Fault(at, 1, *what)
                return
            said["subject"] = said.get("subject") or text


def _missing(file: str, text: str, to: Tongue) -> tuple[str, str] | None:
    """What a written part lacks, or has too much of."""
    if len(text) > LONGEST:
        return to("thư dài quá {n} ký tự", n=LONGEST), to("viết ngắn lại, bớt vòng lặp")
    if not text.strip():
        return to("thư không có chữ nào"), to("in ít nhất {name}", name="headline")
    if file == "body.txt.j2" and text.splitlines().count(_LINK) != 1:
        return to("đường dẫn phải đứng riêng một dòng, một lần"), to("thêm một dòng: {line}", line="{{ link }}")
    if file == "body.html.j2" and text.count(f'href="{_LINK}"') != 1:
        return to("thư thiếu nút mở đường dẫn, hoặc có nhiều nút"), to("thêm một nút: {line}", line='<a href="{{ link }}">')
    return None


def _fault(error: Exception, folder: Path, otherwise: str, to: Tongue) -> Fault:
    """The last place in a template of the office's own that the error went through."""
    at, trace = (otherwise, 1), error.__traceback__
    while trace:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(folder):
            at = (path.relative_to(folder).as_posix(), trace.tb_lineno)
        trace = trace.tb_next
    match error:
        case TooLong():
            return Fault(*at, to("viết thư mất quá nhiều thời gian"), to("bớt vòng lặp"))
        case MemoryError():
            return Fault(*at, to("viết thư tốn quá nhiều bộ nhớ"), to("viết ngắn lại, bớt vòng lặp"))
        case TemplateError():
            return Fault(*at, to("không viết được thư: {why}", why=error.message), to("chỉ dùng các thông tin của thư"))
    return Fault(*at, to("không viết được thư: {why}", why=f"{type(error).__name__} {error}"[:200]), to("sửa dòng này"))


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), "en" if sys.argv[2] == "en" else "vi"), sys.stdout)
