"""A project kept in git is checked by its hook and on GitHub by the same command, whose findings have the shapes that GitHub reads."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from directives.language import advice
from directives.language.calendar import Calendar
from directives.language.findings import Finding
from directives.language.reading import read
from directives.language.sarif import sarif
from tests import command_line
from tests.command_line import SAMPLE, Terminal
from tests.reader import ROOT, Page

dondoc = command_line.dondoc
BAD = ROOT / "tests" / "bad"
FEW = ("nine-mistakes-at-once", "number-of-a-clause-twice", "warned-recipients-without-mail", "percentage-over-100")


@pytest.fixture
def hook() -> Any:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return hook


@pytest.fixture
def action() -> Any:
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def found(name: str) -> tuple[Finding, ...]:
    """What is said of a bad file, under a path as git knows it."""
    findings = read([BAD / f"{name}.yaml"], BAD / "agencies", Calendar()).findings
    return tuple(replace(each, path=Path("directives/công văn.yaml")) for each in findings)


# The hook


def test_the_hook_is_given_directives_and_directories_and_nothing_else(hook: Any) -> None:
    given = re.compile(hook["files"]).search
    assert all(map(given, ("directives/898.yaml", "van-phong/directives/898.yml", "config/agencies/quan.yaml")))
    assert not any(map(given, ("config/calendar.yaml", "directives/phu-luc.csv", "directives/cu/898.yaml", "compose.yaml")))


def test_the_hook_checks_the_files_that_are_committed(hook: Any, dondoc: Terminal) -> None:
    words = shlex.split(hook["entry"])
    assert words.pop(0) == "dondoc"
    files = [SAMPLE, "config/agencies/don-vi.yaml"]
    ended = dondoc(*words, *files)
    assert (ended.code, ended.out) == (0, "")
    dondoc.change(SAMPLE, "lead: thon\n", "lead: thonn\n")
    ended = dondoc(*words, *files)
    assert ended.code == 1
    assert ended.out.startswith(f"::error file={SAMPLE},line=")
    assert "title=D061::" in ended.out


def test_the_pages_show_the_hook_by_its_name(hook: Any) -> None:
    assert shown("pre-commit")["repos"][0]["hooks"] == [{"id": hook["id"]}]


# The action


def shown(kind: str) -> Any:
    """The only block of this kind on the page for operators."""
    [text] = re.findall(rf"^```yaml {kind}\n(.*?)^```$", Page("docs/operations.md").text, re.MULTILINE | re.DOTALL)
    return yaml.safe_load(text)


def test_the_workflow_of_the_pages_uses_the_action_with_inputs_that_it_has(action: Any) -> None:
    [step] = [step for step in shown("workflow")["jobs"]["check"]["steps"] if "dondoc" in step["uses"]]
    assert set(step["with"]) <= set(action["inputs"])


def test_every_step_of_the_action_has_what_github_asks_for(action: Any) -> None:
    assert {"name", "description", "inputs", "runs"} <= set(action)
    assert action["runs"]["using"] == "composite"
    assert all(each["description"] and "default" in each for each in action["inputs"].values())
    for step in action["runs"]["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert "run" not in step or step["shell"] == "bash"
        assert "${{" not in step.get("run", ""), "what others write comes as environment, not as program text"
        names = re.findall(r"inputs\.([\w-]+)", json.dumps(step))
        assert set(names) <= set(action["inputs"])


@pytest.mark.parametrize(("paths", "code"), [
    pytest.param("", 1, id="all directives"),
    pytest.param("directives/van-ban-mau.yaml\n", 0, id="one"),
    pytest.param("directives/van-ban-mau.yaml\n\ndirectives/công văn sai.yaml\n", 1, id="one with spaces in its name"),
])
def test_the_steps_of_the_action_do_what_the_command_does(action: Any, dondoc: Terminal, paths: str, code: int) -> None:
    dondoc.write("directives/công văn sai.yaml", "title: Thử\nissuer: ubnd-xa\nduties:\n  1: { lead: thonn, do: Làm }\n")
    name = dondoc.home / "bin" / "dondoc"
    name.parent.mkdir()
    name.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dondoc "$@"\n')
    name.chmod(0o755)
    given = {
        "PATH": f"{name.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "PATHS": paths, "SARIF": "dondoc.sarif",
        "DOCS": "https://git.example/dondoc/docs/errors.md",
    }
    writes, checks = (step["run"] for step in action["runs"]["steps"] if "dondoc check" in step.get("run", ""))
    subprocess.run(["bash", "-e", "-c", writes], cwd=dondoc.home, env=given, check=True)
    done = subprocess.run(["bash", "-e", "-c", checks], cwd=dondoc.home, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    results = json.loads((dondoc.home / "dondoc.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert len(done.stdout.splitlines()) == len(results) == code


# The shapes


@pytest.mark.parametrize("name", FEW)
def test_programs_and_github_are_told_the_same_as_people(name: str) -> None:
    findings = found(name)
    plain = json.loads(advice.machine(findings))["findings"]
    marks = advice.github(findings).splitlines()
    for each, said, mark in zip(findings, plain, marks, strict=True):
        assert (said["code"], said["level"], said["message"], said["hint"]) == (each.code, each.level, each.message, each.hint or None)
        assert (said["line"], said["column"], said["end_column"]) == (each.line, each.column, each.end_column)
        place = f"file=directives/công văn.yaml,line={each.line},col={each.column},endColumn={each.end_column},title={each.code}"
        assert mark.startswith(f"::{each.level} {place}::{each.message.replace('%', '%25')}")


@pytest.mark.parametrize("name", FEW)
def test_code_scanning_finds_in_each_result_what_it_needs(name: str) -> None:
    """The properties that GitHub's page on SARIF names as required, and those that it shows."""
    findings = found(name)
    said = json.loads(sarif(findings, page="https://git.example/dondoc/docs/errors.md"))
    assert (said["version"], said["$schema"][:8]) == ("2.1.0", "https://")
    [run] = said["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({each.code for each in findings})
    for rule in rules:
        assert all(rule[word]["text"] for word in ("shortDescription", "fullDescription", "help"))
        assert "Đúng:" in rule["help"]["markdown"]
        assert urlsplit(rule["helpUri"]).fragment == rule["id"].lower()
    for result, each in zip(run["results"], findings, strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == each.code
        assert rules[result["ruleIndex"]]["defaultConfiguration"]["level"] == result["level"] == each.level
        assert place["artifactLocation"]["uri"] == "directives/c%C3%B4ng%20v%C4%83n.yaml"
        assert place["region"] == {
            "startLine": each.line, "endLine": each.line, "startColumn": each.column, "endColumn": each.end_column,
        }
        assert result["message"]["text"].startswith(each.message)


def test_a_rule_has_no_link_where_nobody_says_where_the_page_is() -> None:
    [rule] = json.loads(sarif(found("percentage-over-100")))["runs"][0]["tool"]["driver"]["rules"]
    assert "helpUri" not in rule


def test_a_page_is_looked_at_by_its_heading() -> None:
    assert {each.code.lower() for name in FEW for each in found(name)} <= Page("docs/errors.md").anchors()
