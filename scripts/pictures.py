"""The gallery: the demonstration is played once, then its pages, letters and papers and what a terminal shows become pictures."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.text import Text

README = Path(__file__).parents[1] / "README.md"
PICTURES = README.parent / "docs" / "pictures"
MOST = 200_000  # bytes of one picture
_ADDRESS = re.compile(r"http://\S+/(?:(?P<place>[lt])/t1\.\S+|(?P<runs>runs))")


class Shot(NamedTuple):
    """A picture: what it shows, how wide the window is, how much of the page's height is kept, whether it is night."""

    name: str
    of: str
    width: int
    height: int
    dark: bool = False


SHOTS = (
    Shot("leader", "leader", 960, 1120),
    Shot("leader-phone", "leader", 390, 965),
    Shot("letter", "letter", 720, 957),
    Shot("letter-phone", "letter", 390, 576),
    Shot("letter-dark", "letter", 390, 576, dark=True),
    Shot("desk-phone", "desk", 390, 844),
    Shot("prefect", "prefect", 1200, 1100),
)

NUMBER, LAST = "898/UBND", ("--as-of", "30/9/2020")

#: Papers by the arguments that make them; the first page of each is kept, of a workbook the second, which lists the agencies.
PAPERS = {
    "report-pdf": ("report", NUMBER, *LAST, "--to", "pdf", "-o", "report.pdf"),
    "report-docx": ("report", NUMBER, *LAST, "--to", "docx", "-o", "report.docx"),
    "report-xlsx": ("report", NUMBER, *LAST, "--to", "xlsx", "-o", "report.xlsx"),
}

#: What a terminal shows, by the command that is typed; `sai.yaml` is the demonstration's paper with a slip.
TYPED = {
    "plan": ("plan", "directives/lang-quang.yaml"),
    "errors": ("check", "directives/sai.yaml"),
}
SLIPS = (("due: before 16/3/2026", "due: befor 16/3/2026"), ("lead: tram-y-te", "lead: tram-yte"))


def main() -> None:
    """Play, look, and say what was written."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dondoc-pictures-") as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        with played(folder) as pages:
            pages["letter"] = letter(folder / "mail", "bhxh@cairang.example").as_uri()
            for shot in SHOTS:
                print(take(browser, shot, pages[shot.of]))
            for paper, typed in PAPERS.items():
                print(printed(paper, folder, typed))
        for shown, typed in TYPED.items():
            print(terminal(browser, shown, folder, typed))
        browser.close()


@contextmanager
def played(folder: Path) -> Iterator[dict[str, str]]:
    """The demonstration after its last day, still serving; yields the addresses of the leader's page, an agency's desk, Prefect's runs."""
    demo = subprocess.Popen([sys.executable, "-m", "dondoc", "demo", "--dir", str(folder)], stdout=subprocess.PIPE, text=True)
    names = {"l": "leader", "t": "desk", "runs": "prefect"}
    found: dict[str, str] = {}
    try:
        assert demo.stdout is not None
        for line in demo.stdout:
            if address := _ADDRESS.search(line):
                found[names[address["place"] or address["runs"]]] = address[0]
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
    """Take one picture; returns its name and size."""
    page = browser.new_page(
        viewport={"width": shot.width, "height": 800}, locale="vi-VN", color_scheme="dark" if shot.dark else "light",
    )
    page.goto(address)
    if shot.of == "prefect":  # its pages are made by scripts
        page.get_by_text("tổng hợp").first.wait_for(timeout=60_000)
    height = min(shot.height, page.evaluate("document.documentElement.scrollHeight"))
    path = PICTURES / f"{shot.name}.png"
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": shot.width, "height": height})
    page.close()
    return kept(path)


def printed(name: str, folder: Path, typed: Sequence[str]) -> str:
    """The first page of a paper, as Word's and Excel's readers see it."""
    made = folder / typed[-1]
    dondoc(folder, *typed[:-1], str(made))
    if made.suffix != ".pdf":
        office = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run([*office, str(made)], check=True, capture_output=True)
    path, number = PICTURES / name, "2" if made.suffix == ".xlsx" else "1"
    page = ["pdftoppm", "-png", "-r", "64", "-f", number, "-singlefile", str(made.with_suffix(".pdf")), str(path)]
    subprocess.run(page, check=True)
    return kept(path.with_suffix(".png"))


def terminal(browser: Browser, name: str, folder: Path, typed: Sequence[str]) -> str:
    """What a command shows, in its colours; the papers are those of README.md."""
    paper = re.search(r"```yaml\n(directive: 15/UBND-VX.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert paper is not None
    right = wrong = paper[1]
    for said, slip in SLIPS:
        wrong = wrong.replace(said, slip, 1)
    for file, text in (("lang-quang", right), ("sai", wrong)):
        (folder / "directives" / f"{file}.yaml").write_text(text, encoding="utf-8")
    recorded = Console(record=True, width=100, file=StringIO())
    recorded.print(Text("$ ", "bold green").append(f"dondoc {' '.join(typed)}", "bold"))
    recorded.print(Text.from_ansi(dondoc(folder, *typed)))
    page = browser.new_page(viewport={"width": 1000, "height": 400})
    page.set_content(recorded.export_svg(title="dondoc"))
    page.locator("svg").first.screenshot(path=PICTURES / f"{name}.png")
    page.close()
    return kept(PICTURES / f"{name}.png")


def dondoc(folder: Path, *typed: str) -> str:
    """What a command says, with colours; findings are an end like another."""
    run, wide = [sys.executable, "-m", "dondoc", *typed], {"FORCE_COLOR": "1", "COLUMNS": "100"}
    done = subprocess.run(run, check=False, capture_output=True, text=True, cwd=folder, env={**os.environ, **wide})
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return (done.stdout + done.stderr).replace(f"{folder}/", "")


def kept(path: Path) -> str:
    """Fewer colours, so that a README loads quickly. Raises SystemExit where a picture is still too large."""
    with Image.open(path) as picture:
        width, height = picture.size
        picture.convert("RGB").quantize(64).save(path, optimize=True)
    if (size := path.stat().st_size) >= MOST:
        raise SystemExit(f"{path.name} has {size} bytes, a picture has less than {MOST}")
    return f"{path.name}: {width} × {height}, {size // 1000} kB"


if __name__ == "__main__":
    main()
