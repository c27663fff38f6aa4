from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from service.briefings import links
from service.console.pages import PLACES
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
        links.crises((odd,), WINDOW),
        links.closed((odd, odd)),
        links.board(odd, WINDOW),
        links.board(odd, WINDOW, indicator=odd),
        links.forecast(odd),
        links.story(odd),
        links.source(odd),
        links.sources(),
        links.complaints((odd,), WINDOW, states=(odd,)),
        links.briefing(odd),
    ]

    assert [links.checked(item) for item in made] == made


def test_lists_of_the_api_have_pages_that_show_the_same() -> None:
    assert links.of_api("/v1/posts?monitor=tea&since=x") == "/console/posts?monitor=tea&since=x"
    assert links.of_api("/v1/incidents?kind=crisis") == "/console/handling?kind=crisis"
    with pytest.raises(ValueError, match="no page"):
        links.of_api("/v1/users")


def test_lists_of_the_console_take_each_monitor_by_itself() -> None:
    assert links.queue(("tea", "shop"), tier="red") == (
        "/console/?monitor=tea&monitor=shop&tier=red"
    )
    assert links.closed(("tea", "shop")) == (
        "/console/history?state=closed&monitor=tea&monitor=shop"
    )
    assert links.complaints(("tea", "shop"), WINDOW, states=("open", "told")) == (
        "/console/complaints?monitor=tea&monitor=shop&state=open&state=told"
        "&since=2024-02-29T16%3A00%3A00Z&until=2024-03-01T16%3A00%3A00Z"
    )


def test_a_page_that_takes_one_monitor_shows_all_where_there_are_several() -> None:
    one, several = (links.crises(names, WINDOW) for names in (("tea",), ("tea", "shop")))
    assert one.startswith("/console/handling?monitor=tea&since=2024-02-29T16")
    assert several.startswith("/console/handling?since=2024-02-29T16")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (links.posts(("tea",), WINDOW), "/posts"),
        (links.post("p1"), "/posts/{post_id}"),
        (links.queue(("tea",)), "/"),
        (links.incident("i1"), "/incidents/{incident_id}"),
        (links.crises(("tea",), WINDOW), "/handling"),
        (links.closed(("tea",)), "/history"),
        (links.board("tea", WINDOW), "/board"),
        (links.board("tea", WINDOW, indicator="volume"), "/board/{indicator}"),
        (links.forecast("tea"), "/forecast"),
        (links.story("s1"), "/stories/{story_id}"),
        (links.sources(), "/coverage"),
        (links.source("weibo:x/y"), "/coverage/{feed_id:path}"),
        (links.complaints(("tea",), WINDOW), "/complaints"),
        (links.briefing("b1"), "/briefings/{briefing_id}"),
    ],
)
def test_every_address_is_of_a_page_that_there_is(address: str, place: str) -> None:
    paths = [path for item in PLACES for path in item.paths]
    assert place in paths
    below = urlsplit(address).path.removeprefix("/console")
    shape = re.sub(r"\\{[^{}]*\\}", "[^/]+", re.escape(place))
    assert re.fullmatch(shape, below)
