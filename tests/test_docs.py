"""What a newcomer reads is true: examples are run, links lead somewhere, settings, commands, tests and files exist."""

from __future__ import annotations

import importlib.util
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config.settings import Settings
from dondoc.main import COMMANDS
from dondoc.settings import PREFIX, example
from dondoc.speech import speak
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal
from tests.reader import ROOT, Block, Page, spans

dondoc = command_line.dondoc
PAGES = sorted(
    str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md"))
)
TWINS = ("README.md", "README.vi.md")
EXAMPLE = "directives/lang-quang.yaml"


def run(block: Block, dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each command of a block; where the page shows what it prints, that is what it prints."""
    for command, shown in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
        printed = _ended(shlex.split(command), dondoc, monkeypatch)
        if shown.strip():
            assert _lines(printed) == _lines(shown), command


def _ended(words: list[str], dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a command that ends well prints: its data, or its talk where it has no data."""
    with monkeypatch.context() as patch:
        while "=" in words[0]:
            patch.setenv(*words.pop(0).split("=", 1))
        if words[0] == "python":
            return subprocess.run([sys.executable, *words[1:]], check=True, capture_output=True, text=True).stdout
        assert words[0] == "dondoc"
        ended = dondoc(*words[1:])
    assert ended.code == 0, (words, ended.err)
    return ended.out or ended.err


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


# What is shown

@pytest.mark.parametrize("name", TWINS)
def test_the_example_of_thirty_lines_is_checked_and_planned_as_shown(
    name: str, dondoc: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(name)
    [file] = page.blocks("yaml")
    assert len(file.text.splitlines()) == 30
    dondoc.write(EXAMPLE, file.text)
    assert dondoc("check", EXAMPLE).code == 0
    [block] = [block for block in page.blocks("console") if block.runs]
    assert f"plan {EXAMPLE}\n" in block.text
    run(block, dondoc, monkeypatch)


@pytest.mark.parametrize("number", range(len([block for block in Page("docs/operations.md").blocks("console") if block.runs])))
def test_what_operators_are_told_to_type_does_what_is_shown(number: int, dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    run([block for block in Page("docs/operations.md").blocks("console") if block.runs][number], dondoc, monkeypatch)


def test_an_address_is_taken_over_by_applying_again(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    dondoc.change("config/agencies/don-vi.yaml", "thondong@xa.example", "moi@xa.example")
    assert dondoc("apply", SAMPLE).code == 0
    assert "<moi@xa.example>" in dondoc("mail", "preview", NUMBER, "thon-dong").out


def test_what_a_project_stores_is_for_its_owner_alone(dondoc: Terminal) -> None:
    dondoc("apply", SAMPLE, "--yes")
    dondoc("link", "thon-dong")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (dondoc.home / ".dondoc").iterdir()}
    assert {"ledger.sqlite", "keys"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((dondoc.home / ".dondoc").stat().st_mode) == 0o700


def test_the_demonstration_is_as_large_as_the_readmes_say(dondoc: Terminal) -> None:
    seed = str(ROOT / "directives" / "2020-cai-rang-898-ubnd.yaml")
    assert "17 duties to 30 agencies" in dondoc("--home", str(ROOT), "--lang", "en", "plan", seed).out
    assert "17 duties for 30 agencies" in Page("README.md").text
    assert "17 nhiệm vụ giao cho 30 đơn vị" in Page("README.vi.md").text


# What is named

@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = Page(name)
    for link in page.links():
        target, _, anchor = link.partition("#")
        assert "://" not in target, "our pages need nobody else's"
        path = (page.path.parent / target).resolve() if target else page.path
        assert path.exists(), link
        assert not anchor or anchor in Page(str(path.relative_to(ROOT))).anchors(), link


@pytest.mark.parametrize("name", PAGES)
def test_commands_and_targets_exist(name: str) -> None:
    code = Page(name).code()
    known = {command.name for commands in COMMANDS.values() for command in commands}
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:^|bin/|\$ |&& |#.*)dondoc ([a-z]+)(?= |$)", code, re.MULTILINE)) <= known
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= set(targets)


@pytest.mark.parametrize("name", PAGES)
def test_named_tests_and_modules_exist(name: str) -> None:
    words = Page(name).code().split()
    tests = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/test_*.py"))
    assert [word for word in words if word.startswith("test_") and f"def {word}(" not in tests] == []
    assert [word for word in words if re.fullmatch(r"[a-z]+/[\w/]+\.py", word) and not (ROOT / word).exists()] == []


def test_every_setting_is_explained_with_its_default() -> None:
    rows = {spans(row[0])[0]: row[1].strip("`") for row in Page("docs/operations.md").table("setting")}
    del rows[f"{PREFIX}HOME"]  # found, not given
    fields = {name: field.default for name, field in Settings.model_fields.items() if name != "home"}
    assert rows == {f"{PREFIX}{name.upper()}": "" if default in (None, ()) else str(default) for name, default in fields.items()}


def test_the_example_of_settings_is_the_one_that_init_writes() -> None:
    speak("vi")
    assert (ROOT / "config" / "example.env").read_text(encoding="utf-8") == example(), "copy the .env.example that `dondoc init` writes"


def test_the_twin_readmes_have_the_same_parts() -> None:
    english, vietnamese = (Page(name) for name in TWINS)
    assert [depth for depth, _ in english.headings()] == [depth for depth, _ in vietnamese.headings()]
    assert english.blocks("yaml") == vietnamese.blocks("yaml")
    assert _typed(english) == _typed(vietnamese)
    pictures = [[link for link in page.links() if link.endswith(".png")] for page in (english, vietnamese)]
    assert pictures[0] == pictures[1] != []


def _typed(page: Page) -> list[str]:
    """Every command of a page without its comment and its language."""
    lines = [line for block in page.blocks("sh") for line in block.text.splitlines()]
    shown = [line for block in page.blocks("console") for line in block.text.splitlines()]
    lines += [line.removeprefix("$ ").replace("--lang en ", "") for line in shown if line.startswith("$ ")]
    return [line.partition("#")[0].strip() for line in lines]


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/pictures/*.png")), ids=lambda path: path.name)
def test_pictures_are_small(path: Path) -> None:
    assert path.stat().st_size < 200_000


def test_decisions_are_short() -> None:
    assert {len(Page(name).text.splitlines()) <= 30 for name in PAGES if "decisions" in name} == {True}


# What is deployed

def test_prefects_own_file_registers_the_flows_that_deploy_registers() -> None:
    from prefect.cli.deploy._models import PrefectYamlModel

    from flows.deployments import BEATS, POOL

    said = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    assert len(PrefectYamlModel.model_validate(said).deployments) == len(BEATS)
    zone = Settings.model_fields["zone"].default
    assert {each["entrypoint"]: (each["name"], each["work_pool"]["name"], each.get("schedules")) for each in said["deployments"]} == {
        f"{flow.fn.__module__}.{flow.fn.__name__}": ("dondoc", POOL, [{"cron": beat, "timezone": zone}] if beat else None)
        for flow, beat in BEATS
    }
    assert said["pull"] == []


def test_the_schedules_are_those_that_operations_lists() -> None:
    from flows.deployments import BEATS

    listed = {spans(row[0])[0]: next(iter(spans(row[1])), None) for row in Page("docs/operations.md").table("flow")}
    assert listed == {flow.name: beat for flow, beat in BEATS}


def test_containers_run_commands_that_exist_with_settings_that_exist() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    commands = {name: service["command"] for name, service in services.items() if "command" in service}
    assert {name: words[:3] for name, words in commands.items()} == {
        "prefect": ["prefect", "server", "start"], "deploy": ["dondoc", "deploy"], "worker": ["prefect", "worker", "start"],
        "web": ["python", "-P", "-m"],
    }
    assert importlib.util.find_spec(commands["web"][-1])
    given = {name for service in services.values() for name in service["environment"]}
    assert {name.removeprefix(PREFIX).lower() for name in given if name.startswith(PREFIX)} <= set(Settings.model_fields)
    assert {need for service in services.values() for need in service.get("depends_on", ())} <= set(services)


def test_the_image_installs_what_is_locked_from_files_that_are_there() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    steps = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    assert {step[0] for step in steps} <= {"FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "CMD"}
    assert any(step[-3:] == ["--require-hashes", "--requirement", "requirements.lock"] for step in steps)
    assert all((ROOT / source).exists() for step in steps if step[0] == "COPY" for source in step[1:-1])
