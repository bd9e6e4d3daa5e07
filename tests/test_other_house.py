"""Logging in by an account elsewhere: only what the house signed for us, for this browser, now, and for a registered address counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from config.other_house import OtherHouse
from config.settings import Settings
from tests.counter import Visitor, hidden, words
from tests.desk_office import NOW, Place, place
from tests.provider import CLIENT, SECRET, Provider, provider

AT = int(NOW.timestamp())


@pytest.fixture(scope="module")
def house() -> Iterator[Provider]:
    with provider(AT) as found:
        yield found


@pytest.fixture
def here(tmp_path: Path, house: Provider) -> Iterator[Place]:
    house.said, house.signs_with = {}, house.key
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    settings = {"oidc_issuer": house.url, "oidc_client": CLIENT, "oidc_secret_file": tmp_path / "secret", "oidc_name": "tỉnh"}
    with place(tmp_path, **settings) as found:
        yield found


@pytest.fixture
def client(here: Place) -> Iterator[Visitor]:
    with here.visitor() as visitor:
        yield visitor


def returned(client: Visitor, house: Provider, next_: str = "/home") -> str:
    """The address that the browser comes back to."""
    code, state = house.opened(client.get(f"/login/with?next={next_}").headers["location"])
    return f"/login/back?code={code}&state={state}"


def test_whoever_the_house_vouches_for_is_logged_in_by_one_press(here: Place, house: Provider, client: Visitor) -> None:
    assert "Đăng nhập bằng tài khoản tỉnh" in words(client.get("/login").text)
    before = here.dump()
    shown = client.get(returned(client, house, "/home/1"))
    assert here.dump() == before  # coming back is a GET, so it writes nothing
    pressed = client.post("/login/back", data=hidden(shown.text))
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/home/1")
    assert "Chủ tịch UBND quận" in words(client.get("/home").text)
    assert [row.way for row in here.ask("SELECT way FROM sessions")] == ["oidc"]


LIES: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "somebody-else"},
    "another audience beside ours, for somebody else": {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
    "another issuer": {"iss": "https://evil.example"},
    "another nonce": {"nonce": "n"},
    "an old token": {"exp": AT - 61},
    "an address that nobody verified": {"email_verified": False},
    "verified by a word": {"email_verified": "true"},
    "an address that is not registered": {"email": "ct@elsewhere.example"},
    "an agency that has nothing to log in for": {"email": "balang@cairang.example"},
    "no address": {"email": None},
}


@pytest.mark.parametrize("said", LIES.values(), ids=LIES)
def test_a_token_that_says_something_else_opens_nothing(here: Place, house: Provider, client: Visitor, said: dict[str, Any]) -> None:
    house.said = said
    form = hidden(client.get(returned(client, house)).text)
    before = here.dump()
    assert client.post("/login/back", data=form).status_code == 403
    assert here.dump() == before
    assert client.get("/home").status_code == 303


def test_a_token_that_another_key_signed_opens_nothing(house: Provider, client: Visitor) -> None:
    house.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert client.post("/login/back", data=hidden(client.get(returned(client, house)).text)).status_code == 403


def test_a_code_counts_once_and_in_the_browser_that_began_alone(here: Place, house: Provider, client: Visitor) -> None:
    form = hidden(client.get(returned(client, house)).text)
    with here.visitor() as other:
        assert other.post("/login/back", data=form).status_code == 403
        returned(other, house)
        assert other.post("/login/back", data=form).status_code == 403
    assert client.post("/login/back", data=form | {"state": "x"}).status_code == 403


def test_a_press_from_another_site_is_refused(house: Provider, client: Visitor) -> None:
    form = hidden(client.get(returned(client, house)).text)
    assert client.post("/login/back", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_without_a_house_nobody_is_led_there(tmp_path: Path) -> None:
    with place(tmp_path) as alone, alone.visitor() as visitor:
        assert "/login/with" not in visitor.get("/login").text
        assert visitor.get("/login/with").status_code == 404


def test_a_house_is_never_asked_in_clear_over_a_network() -> None:
    with pytest.raises(ValueError, match="https"):
        OtherHouse.of(Settings(oidc_issuer="http://id.example"))
    assert SECRET not in repr(OtherHouse(name="", issuer="", client="", secret=SECRET))
