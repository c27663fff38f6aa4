"""Acknowledge links: ours, for a time, and unchanged."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.delivery.channels.links import Link, Links
from service.delivery.errors import BadLink, EndedLink
from tests.service.delivery.channels.pages import AT

LINK = Link(
    incident_id="inc_1",
    channel_id="duty",
    message_id="msg_1",
    person="usr_1",
    ends_at=AT + timedelta(hours=1),
)


def links(key: bytes = b"k") -> Links:
    def sign(data: bytes) -> bytes:
        return hmac.digest(key, data, hashlib.sha256)[:16]

    return Links(sign=sign, public_url="https://f.example/")


def token(made: Links | None = None, link: Link = LINK) -> str:
    address = (made or links()).address(link)
    assert address.startswith("https://f.example/a/")
    return address.removeprefix("https://f.example/a/")


@pytest.mark.parametrize("person", ["usr_1", None])
def test_what_was_written_is_read(person: str | None) -> None:
    link = Link(
        incident_id="inc_1",
        channel_id="duty",
        message_id="m",
        person=person,
        ends_at=LINK.ends_at,
    )
    assert links().read(token(link=link), now=AT) == link


def test_it_ends() -> None:
    with pytest.raises(EndedLink):
        links().read(token(), now=LINK.ends_at)


def test_another_key_signs_nothing_for_us() -> None:
    with pytest.raises(BadLink):
        links(b"other").read(token(), now=AT)


@given(place=st.integers(min_value=0, max_value=10_000), char=st.sampled_from("AaZz09-_.="))
def test_no_character_may_change(place: int, char: str) -> None:
    whole = token()
    place %= len(whole)
    changed = whole[:place] + char + whole[place + 1 :]
    if changed == whole:
        assert links().read(changed, now=AT) == LINK
        return
    try:
        assert links().read(changed, now=AT) == LINK
        assert changed.split(".")[0] == whole.split(".")[0]
    except BadLink:
        pass


@given(text=st.text(max_size=200))
def test_anything_else_is_no_link(text: str) -> None:
    with pytest.raises(BadLink):
        links().read(text, now=AT)


def test_a_long_token_is_not_even_read() -> None:
    with pytest.raises(BadLink):
        links().read("A" * 10_000, now=AT)
