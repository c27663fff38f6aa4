"""What a search asks for, out of an address and back into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.datastructures import QueryParams

from service.console.pages.posts.asking import Asking, Period, problems_of, read_asking
from service.console.pages.posts.results import excerpt
from service.posts import BadFilter
from service.stores import SortOrder

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def read(address: str) -> Asking:
    return read_asking(QueryParams(address))


def test_an_address_says_the_same_again():
    asked = read("q=%2B晨屿&monitor=tea,cup&sentiment=negative&sort=engagement&nonsense=1")
    assert asked.many("monitor") == ("tea", "cup")
    assert read_asking(QueryParams(asked.address().removeprefix("?"))) == asked
    request = asked.request(ZONE, now=NOW)
    assert request.sort is SortOrder.ENGAGEMENT
    assert request.query.monitors == ("tea", "cup")
    assert request.written is not None


def test_a_week_is_meant_unless_it_is_said_otherwise():
    assert read("").period is Period.WEEK
    assert read("").request(ZONE, now=NOW).query.since == NOW - timedelta(days=7)
    assert read("period=all").request(ZONE, now=NOW).query.since is None
    assert read("copy_group=g1").period is Period.ALL
    assert read("from=2026-03-01").period is None


def test_times_of_the_form_are_of_the_zone_of_the_settings():
    query = read("from=2026-03-01T08:00&to=2026-03-01").request(ZONE, now=NOW).query
    assert query.since == datetime(2026, 3, 1, tzinfo=UTC)
    assert query.until == datetime(2026, 3, 1, 16, tzinfo=UTC)


def test_links_made_for_the_api_are_understood():
    query = read("since=2026-03-01T00:00:00Z&until=2026-03-02T00:00:00Z").request(ZONE, now=NOW)
    assert query.query.until == datetime(2026, 3, 2, tzinfo=UTC)


def test_a_value_is_taken_and_let_go_and_the_page_begins_anew():
    asked = read("source=weibo&after=cursor")
    more = asked.toggled("source", "news")
    assert more.many("source") == ("weibo", "news")
    assert more.one("after") == ""
    assert more.toggled("source", "weibo").many("source") == ("news",)


def test_a_page_that_goes_on_has_its_times_written_out():
    fixed = read("q=茶").fixed(ZONE, now=NOW)
    assert fixed.one("from") == (NOW - timedelta(days=7)).isoformat()
    assert fixed.request(ZONE, now=NOW + timedelta(hours=3)).query.since == NOW - timedelta(days=7)


def test_mistakes_are_told_by_the_names_of_the_page():
    with pytest.raises(BadFilter) as caught:
        read("q=(&from=never&severity=9").request(ZONE, now=NOW)
    assert set(problems_of(caught.value)) == {"q", "from", "severity"}


def test_an_excerpt_lies_around_the_first_mark_and_moves_the_marks_with_it():
    text = "前" * 500 + "退款" + "后" * 500
    piece, spans = excerpt(text, ((500, 502),))
    [(start, end)] = spans
    assert piece[start:end] == "退款"
    assert len(piece) < 300
    assert excerpt("短退款", ((1, 3),)) == ("短退款", ((1, 3),))
