"""Tokens: derived, bound to purpose and recipient, rotated by key; what is not one is told apart without a clue."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from notifications.links import PATHS, Keys, Purpose, Token, address, derived, read
from tasks.ledger.store import Store

OLD, NEW = b"o" * 32, b"n" * 32
LINK = "AAECAwQFBgc"
KEYS = Keys({"b": NEW, "a": OLD})

link_ids = st.binary(min_size=8, max_size=8).map(lambda raw: urlsafe_b64encode(raw).decode().rstrip("="))


def parts(token: str) -> Token:
    found = read(token)
    assert found is not None
    return found


@given(link_ids, st.text(max_size=40), st.sampled_from(["desk", "page", "login", "bounce"]))
def test_a_token_is_valid_for_what_it_was_made_for(link_id: str, recipient: str, purpose: Purpose) -> None:
    token = parts(KEYS.token(purpose, link_id, recipient))
    assert token.link_id == link_id
    assert KEYS.valid(token, purpose, recipient)


@given(link_ids, st.text(max_size=40))
def test_a_token_of_one_purpose_is_none_of_another(link_id: str, recipient: str) -> None:
    token = parts(KEYS.token("desk", link_id, recipient))
    assert not any(KEYS.valid(token, purpose, recipient) for purpose in ("page", "login", "bounce"))


def test_the_same_link_gives_the_same_token_again_so_that_reminders_carry_it() -> None:
    assert KEYS.token("desk", LINK, "bhxh") == Keys({"b": NEW}).token("desk", LINK, "bhxh")


def test_a_link_moved_to_another_agency_is_another_token() -> None:
    assert not KEYS.valid(parts(KEYS.token("desk", LINK, "bhxh")), "desk", "ttvh")


def test_parts_cannot_be_shifted_between_fields() -> None:
    assert KEYS.token("desk", LINK, "ab") != KEYS.token("desk", LINK[:-1] + "a", "b")


@dataclass
class Rotation:
    before = Keys({"a": OLD})
    during = Keys({"b": NEW, "a": OLD})
    after = Keys({"b": NEW})


def test_a_rotated_key_is_accepted_until_it_is_removed() -> None:
    token = parts(Rotation.before.token("desk", LINK, "bhxh"))
    assert Rotation.during.valid(token, "desk", "bhxh")
    assert not Rotation.after.valid(token, "desk", "bhxh")


def test_new_tokens_are_signed_by_the_first_key() -> None:
    assert parts(Rotation.during.token("desk", LINK, "bhxh")).kid == "b"


@given(st.data())
def test_one_changed_character_makes_a_token_invalid(data: st.DataObject) -> None:
    token = KEYS.token("desk", LINK, "bhxh")
    at = data.draw(st.integers(3, len(token) - 1))
    other = data.draw(st.sampled_from([each for each in "Ab3-_" if each != token[at]]))
    found = read(token[:at] + other + token[at + 1 :])
    assert found is None or not KEYS.valid(found, "desk", "bhxh")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t1",
        "t1.a.b.c",
        "t2.a.AAECAwQFBgc." + "A" * 24,
        "t1.a.AAECAwQFBgc." + "A" * 23,
        "t1.a.AAECAwQFBgc." + "A" * 25,
        "t1.a.AAECAwQFBgc." + "A" * 24 + "\n",
        "t1.a.AAECAwQFBgc." + "A" * 23 + "\0",
        "t1.A.AAECAwQFBgc." + "A" * 24,
        "t1.a.AAECAwQFBgcA." + "A" * 24,
        "t1.a.AAECAwQFBgc." + "Á" * 24,
        "t1.a." + "%2e" * 4 + "." + "A" * 24,
        "t1." * 5000,
    ],
)
def test_what_does_not_look_like_a_token_is_none(text: str) -> None:
    assert read(text) is None


def test_a_key_of_its_own_is_derived_for_each_purpose() -> None:
    assert len({derived(OLD, purpose) for purpose in ("desk", "page", "login", "bounce")}) == 4


def test_the_mac_has_more_than_128_bits_and_one_spelling() -> None:
    mac = parts(KEYS.token("desk", LINK, "bhxh")).mac
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", mac)  # 24 × 6 bits, none left over


@pytest.mark.parametrize("secrets", [{}, {"a": b"short"}, {"A": OLD}, {"a.b": OLD}, {"": OLD}])
def test_weak_or_misnamed_keys_are_refused(secrets: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        Keys(secrets)


def test_keys_do_not_show_their_secrets() -> None:
    assert repr(KEYS) == "Keys(b, a)"


@pytest.mark.parametrize(("purpose", "path"), PATHS.items())
def test_an_address_stands_under_the_configured_host(purpose: Purpose, path: str) -> None:
    assert address("https://don-doc.example/", purpose, "t1.a.b.c") == f"https://don-doc.example/{path}/t1.a.b.c"


def test_l19_an_error_of_the_ledger_names_no_value(store: Store) -> None:
    with pytest.raises(DBAPIError) as broken, store.read() as db:
        db.execute(text("SELECT :name FROM no_such_table"), {"name": "vanthu@cairang.example"})
    assert "vanthu@cairang.example" not in str(broken.value)
