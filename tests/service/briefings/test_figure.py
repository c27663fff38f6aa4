from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from service.briefings import Cited, Figure, Unit
from service.briefings.figure import counted, too_few

HERE = "/console/posts?monitor=tea"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "/",
        "/v1/posts?monitor=tea",
        "/consoles",
        "https://elsewhere.example/console/posts",
        "//elsewhere.example/console",
        "/console/../v1//posts",
        "/console/posts?q=两",
        '/console/posts?q="x"',
        "/console/posts?q=a b",
        "javascript:alert(1)",
    ],
)
def test_no_figure_and_no_quote_is_made_without_an_address_of_the_console(link: str) -> None:
    with pytest.raises(ValueError, match=r"address"):
        Figure(value=3, unit=Unit.POSTS, n=3, link=link)
    with pytest.raises(ValueError, match=r"address"):
        too_few(Unit.POSTS, link, n=3)
    with pytest.raises(ValueError, match=r"address"):
        Cited(
            post_id="p1",
            content_hash="h",
            published_at=datetime(2024, 3, 1, tzinfo=UTC),
            source="weibo",
            sentiment=None,
            link=link,
            spread=counted(1, Unit.COPIES, HERE),
        )


def test_a_figure_cannot_be_called_without_its_link() -> None:
    given: dict[str, Any] = {"value": 3, "unit": Unit.POSTS, "n": 3}

    with pytest.raises(TypeError, match="link"):
        Figure(**given)


def test_a_quote_is_of_a_stored_post() -> None:
    with pytest.raises(ValueError, match="stored post"):
        Cited(
            post_id="",
            content_hash="h",
            published_at=datetime(2024, 3, 1, tzinfo=UTC),
            source="weibo",
            sentiment=None,
            link=HERE,
            spread=counted(1, Unit.COPIES, HERE),
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": 1.0, "not_enough": True},
        {"value": None, "not_enough": False},
        {"value": math.nan},
        {"value": math.inf},
        {"value": 1.0, "n": -1},
        {"value": 1.0, "low": 0.5},
        {"value": 1.0, "low": 0.5, "high": math.inf},
        {"value": None, "not_enough": True, "low": 0.0, "high": 1.0},
    ],
)
def test_what_is_no_number_over_cases_is_no_figure(wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {"unit": Unit.POSTS, "n": 3, "link": HERE}
    with pytest.raises(ValueError, match=r"figure|range"):
        Figure(**given | wrong)


def test_too_few_cases_have_no_value() -> None:
    found = too_few(Unit.SHARE, HERE, n=12)

    assert (found.value, found.not_enough, found.n) == (None, True, 12)
