"""`templates`: an office's own words and looks for letters: taken from ours, tried, looked at, published for the letters to come."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App

from .arguments import Here, option
from .project import Project
from .refusal import FOUND, USAGE, Refusal
from .screen import next_step, show, tell
from .speech import say

if TYPE_CHECKING:
    from notifications.editions import Editions
    from notifications.guarding import Fault

templates = App(name="templates", group_commands=say("Lệnh"))


@templates.command(help=say("chép mẫu có sẵn của một thư vào templates/ để sửa"))
def copy(letter: Annotated[str, option("tên thư, hoặc frame: khung chung")], /, *, project: Here) -> int:
    """Copy our template of a letter, or the frame of all, for an office to change. What is there already is never written over."""
    from notifications.layout import LETTERS, NAMES

    if letter not in (*NAMES, "frame"):
        raise Refusal(say("không có thư {name}", name=letter), say("có: {names}", names=", ".join((*NAMES, "frame"))), code=USAGE)
    for source in sorted(LETTERS.glob("frame.*" if letter == "frame" else f"{letter}/*.j2")):
        path = _folder(project) / source.relative_to(LETTERS)
        if path.exists():
            raise Refusal(say("đã có {path}", path=path), code=FOUND)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
        show(f"  {path}")
    tell(next_step(say("Sửa xong, kiểm tra"), "dondoc templates check"))
    return 0


@templates.command(help=say("thử mẫu trong templates/: mọi lỗi, với dòng và cách sửa"))
def check(*, project: Here) -> int:
    """Try the office's templates in a bounded process of their own."""
    if found := _faults(project):
        show(*(_line(fault) for fault in found))
        return FOUND
    tell(say("Mẫu thư không có lỗi."), next_step(say("Dùng cho các thư từ nay"), "dondoc templates publish"))
    return 0


@templates.command(help=say("xem mọi thư viết theo templates/, ghi thành .html và .txt"))
def preview(output: Annotated[Path, option("thư mục để ghi")], /, *, project: Here) -> int:
    """Write each sample letter as it would be read."""
    from notifications.editions import Draft
    from notifications.letters import Composer
    from notifications.links import Keys
    from notifications.samples import samples

    sound(_faults(project))
    given = project.settings
    composer = Composer(
        base_url=given.base_url, keys=Keys({"k": bytes(32)}), office=given.mail_from_name, sender=given.mail_from,
        editions=Draft(_folder(project)), lang=given.mail_lang, answers=bool(given.imap_host),
    )
    output.mkdir(parents=True, exist_ok=True)
    for name, (_, notice) in samples().items():
        letter = composer.preview(notice)
        for suffix, text in (("html", letter.html), ("txt", f"{letter.subject}\n\n{letter.text}")):
            (output / f"{name}.{suffix}").write_text(text, encoding="utf-8")
    tell(say("Đã ghi {path}.", path=output))
    return 0


@templates.command(help=say("dùng templates/ cho các thư từ nay; thư đã gửi, gửi lại vẫn như cũ"))
def publish(*, project: Here) -> int:
    """Keep the templates as they are now, for letters from now on."""
    if not published(project):
        tell(say("Mẫu thư không đổi từ lần công bố trước."))
    return 0


def published(project: Project) -> bool:
    """Publish the office's templates where they have changed since. Raises Refusal where they have faults."""
    if not _folder(project).exists() and not _shelf(project).exists():
        return False
    editions = _editions(project)
    if editions.is_published(_folder(project)):
        return False
    sound(_faults(project))
    editions.publish(_folder(project), project.now)
    tell(say("Đã công bố mẫu thư: dùng cho các thư từ nay."))
    return True


def sound(found: tuple[Fault, ...]) -> None:
    """Raises Refusal where there are faults."""
    if found:
        show(*(_line(fault) for fault in found))
        raise Refusal(say("mẫu thư có {n} lỗi", n=len(found)), say("sửa rồi thử: {command}", command="dondoc templates check"))


def _faults(project: Project) -> tuple[Fault, ...]:
    from notifications.trial import tried

    folder = _folder(project)
    return tried(folder, project.settings.mail_lang) if folder.exists() else ()


def _line(fault: Fault) -> str:
    place = f"templates/{fault.file}" + (f":{fault.line}" if fault.line else "")
    return f"{place}: {fault.what}\n    = {say('cách sửa')}: {fault.mend}"


def _folder(project: Project) -> Path:
    return project.home / "templates"


def _shelf(project: Project) -> Path:
    return project.settings.data / "templates"


def _editions(project: Project) -> Editions:
    from notifications.editions import Editions

    return Editions(_shelf(project))
