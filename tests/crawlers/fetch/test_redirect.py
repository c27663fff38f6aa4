from __future__ import annotations

import pytest

from crawlers.errors import RedirectRefused
from crawlers.fetch.redirect import check_hop, headers_for

HEADERS = {
    "authorization": "Bearer t",
    "cookie": "a",
    "x-app-pass": "k",
    "x-kind": "feed",
    "Accept": "text/html",
    "accept-language": "zh",
    "user-agent": "fengsui",
}


def test_a_hop_to_a_new_place_passes() -> None:
    check_hop("https://b.example/", ["https://a.example/"], 1)


def test_a_loop_is_named_without_passwords() -> None:
    with pytest.raises(RedirectRefused, match="loop") as caught:
        check_hop("https://u:p@a.example/", ["https://u:p@a.example/"], 5)
    assert "u:p" not in str(caught.value)


def test_too_many_hops_are_refused() -> None:
    with pytest.raises(RedirectRefused, match="more than 1"):
        check_hop("https://c.example/", ["https://a.example/", "https://b.example/"], 1)


@pytest.mark.parametrize("target", ["https://b.example/", "http://a.example/"])
def test_no_password_travels_to_another_place(target: str) -> None:
    assert headers_for(target, "https://a.example/x", HEADERS) == {
        "Accept": "text/html",
        "accept-language": "zh",
        "user-agent": "fengsui",
    }


def test_the_same_place_keeps_every_header() -> None:
    assert headers_for("https://A.example/y", "https://a.example/x", HEADERS) == HEADERS
