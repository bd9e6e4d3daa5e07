"""The flows on a real Prefect: what they do, what the UI shows of them, and that running one again changes nothing."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from config.office import Office
from config.sealing import BrokenPlanError, promised
from dondoc.demo.stage import free_port, project
from notifications.sink import Sink
from tests.prefect_server import server
from tests.sample import at

FILE = "directives/2020-cai-rang-898-ubnd.yaml"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project, a Prefect and a mail sink for all claims of this file."""
    folder = tmp_path_factory.mktemp("flows")
    settings = project(folder, free_port(), free_port())
    with Sink(folder / "mail") as sink, server(settings.data, settings.prefect_port):
        os.environ |= {"DONDOC_HOME": str(folder), "DONDOC_SMTP_PORT": str(sink.port)}
        yield folder
        office().close()
        del os.environ["DONDOC_HOME"], os.environ["DONDOC_SMTP_PORT"]


def office() -> Office:
    from flows import desk

    return desk.office()


def run(flow: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(flow)


def counts() -> dict[str, int]:
    with office().store.read() as db:
        tables = ("tasks", "notices", "notice_items", "events")
        return {name: db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}


def mails(home: Path) -> int:
    return len(list((home / "mail").glob("*.eml")))


@pytest.fixture(scope="module")
def played(home: Path) -> dict[str, Any]:
    """The issue, the morning of the first rung, the first report and a morning late: twice each."""
    from flows.aggregate import aggregate
    from flows.deliver import deliver
    from flows.escalate import escalate
    from flows.issue import issue
    from flows.poll import poll

    told: dict[str, Any] = {}
    told["issue"] = run(issue(FILE, as_of=at("2020-05-18", "09:00")))
    told["first"] = run(deliver(as_of=at("2020-05-18", "09:15")))
    told["first again"] = run(deliver(as_of=at("2020-05-18", "09:15")))
    told["escalate"] = run(escalate(as_of=at("2020-05-22", "07:30")))
    told["before"] = counts()
    told["escalate again"] = run(escalate(as_of=at("2020-05-22", "07:30")))
    told["issue again"] = run(issue(FILE, as_of=at("2020-05-22", "08:00")))
    told["poll"] = run(poll(as_of=at("2020-05-30", "09:00")))
    told["poll again"] = run(poll(as_of=at("2020-05-30", "09:00")))
    told["aggregate"] = run(aggregate(as_of=at("2020-06-01", "08:05")))
    told["aggregate again"] = run(aggregate(as_of=at("2020-06-01", "08:05")))
    return told


def test_an_issue_opens_tasks_and_its_letters_wait_out_the_recall_window(home: Path, played: dict[str, Any]) -> None:
    assert played["issue"]["tasks"] > 50
    assert played["issue"]["letters"] == played["first"]["sent"] == 30


def test_every_flow_run_twice_is_run_once(played: dict[str, Any]) -> None:
    assert played["first again"]["sent"] == 0
    assert played["escalate"]["letters"] > 0
    assert played["escalate again"] == {"tasks": 0, "items": 0, "letters": 0}
    assert (played["issue again"]["tasks"], played["issue again"]["letters"]) == (0, 0)
    assert (played["poll"]["opened"], played["poll again"]["opened"]) == (1, 0)
    assert (played["aggregate"]["letters"], played["aggregate again"]["letters"]) == (3, 0)  # two of 25/5, one of the Monday


def test_what_was_queued_has_been_sent(home: Path, played: dict[str, Any]) -> None:
    sent = played["first"]["sent"] + played["escalate"]["letters"] + played["aggregate"]["letters"]
    assert mails(home) == sent


def test_runs_have_names_that_a_person_can_read(played: dict[str, Any]) -> None:
    names = {found.name for found in _runs()}
    assert {"ban hành 2020-cai-rang-898-ubnd", "đôn đốc 2020-05-22 07:30"} <= names
    assert {"hỏi tình hình 2020-05-30 09:00", "tổng hợp 2020-06-01 08:05"} <= names


def test_runs_are_tagged_by_stage_and_directive(played: dict[str, Any]) -> None:
    tags = {found.name: set(found.tags) for found in _runs()}
    assert tags["ban hành 2020-cai-rang-898-ubnd"] == {"dondoc", "ban hành", "898/UBND"}
    assert tags["đôn đốc 2020-05-22 07:30"] == {"dondoc", "đôn đốc"}


def test_every_run_completed_and_none_stands_for_a_recipient(played: dict[str, Any]) -> None:
    from prefect.client.orchestration import get_client

    async def asked() -> int:
        async with get_client() as client:
            return len(await client.read_task_runs(limit=200))

    assert {found.state_name for found in _runs()} == {"Completed"}
    assert run(asked()) <= 3 * len(played)


def test_prefect_keeps_no_address_name_or_token(home: Path, played: dict[str, Any]) -> None:
    """Trust S114: parameters, logs and artifacts of the whole run are searched."""
    from prefect.client.orchestration import get_client

    async def said() -> str:
        async with get_client() as client:
            logs = [line.message for line in await client.read_logs(limit=200)]
            artifacts = [artifact.model_dump_json() for artifact in await client.read_artifacts()]
            return json.dumps([*logs, *artifacts, *(str(found.parameters) for found in await client.read_flow_runs(limit=200))])

    told = run(said())
    assert "standing-898-ubnd-2020" in told
    assert "@" not in told
    assert "t1.k1." not in told


def test_the_standing_of_a_directive_is_a_table_in_prefect(played: dict[str, Any]) -> None:
    from prefect.artifacts import Artifact

    found = run(Artifact.aget("standing-898-ubnd-2020"))  # type: ignore[arg-type]
    rows = {row["tình hình"]: row["số việc"] for row in json.loads(found.data)}
    assert rows["quá hạn"] == 1
    # 2.1 of a department and ten schools, 6.4, 7.2 of the first week, 8, and the first milestone of seven wards.
    assert sum(rows[name] for name in ("quá hạn", "trong hạn", "hoàn thành đúng hạn", "hoàn thành quá hạn")) == 11 + 1 + 1 + 1 + 7


def test_a_plan_is_issued_as_it_was_sealed_and_waits_where_another_person_approves(home: Path, played: dict[str, Any]) -> None:
    from flows import desk
    from flows.issue import issue, understood

    first, now = home / FILE, at("2020-06-02", "09:00")
    small, plan = "directives/999.yaml", home / "ke-hoach.json"
    agencies = next(line for line in first.read_text(encoding="utf-8").splitlines() if line.startswith("agencies:"))
    words = f"directive: 999/UBND\ndate: 2/6/2020\ntitle: Báo cáo\nissuer: ubnd-quan\n{agencies}\n"
    (home / small).write_text(f"{words}duties: {{ 1: {{ lead: bhxh, do: Báo cáo kết quả, due: 30/6/2020 }} }}\n", encoding="utf-8")
    sealed = promised(
        understood.fn(small), home / small, settings=office().settings, calendar=office().calendar, store=office().store,
        as_of=date(2020, 6, 2),
    )
    plan.write_text(sealed.text.replace(sealed.directory, "another"), encoding="utf-8")
    with pytest.raises(BrokenPlanError, match="danh bạ đã đổi"):
        run(issue(plan.name, as_of=now))
    plan.write_text(sealed.text, encoding="utf-8")
    os.environ["DONDOC_APPROVE"] = "always"
    desk._office.cache_clear()
    try:
        assert run(issue(plan.name, as_of=now))["proposal"] == run(issue(plan.name, as_of=now))["proposal"] == 1
    finally:
        del os.environ["DONDOC_APPROVE"]
        desk._office.cache_clear()
    assert run(issue(plan.name, as_of=now))["letters"] == 1


def _runs() -> list[Any]:
    from prefect.client.orchestration import get_client

    async def asked() -> list[Any]:
        async with get_client() as client:
            return list(await client.read_flow_runs(limit=200))

    found: list[Any] = run(asked())
    return found


def test_the_automation_of_the_docs_posts_when_something_is_overdue(home: Path, played: dict[str, Any]) -> None:
    from docs.examples.overdue_automation import install
    from flows.aggregate import aggregate

    heard: queue.Queue[str] = queue.Queue()
    with listening(heard) as address:
        run(install(f"{address}/hooks/don-doc"))
        run(aggregate(as_of=at("2020-06-01", "09:05")))
        said = json.loads(heard.get(timeout=60))
    assert said["text"].startswith("898/UBND: 1 việc quá hạn")


@contextmanager
def listening(heard: queue.Queue[str]) -> Iterator[str]:
    """A webhook of somebody's chat, on loopback."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.put(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as hook:
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{hook.server_port}"
        hook.shutdown()


def test_a_long_opening_shows_how_far_it_is_and_a_short_one_does_not(home: Path, played: dict[str, Any]) -> None:
    from prefect import flow as prefect_flow
    from prefect.artifacts import Artifact

    from flows import shown

    @prefect_flow(name="mở nhiều việc")
    def opens(*counts: int) -> None:
        tell = shown.progress("17-ct-ttg-2020", "Mở việc của 17/CT-TTg")
        for place, opened in enumerate(counts, start=1):
            tell(opened, place / len(counts))

    opens(10, 20, 30)
    assert run(Artifact.aget("opening-17-ct-ttg-2020")) is None  # type: ignore[arg-type]
    opens(1_000, 3_000, 4_000, 4_001)
    assert run(Artifact.aget("opening-17-ct-ttg-2020")).data == 100  # type: ignore[arg-type]
