"""Evidence: grouped, ordered, and with no address that could do harm."""

from __future__ import annotations

from typing import Any

import pytest

from service.console.pages.incident.evidence import grouped, safe_address
from service.incidents import Evidence
from tests.support.clock import START


def post(name: str, *, group: str = "", marked: bool = False, **snapshot: Any) -> Evidence:
    return Evidence(
        post_id=name,
        at=START,
        copy_group=group or name,
        snapshot=snapshot,
        sha256="0" * 64,
        not_about_us=marked,
    )


def order(*posts: Evidence, first: str | None = None) -> list[list[str]]:
    return [[item.post_id for item in group] for group in grouped(posts, first_post_id=first)]


def test_copies_stand_behind_the_heaviest_of_them():
    copies = [post("a", group="g", likes=1), post("b", group="g", likes=9), post("c", likes=2)]
    assert order(*copies) == [["b", "a"], ["c"]]


def test_severity_weighs_more_than_likes_and_the_first_post_more_than_all():
    posts = [post("liked", likes=900), post("severe", severity=5), post("first")]
    assert order(*posts, first="first") == [["first"], ["severe"], ["liked"]]


def test_what_is_not_about_us_goes_to_the_end():
    assert order(post("a", severity=5, marked=True), post("b", severity=1)) == [["b"], ["a"]]


@pytest.mark.parametrize("address", ["https://weibo.com/1", "http://a.example/?q=<b>"])
def test_web_addresses_are_linked(address: str):
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//a.example", "https://", "http://[", None, 7],
)
def test_anything_else_is_not(address: object):
    assert safe_address(address) is None
