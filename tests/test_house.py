"""The house rules that no linter sees: what modules open with, how long they are, where the clock is, what must not be in here."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

from tests.reader import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
OURS = MODULES + sorted(path for folder in ("tests", "scripts", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
LONGEST = 250
#: Laid out once and never changed afterwards: a migration is as long as its tables.
FROZEN = ROOT / "tasks" / "migrations" / "versions"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def tracked() -> list[Path]:
    """The repository's files, whether committed or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_every_module_opens_with_a_sentence_that_says_what_it_knows() -> None:
    def is_sentence(path: Path) -> bool:
        first, _, _ = (ast.get_docstring(parsed(path)) or "").partition("\n\n")
        return first.endswith(".")

    assert named([path for path in OURS if path.stat().st_size and FROZEN not in path.parents and not is_sentence(path)]) == []


def test_no_module_of_the_packages_is_long() -> None:
    long = [path for path in MODULES if FROZEN not in path.parents and len(path.read_text(encoding="utf-8").splitlines()) > LONGEST]
    assert named(long) == []


def test_only_the_clock_asks_for_the_time() -> None:
    asking = re.compile(r"\b(?:datetime|date|time)\.(?:now|today|utcnow|time)\(")
    found = [path for path in MODULES if asking.search(path.read_text(encoding="utf-8"))]
    assert named(found) == ["config/clock.py"]


def test_every_package_has_its_place_in_the_layers() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    placed = [name for layer in layers for name in re.findall(r"\w+", layer)]
    folders = [path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "benchmarks")]
    assert sorted(placed) == sorted(PACKAGES) == sorted(folders) == sorted(PROJECT["tool"]["importlinter"]["root_packages"])


def test_nobody_imports_smtplib() -> None:
    def imports(path: Path) -> set[str]:
        nodes = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Import | ast.ImportFrom)]
        return {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names} | {
            node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)
        }

    assert named([path for path in OURS if "smtplib" in imports(path)]) == []


def test_the_lock_names_no_host() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 1000
    assert [line for line in lines if "://" in line or "index-url" in line] == []


def test_the_editors_server_is_pinned_by_its_bytes_and_names_no_host() -> None:
    text = (ROOT / "scripts" / "node" / "package-lock.json").read_text(encoding="utf-8")
    packages = [said for name, said in json.loads(text)["packages"].items() if name]
    assert len(packages) > 10
    assert all(said["integrity"].startswith("sha512-") for said in packages)
    assert "://" not in text


def test_no_file_knows_the_machine_that_it_was_written_on() -> None:
    machine = re.compile("|".join(rf"(?<![\w.~-])/{folder}/" for folder in ("work", "root", "home/[a-z]+")).encode())
    files = [path for path in tracked() if path.suffix not in (".png", ".lock")]
    assert len(files) > 200
    assert named([path for path in files if machine.search(path.read_bytes()) and path.name not in ("Dockerfile", "test_house.py")]) == []


def test_the_program_runs_from_a_folder_with_modules_of_the_same_names(tmp_path: Path) -> None:
    def dondoc(*tokens: str) -> int:
        given = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
        program = Path(sys.executable).with_name("dondoc")
        return subprocess.run([program, *tokens], cwd=tmp_path, env=given, capture_output=True, check=False).returncode

    for name in PACKAGES:
        (tmp_path / f"{name}.py").write_text("raise SystemExit(99)\n", encoding="utf-8")
    assert [dondoc("init"), dondoc("apply", "directives/van-ban-mau.yaml", "--yes"), dondoc("db", "check")] == [0, 0, 0]
