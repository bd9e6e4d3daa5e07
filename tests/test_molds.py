"""Pages written once for many: each reader's own words in them and nobody else's, and no two that differ taken for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import combinations

import pytest
from markupsafe import Markup
from starlette.requests import Request

from web.blanks import Blank
from web.molds import _Facts, molded
from web.words import Say

NOON = datetime(2020, 5, 20, 5, tzinfo=UTC)


def shown(name: object, lang: str = "vi", path: str = "/t/a") -> str:
    """A page that tells what went wrong, to somebody of that name."""
    asked = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [(b"cookie", f"dondoc-lang={lang}".encode())]}
    whose = Blank("whose", name)
    page = molded(Request(asked), "refusal.html", whose, headline=Say("Trang bị lỗi"), sentences=[whose], again=False)
    return bytes(page.body).decode()


def test_each_reader_has_his_own_words() -> None:
    first, second = shown("Xã Một"), shown("Xã Hai")
    assert first.replace("Xã Một", "Xã Hai") == second
    assert "blank" not in first


def test_what_people_typed_is_escaped_and_a_picture_is_not() -> None:
    assert "&lt;b&gt;" in shown("<b>")
    assert "<b>" in shown(Markup("<b>"))


def test_a_day_in_a_blank_is_said_in_the_readers_language() -> None:
    assert "5:00 ngày 20/5/2020" in shown(NOON)
    assert "ngày" not in shown(NOON, "en").split("<main")[1].split("</main")[0]


@pytest.mark.parametrize(("one", "other"), list(combinations([
    1, True, "1", Decimal(1), None, 0, False, "", Say("1"), Say("1", a=1), Say("1", a=True), [1], [True], {"a": 1}, {"b": 1},
    NOON, NOON.astimezone(timezone(timedelta(hours=7))),
], 2)))  # fmt: skip
def test_pages_that_may_differ_are_told_apart(one: object, other: object) -> None:
    assert _Facts({"fact": one}) != _Facts({"fact": other})
    assert _Facts({"fact": one}) == _Facts({"fact": one})
