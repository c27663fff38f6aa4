from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.briefings import links
from service.indicators import Window

WINDOW = Window(
    since=datetime(2024, 2, 29, 16, tzinfo=UTC), until=datetime(2024, 3, 1, 16, tzinfo=UTC)
)


def test_a_search_names_monitors_and_both_ends_of_the_time() -> None:
    assert links.posts(("tea", "shop"), WINDOW, sentiment="negative") == (
        "/console/posts?monitor=tea%2Cshop&since=2024-02-29T16%3A00%3A00Z"
        "&until=2024-03-01T16%3A00%3A00Z&sentiment=negative"
    )


def test_every_address_that_is_made_is_one_of_the_console() -> None:
    odd = 'a/../b"c d?e#f'
    made = [
        links.posts((odd,), WINDOW, copy_group=odd),
        links.post(odd),
        links.queue((odd,)),
        links.incident(odd),
        links.history((odd,), WINDOW),
        links.board(odd, WINDOW, indicator=odd),
        links.story(odd),
        links.sources(source=odd),
        links.sources(),
        links.complaints((odd,), since=odd),
        links.briefing(odd),
    ]

    assert [links.checked(item) for item in made] == made


def test_lists_of_the_api_have_pages_that_show_the_same() -> None:
    assert links.of_api("/v1/posts?monitor=tea&since=x") == "/console/posts?monitor=tea&since=x"
    assert links.of_api("/v1/incidents?kind=crisis") == "/console/history?kind=crisis"
    with pytest.raises(ValueError, match="no page"):
        links.of_api("/v1/users")
