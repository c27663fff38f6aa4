from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from crawlers.paging import Paging, same_origin

BASE = "https://api.example"
URL = f"{BASE}/list"


def paging(by: str, **more: Any) -> Paging:
    return Paging.model_validate({"by": by, **more})


def after(
    kind: Paging, data: Any = None, *, at: str | None = None, shown: int = 2, link: str = ""
) -> str | None:
    return kind.following(data, position=at, shown=shown, url=URL, link=link)


def test_pages_are_counted_until_one_is_empty_or_not_full() -> None:
    plain, sized = paging("page"), paging("page", size=2)
    assert (after(plain), after(plain, at="3"), after(plain, shown=0)) == ("2", "4", None)
    assert (after(sized), after(sized, shown=1)) == ("2", None)


def test_an_offset_counts_entries() -> None:
    kind = paging("offset", start=0, parameter="skip")
    assert (after(kind, shown=20), after(kind, at="20", shown=5)) == ("20", "25")
    assert kind.url(URL, {"q": "雾"}, "20") == f"{URL}?q=%E9%9B%BE&skip=20"


def test_a_cursor_comes_out_of_the_answer() -> None:
    kind = paging("cursor", parameter="after", path="meta.next")
    assert after(kind, {"meta": {"next": "x="}}) == "x="
    assert after(kind, {"meta": {"next": None}}) is None
    assert after(kind, {"meta": {"next": "x" * 3_000}}) is None
    assert kind.url(URL, {}, None) == URL
    assert kind.url(URL, {}, "x=") == f"{URL}?after=x%3D"


def test_the_link_header_names_the_next_page() -> None:
    kind = paging("link")
    link = f'<{URL}?p=1>; rel="prev", <{URL}?p=3>; rel="next"'
    assert after(kind, link=link) == f"{URL}?p=3"
    assert after(kind, link=f'<{URL}?p=1>; rel="prev"') is None
    assert kind.url(URL, {"q": "x"}, f"{URL}?p=3") == f"{URL}?p=3"


def test_the_answer_may_name_the_next_page_relatively() -> None:
    kind = paging("next_url", path="more_url")
    assert after(kind, {"more_url": "/list?p=2"}) == f"{BASE}/list?p=2"
    assert after(kind, {}) is None


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "http://api.example/x", "https://me@api.example/"]
)
def test_a_next_page_on_another_site_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="another site"):
        after(paging("next_url", path="next"), {"next": target})


@pytest.mark.parametrize(
    ("kind", "position", "taken"),
    [
        (paging("page"), "7", True),
        (paging("page"), "７", False),
        (paging("page"), "-1", False),
        (paging("link"), f"{URL}?p=2", True),
        (paging("link"), "https://evil.example/", False),
        (paging("cursor", path="a"), "x", True),
        (paging("cursor", path="a"), "x" * 3_000, False),
    ],
)
def test_a_cursor_s_position_is_checked_before_it_is_used(
    kind: Paging, position: str, taken: bool
) -> None:
    assert kind.accepts(position, base=BASE) is taken


def test_the_first_page_is_named_where_pages_are_counted() -> None:
    assert paging("page", start=0).url(URL, {}, None) == f"{URL}?page=0"


def test_what_is_no_address_has_no_origin() -> None:
    assert not same_origin("http://[bad", URL)


@pytest.mark.parametrize("by", ["cursor", "next_url"])
def test_where_the_next_page_is_named_must_be_said(by: str) -> None:
    with pytest.raises(ValidationError, match="path"):
        paging(by)
