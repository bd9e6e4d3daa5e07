"""The command line as a whole: help, exit codes, languages, what a command may load, and that bad input never ends in a traceback."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from config.sealing import CHANGED
from config.settings import Settings
from dondoc import settings, speech
from dondoc.main import COMMANDS
from notifications import delivery, mailbox, relay
from tests import command_line
from tests.command_line import NUMBER, SAMPLE, Terminal

dondoc = command_line.dondoc

ROOT = Path(__file__).parent.parent
AWAY = "postgresql+psycopg://u:geheim@127.0.0.1:1/x"
MAIL = ("mail", "test", "a@b.example")
HEAVY = {"prefect", "sqlalchemy", "alembic", "starlette", "uvicorn", "jinja2", "aiosmtpd"}

_LOADED = """
import json, sys
from config.clock import WallClock
from dondoc.main import main
try:
    code = main(sys.argv[1:], WallClock())
except SystemExit as ended:
    code = ended.code
sys.stderr.write("\\n" + json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules} | set(sys.modules))]))
"""


def loaded(*tokens: str) -> set[str]:
    """Every module that a command loads in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _LOADED, *tokens], cwd=ROOT, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    return set(modules)


def test_help_reads_neither_the_language_nor_the_settings() -> None:
    assert not loaded("--help") & (HEAVY | {"pydantic", "pydantic_settings", "holidays", "directives.language.shapes"})


def test_check_loads_no_ledger_no_flows_and_no_settings() -> None:
    assert not loaded("check", "directives/2023-my-tu-609-pgddt.yaml") & (HEAVY | {"pydantic_settings", "aiosmtplib"})


def test_plan_loads_no_ledger_and_no_flows() -> None:
    assert not loaded("plan", "directives/2023-my-tu-609-pgddt.yaml") & (HEAVY - {"jinja2"})


@pytest.mark.parametrize("command", [command for of in COMMANDS.values() for command in of], ids=lambda command: command.name)
def test_every_command_is_where_the_table_says(command: object) -> None:
    module, _, name = command.function.partition(":")  # type: ignore[attr-defined]
    assert callable(getattr(import_module(f"dondoc.{module}"), name))


@pytest.mark.parametrize(("tokens", "code"), [
    pytest.param(("--help",), 0, id="help"),
    pytest.param(("--version",), 0, id="version"),
    pytest.param(("check", SAMPLE), 0, id="a directive without errors"),
    pytest.param(("check", "directives/bad.yaml"), 1, id="a directive with errors"),
    pytest.param(("check", "nowhere.yaml"), 1, id="a file that is not there is a finding"),
    pytest.param(("check", "empty"), 2, id="a folder without directives"),
    pytest.param(("check", "--format", "xml"), 2, id="a form that is not known"),
    pytest.param(("plan", SAMPLE), 0, id="a plan"),
    pytest.param(("plan", "directives/bad.yaml"), 1, id="a plan of a faulty file"),
    pytest.param(("plan", "config/agencies/don-vi.yaml"), 2, id="a plan of a directory"),
    pytest.param(("plan",), 2, id="a plan of nothing"),
    pytest.param(("plan", SAMPLE, "--as-of", "31/2/2026"), 2, id="a day that cannot be"),
    pytest.param(("apply", SAMPLE), 2, id="an issue to which nobody agrees"),
    pytest.param(("status",), 1, id="the state of nothing issued"),
    pytest.param(("chekc",), 2, id="a command that is not known"),
    pytest.param(("mail", "tset"), 2, id="a subcommand that is not known"),
    pytest.param(("check", "--fromat", "json"), 2, id="an option that is not known"),
    pytest.param(("mail", "test", "no address"), 2, id="an address that is none"),
    pytest.param(("mail", "test", "a@b.example"), 75, id="a mail server that is away"),
    pytest.param(("doctor",), 1, id="a doctor who finds something wrong"),
    pytest.param(("db", "check"), 1, id="a ledger that is not there"),
])
def test_exit_codes(dondoc: Terminal, tokens: tuple[str, ...], code: int) -> None:
    dondoc.write(".env", "DONDOC_SMTP_PORT=1\nDONDOC_SMTP_TLS=plain\n")
    dondoc.write("directives/bad.yaml", "agencies: don-vi\ntitle: Thử\nissuer: ubnd-xa\nduties:\n  1: { do: Làm, lead: thonn }\n")
    (dondoc.home / "empty").mkdir()
    assert dondoc(*tokens).code == code


@pytest.mark.parametrize(("tokens", "said"), [
    pytest.param(("chekc",), "có phải check?", id="a command"),
    pytest.param(("mail", "tset"), "có phải test?", id="a subcommand"),
    pytest.param(("check", "--fromat", "json"), "có phải --format?", id="an option"),
    pytest.param(("check", "--format", "xml"), "Dùng được: human, json, github, sarif", id="a choice"),
    pytest.param(("plan", SAMPLE, "--as-of", "31/2/2026"), "tháng 2/2026 chỉ có 28 ngày", id="a day"),
    pytest.param(("plan", SAMPLE, "--as-of"), "thiếu --as-of", id="a value that lacks"),
    pytest.param(("plan", SAMPLE, "more"), "thừa: more", id="a word too many"),
])
def test_a_wrong_command_line_is_answered_in_vietnamese_with_advice(dondoc: Terminal, tokens: tuple[str, ...], said: str) -> None:
    ended = dondoc(*tokens)
    assert said in ended.err
    assert ended.err.startswith("lỗi: ")
    assert "xem: dondoc" in ended.err
    assert not ended.out


@pytest.mark.parametrize(("broken", "tokens", "code", "said"), [
    pytest.param({"dondoc.toml": "lang ="}, ("plan", SAMPLE), 2, "không đọc được cài đặt", id="TOML that is none"),
    pytest.param({".env": "DONDOC_SMTP_PORT=thư"}, ("plan", SAMPLE), 2, "DONDOC_SMTP_PORT “thư”", id="a port that is a word"),
    pytest.param({".env": "DONDOC_TRUSTED_PROXIES=máy"}, ("plan", SAMPLE), 2, "không đọc được cài đặt", id="a list that is none"),
    pytest.param({"config/calendar.yaml": "off: [32/1/2026]"}, ("check",), 1, "không có ngày '32/1/2026'", id="a day that cannot be off"),
    pytest.param({".env": "DONDOC_DATABASE=sổ"}, ("status",), 2, "địa chỉ cơ sở dữ liệu", id="a database that is no address"),
    pytest.param({".env": f"DONDOC_DATABASE={AWAY}"}, ("status",), 75, "không mở được sổ", id="a database that is away"),
    pytest.param({".dondoc/ledger.sqlite": "không phải sổ " * 100}, ("status",), 1, "không phải là một sổ", id="a ledger that is a text"),
    pytest.param({".env": "DONDOC_SMTP_HOST=thu.example\nDONDOC_SMTP_TLS=plain"}, MAIL, 2, "không mã hóa", id="mail in the clear"),
    pytest.param({".env": "DONDOC_SMTP_PASSWORD_FILE=không-có"}, MAIL, 2, "không-có", id="a password file that lacks"),
    pytest.param({".env": "DONDOC_ZONE=Hà Nội"}, ("plan", SAMPLE), 2, "múi giờ", id="a zone that is none"),
    pytest.param({".env": "DONDOC_BASE_URL="}, ("plan", SAMPLE), 2, "địa chỉ đầy đủ", id="links that lead nowhere"),
    pytest.param({".env": "DONDOC_OPENS=18:00"}, ("plan", SAMPLE), 2, "phải sau giờ", id="an office that closes before it opens"),
    pytest.param({".env": "DONDOC_BEFORE_MEANS=99999999999"}, ("plan", SAMPLE), 2, "DONDOC_BEFORE_MEANS", id="before by ages"),
])
def test_what_is_broken_is_named_and_no_traceback_is_shown(
    dondoc: Terminal, broken: dict[str, str], tokens: tuple[str, ...], code: int, said: str
) -> None:
    for name, text in broken.items():
        dondoc.write(name, text)
    ended = dondoc(*tokens)
    assert (ended.code, said in " ".join(ended.err.split())) == (code, True), ended
    assert "Traceback" not in ended.err
    assert "geheim" not in ended.err


def test_the_program_speaks_english_where_it_is_asked_to(dondoc: Terminal) -> None:
    ended = dondoc("--lang", "en", "plan", SAMPLE)
    assert "Further letters if nobody answers:" in ended.out
    assert "3 working days left (due 16/03)" in ended.out
    assert dondoc("plan", SAMPLE, "--lang=en").out == ended.out


@pytest.mark.parametrize("source", ["environment", "project"])
def test_the_language_may_be_the_environments_or_the_projects(dondoc: Terminal, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    if source == "environment":
        monkeypatch.setenv("DONDOC_LANG", "en")
    else:
        dondoc.change("dondoc.toml", 'lang = "vi"', 'lang = "en"')
    assert dondoc("chekc").err.startswith("error: there is no command “chekc”")


def test_the_project_is_found_from_a_folder_inside_it(dondoc: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(dondoc.home / "directives")
    assert dondoc("plan", "van-ban-mau.yaml").code == 0
    assert dondoc("check").err == "2 tệp đọc được, không có lỗi.\n"


def test_another_project_is_named_by_a_flag_before_or_after_the_command(
    dondoc: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DONDOC_HOME", raising=False)
    file = str(dondoc.home / SAMPLE)
    assert dondoc("plan", file).code == 1
    monkeypatch.delenv("DONDOC_HOME", raising=False)
    assert dondoc("--home", str(dondoc.home), "plan", file).code == 0
    monkeypatch.delenv("DONDOC_HOME", raising=False)
    assert dondoc("plan", file, "--home", str(dondoc.home)).code == 0


def test_data_goes_to_the_output_and_talk_beside_it(dondoc: Terminal) -> None:
    ended = dondoc("plan", SAMPLE)
    assert NUMBER in ended.out
    assert "dondoc apply" in ended.err
    assert "dondoc apply" not in ended.out
    assert "\x1b" not in ended.out


def test_a_pipe_that_closes_early_is_no_mistake(dondoc: Terminal) -> None:
    line = f'"{sys.executable}" -m dondoc plan {SAMPLE} --all --home "{dondoc.home}" | head -1; echo ${{PIPESTATUS[0]}}'
    env = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", line], cwd=dondoc.home, capture_output=True, text=True, check=True, env=env)
    assert done.stdout.splitlines()[-1] == "0"
    assert "Traceback" not in done.stderr


# English

SENTENCES = {"say", "marked", "option", "day_option", "table", "cells_table", "_heading"}
VIETNAMESE = re.compile(r"[À-ỹĐđ]")
NOT_SAID = re.compile(r"\(còn\|quá hạn\)|^(còn|quá hạn|trước ngày|đến ngày .*)$|^── |^•+$|^…$")


def said_in(path: Path) -> Iterator[str]:
    """Every sentence of a module that people may read: the arguments of `say` and its kin, and all other Vietnamese text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SENTENCES:
            given = node.args if "table" in node.func.id else node.args[:1]
            yield from (str(arg.value) for arg in given if isinstance(arg, ast.Constant) and arg.value)
        if isinstance(node, ast.Constant) and id(node) not in inside | docs and VIETNAMESE.search(str(node.value)):
            yield str(node.value)


SAYING = (
    "tasks/ledger/audit.py", "tasks/ledger/replaying.py", "tasks/replay.py", "notifications/relay.py", "notifications/profiles.py",
    "notifications/delivery.py", "notifications/mailbox.py",
    "notifications/channels/outside.py",
)
OURS = [*(ROOT / "dondoc").glob("*.py"), *(ROOT / name for name in SAYING)]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_every_sentence_has_its_english(path: Path) -> None:
    lacking = {sentence for sentence in said_in(path) if sentence not in speech.english() and not NOT_SAID.search(sentence)}
    assert not lacking


def test_english_has_no_sentence_that_nobody_says() -> None:
    said = {sentence for path in OURS for sentence in said_in(path)} | set(CHANGED.values())
    rhythms = {f"mỗi {unit}" for unit in ("ngày", "tuần", "tháng", "quý", "6 tháng", "năm")} | {"định kỳ"}
    assert not set(speech.english()) - said - rhythms


def test_both_languages_name_the_same_facts() -> None:
    def facts(sentence: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name}

    for vietnamese, forms in speech.english().items():
        assert all(facts(form) == facts(vietnamese) for form in forms), vietnamese


@pytest.mark.parametrize(("words", "said"), [
    (relay.UNREACHED.format(host="thu.xa.example", why="từ chối (111)"), "thu.xa.example cannot be reached: từ chối (111)"),
    (relay.SLOW.format(host="thu.xa.example"), "thu.xa.example answers too slowly"),
    (delivery.REFUSED.format(n=20, said="554 no"), "20 letters in a row were refused, the last one: 554 no"),
    (delivery.SPENT.format(host="a", n=10_000), "a has had its 10000 letters of 24 hours; the rest leave as turns come free"),
    (mailbox.AWAY.format(host="a", why="b\nc"), "the mailbox at a cannot be read: b\nc"), ("điều không ai dịch", "điều không ai dịch"),
])
def test_what_was_written_down_in_vietnamese_is_said_in_english_too(words: str, said: str) -> None:
    speech.speak("en")
    in_english = speech.say_again(words)
    speech.speak("vi")
    assert (speech.say_again(words), in_english) == (words, said)


def test_every_setting_is_explained() -> None:
    assert all(settings.meaning(name) for name in Settings.model_fields)
