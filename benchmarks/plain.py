"""The whole job as a user of Prefect would write it after reading its tutorial: one task run for each recipient and step."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner

BODY = "Kính gửi {name},\n\nĐề nghị thực hiện việc sau, hạn 20/3/2026:\n\n{text}\n\nTrả lời tại {link}\n"
TABLE = "CREATE TABLE work (recipient TEXT PRIMARY KEY, due TEXT, state TEXT DEFAULT 'open', rung INTEGER DEFAULT 0)"


def tell(book: Path, statement: str, *values: str) -> list[tuple[str, ...]]:
    """One statement in one transaction."""
    with closing(sqlite3.connect(book, timeout=60)) as db, db:
        return db.execute(statement, values).fetchall()


@task(retries=2)
def opened(book: Path, recipient: str) -> None:
    """Enter a recipient's work."""
    tell(book, "INSERT INTO work (recipient, due) VALUES (?, '2026-03-20')", recipient)


@task(retries=2)
def mailed(port: int, recipient: str) -> None:
    """Write a letter to a recipient and send it."""
    letter = EmailMessage()
    letter["From"], letter["To"] = "Bộ Giáo dục và Đào tạo <don-doc@giao-duc.example>", recipient
    letter["Subject"] = "Việc mới, hạn 20/3/2026"
    work = "Rà soát, vận động, lập danh sách người học chưa tham gia bảo hiểm y tế"
    said = BODY.format(name=recipient, text=work, link=f"http://127.0.0.1/t/{recipient}")
    letter.set_content(said)
    letter.add_alternative(f"<html><body><pre>{said}</pre></body></html>", subtype="html")
    asyncio.run(aiosmtplib.send(letter, hostname="127.0.0.1", port=port, use_tls=False, start_tls=False))


@task(retries=2)
def swept(book: Path, recipient: str) -> None:
    """Note for the leader where the recipient's work is late."""
    tell(book, "UPDATE work SET rung = rung + 1 WHERE recipient = ? AND state = 'open' AND due < '2026-03-24'", recipient)


@task(retries=2)
def counted(book: Path, recipient: str) -> str:
    """How a recipient's work stands."""
    return tell(book, "SELECT state FROM work WHERE recipient = ?", recipient)[0][0]


@flow(task_runner=ThreadPoolTaskRunner(max_workers=50))  # type: ignore[arg-type]  # Prefect's own example
def job(book: Path, port: int, recipients: list[str]) -> int:
    """Open, mail, sweep and count."""
    wait([opened.submit(book, recipient) for recipient in recipients])
    wait([mailed.submit(port, recipient) for recipient in recipients])
    wait([swept.submit(book, recipient) for recipient in recipients])
    states = [future.result() for future in [counted.submit(book, recipient) for recipient in recipients]]
    create_table_artifact(key="standing", table=[{"state": "open", "number": states.count("open")}])
    return states.count("open")
