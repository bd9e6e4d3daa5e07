"""The pictures of the READMEs: the demonstration is played once, then Chromium looks at its pages and at one of its letters."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
MOST = 200_000  # bytes of one picture
_ADDRESS = re.compile(r"http://\S+/(?P<place>[lt])/t1\.\S+")


class Shot(NamedTuple):
    """A picture: what it shows, how wide the window is, how much of the page's height is kept."""

    name: str
    of: str
    width: int
    height: int


SHOTS = (
    Shot("leader", "leader", 960, 1120),
    Shot("leader-phone", "leader", 390, 965),
    Shot("letter", "letter", 720, 957),
    Shot("letter-phone", "letter", 390, 576),
    Shot("desk-phone", "desk", 390, 844),
)


def main() -> None:
    """Play, look, and say what was written."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dondoc-pictures-") as folder, played(Path(folder)) as pages, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        pages["letter"] = letter(Path(folder) / "mail", "bhxh@cairang.example").as_uri()
        for shot in SHOTS:
            print(f"{take(browser, shot, pages[shot.of])}")
        browser.close()


@contextmanager
def played(folder: Path) -> Iterator[dict[str, str]]:
    """The demonstration after its last day, still serving; yields the addresses of the leader's page and of an agency's desk."""
    demo = subprocess.Popen([sys.executable, "-m", "dondoc", "demo", "--dir", str(folder)], stdout=subprocess.PIPE, text=True)
    names = {"l": "leader", "t": "desk"}
    found: dict[str, str] = {}
    try:
        assert demo.stdout is not None
        for line in demo.stdout:
            if address := _ADDRESS.search(line):
                found[names[address["place"]]] = address[0]
            if len(found) == len(names):
                break
        else:
            raise SystemExit(f"the demonstration ended with {demo.wait()} and named no pages")
        yield found
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate()


def letter(mail: Path, to: str) -> Path:
    """The HTML twin of the first letter to an address, as a file beside it."""
    first = min(mail.glob(f"*-{to}.eml"))
    body = message_from_bytes(first.read_bytes(), policy=policy.default).get_body(("html",))
    assert body is not None
    page = first.with_suffix(".html")
    page.write_text(body.get_content(), encoding="utf-8")
    return page


def take(browser: Browser, shot: Shot, address: str) -> str:
    """Take one picture; returns its name and size. Raises SystemExit where it is too large for a README."""
    page = browser.new_page(viewport={"width": shot.width, "height": 800}, locale="vi-VN")
    page.goto(address)
    height = min(shot.height, page.evaluate("document.documentElement.scrollHeight"))
    path = PICTURES / f"{shot.name}.png"
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": shot.width, "height": height})
    page.close()
    if (size := path.stat().st_size) >= MOST:
        raise SystemExit(f"{path.name} has {size} bytes, a picture has less than {MOST}")
    return f"{path.name}: {shot.width} × {height}, {size // 1000} kB"


if __name__ == "__main__":
    main()
