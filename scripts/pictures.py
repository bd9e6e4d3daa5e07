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
from typing import Any, NamedTuple

import httpx
from PIL import Image, ImageChops
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.text import Text

README = Path(__file__).parents[1] / "README.md"
PICTURES = README.parent / "docs" / "pictures"
MOST = 200_000  # bytes of one picture
EXAMPLE = README.parent / "docs" / "examples" / "overdue_automation.py"
FONT = "Liberation Mono"  # alone: from a second one Chromium would take the marks of Vietnamese letters
_ADDRESS = re.compile(r"http://\S+/(?:(?P<place>[lt])/t1\.\S+|(?P<runs>runs))")


class Shot(NamedTuple):
    """A picture: what it shows, how wide the window is, how much of the page's height is kept at most, whether it is night."""

    name: str
    of: str
    width: int
    height: int
    dark: bool = False


SHOTS = (
    Shot("leader", "leader", 960, 1400),
    Shot("leader-phone", "leader", 390, 1200),
    Shot("letter", "letter", 720, 1000),
    Shot("letter-phone", "letter", 390, 640),
    Shot("letter-dark", "letter", 390, 640, dark=True),
    Shot("desk-phone", "desk", 390, 900),
    Shot("prefect", "runs", 1200, 1100),
    Shot("prefect-table", "table", 1200, 680),
    Shot("prefect-automation", "automations", 1200, 480),
)

#: What tells that a page of Prefect, made by scripts, is there.
SHOWN = {"runs": "aggregate", "table": "không thời hạn", "automations": "dondoc-overdue"}

#: The page ends before a heading, where one stands in its last quarter, else between two lines.
CUT = """most => {
    const top = each => each.getBoundingClientRect().top - 12;
    const heads = [...document.querySelectorAll('h2')].map(top).filter(y => y > most * 0.75 && y <= most);
    if (heads.length) return Math.max(...heads);
    const lines = [...document.querySelectorAll('svg, a')].map(each => each.getBoundingClientRect());
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), span = document.createRange();
    while (texts.nextNode()) {
        span.selectNodeContents(texts.currentNode);
        lines.push(...span.getClientRects());
    }
    let cut = most, torn;
    while ((torn = lines.find(line => line.top < cut && line.bottom > cut))) cut = Math.floor(torn.top) - 6;
    return cut;
}"""

#: Papers that stand beneath a leader's page, by the pages that are shown of them.
PAPERS = {"pdf": (1,), "docx": (1,), "xlsx": (1, 2)}

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
            pages |= {"letter": letter(folder / "mail", "bhxh@cairang.example").as_uri(), **prefect(pages["runs"])}
            for shot in SHOTS:
                print(take(browser, shot, pages[shot.of]))
            for form, numbers in PAPERS.items():
                print(printed(folder, form, numbers, f"{pages['leader']}/1/bao-cao.{form}"))
        for shown, typed in TYPED.items():
            print(terminal(browser, shown, folder, typed))
        browser.close()


@contextmanager
def played(folder: Path) -> Iterator[dict[str, str]]:
    """The demonstration after its last day, still serving; yields the addresses of the leader's page, an agency's desk, Prefect's runs."""
    demo = subprocess.Popen([sys.executable, "-m", "dondoc", "demo", "--dir", str(folder)], stdout=subprocess.PIPE, text=True)
    names = {"l": "leader", "t": "desk", "runs": "runs"}
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


def prefect(runs: str) -> dict[str, str]:
    """Install the automation of the docs; the addresses of Prefect's automations and of the last table."""
    server = runs.removesuffix("/runs")
    example = [sys.executable, str(EXAMPLE), "https://chat.example/hooks/don-doc"]
    subprocess.run(example, check=True, capture_output=True, env={**os.environ, "PREFECT_API_URL": f"{server}/api"})
    [last] = httpx.post(f"{server}/api/artifacts/filter", json={"limit": 1, "sort": "CREATED_DESC"}).json()
    return {"automations": f"{server}/automations", "table": f"{server}/artifacts/artifact/{last['id']}"}


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
        viewport={"width": shot.width, "height": shot.height}, locale="vi-VN", color_scheme="dark" if shot.dark else "light",
    )
    page.goto(address)
    if words := SHOWN.get(shot.of):
        page.get_by_text(words).first.wait_for(timeout=60_000)
        page.wait_for_load_state("networkidle")
    most: Any = page.evaluate("document.documentElement.scrollHeight")
    height = shot.height if words or most <= shot.height else page.evaluate(CUT, shot.height)
    height = min(height, most)
    path = PICTURES / f"{shot.name}.png"
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": shot.width, "height": height})
    page.close()
    return kept(path)


def printed(folder: Path, form: str, numbers: Sequence[int], address: str) -> str:
    """Pages of a paper, as Word's and Excel's readers see it, below each other."""
    made = folder / f"report.{form}"
    made.write_bytes(httpx.get(address, timeout=60).raise_for_status().content)
    if form != "pdf":
        office = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run([*office, str(made)], check=True, capture_output=True)
    whole, sheets = made.with_suffix(".pdf"), form == "xlsx"
    for number in numbers:
        page = ["pdftoppm", "-png", "-r", "110" if sheets else "80", "-f", str(number), "-singlefile"]
        subprocess.run([*page, str(whole), str(folder / f"page-{number}")], check=True)
    pages = [Image.open(folder / f"page-{number}.png").convert("RGB") for number in numbers]
    path = PICTURES / f"report-{form}.png"
    stacked([trimmed(page) for page in pages] if sheets else pages).save(path)
    return kept(path)


def trimmed(page: Image.Image) -> Image.Image:
    """What is written on a page, above its footer, with a little white around it."""
    upper = page.crop((0, 0, page.width, round(page.height * 0.9)))
    left, top, right, bottom = ImageChops.invert(upper).getbbox() or (0, 0, *upper.size)
    return upper.crop((max(0, left - 12), max(0, top - 12), right + 12, bottom + 12))


def stacked(pages: Sequence[Image.Image]) -> Image.Image:
    """Pages below each other."""
    whole = Image.new("RGB", (max(page.width for page in pages), sum(page.height for page in pages)), "white")
    for place, page in enumerate(pages):
        whole.paste(page, (0, sum(above.height for above in pages[:place])))
    return whole


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
    page.set_content(recorded.export_svg(title="dondoc").replace("Fira Code, monospace", FONT))
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
    """Fewer colours, the rare ones too, so that a README loads quickly. Raises SystemExit where a picture is still too large."""
    with Image.open(path) as picture:
        width, height = picture.size
        picture.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE).save(path, optimize=True)
    if (size := path.stat().st_size) >= MOST:
        raise SystemExit(f"{path.name} has {size} bytes, a picture has less than {MOST}")
    return f"{path.name}: {width} × {height}, {size // 1000} kB"


if __name__ == "__main__":
    main()
