"""Search parameters: what is read, and every mistake by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.posts.errors import BadFilter
from service.posts.filters import (
    FILTER_NAMES,
    FacetRequest,
    PageRequest,
    TrendRequest,
    parse_facets,
    parse_page,
    parse_trend,
)
from service.stores import FacetField, PostQuery, SortOrder

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def page(**parameters: str | list[str]) -> PageRequest:
    return parse_page(listed(parameters), zone=ZONE)


def trend(**parameters: str | list[str]) -> TrendRequest:
    return parse_trend(listed(parameters), zone=ZONE, now=NOW)


def facets(**parameters: str | list[str]) -> FacetRequest:
    return parse_facets(listed(parameters), zone=ZONE)


def listed(parameters: dict[str, str | list[str]]) -> dict[str, list[str]]:
    return {k: [v] if isinstance(v, str) else v for k, v in parameters.items()}


def test_no_parameters_are_the_newest_fifty() -> None:
    assert page() == PageRequest(query=PostQuery(), sort=SortOrder.NEWEST, limit=50, cursor=None)


def test_every_filter_is_read() -> None:
    request = page(
        q="玻璃渣",
        monitor="tea",
        source=["weibo", "appstore"],
        channel="news, social",
        scenario="outage",
        category="injury",
        sentiment="negative",
        author="au_1",
        copy_group="g",
        severity="0",
        since="2026-03-01T00:00:00Z",
        until="2026-03-02T08:00:00+08:00",
        sort="engagement",
        limit="200",
        cursor="abc",
    )
    assert request == PageRequest(
        query=PostQuery(
            text="玻璃渣",
            monitors=("tea",),
            sources=("weibo", "appstore"),
            channels=("news", "social"),
            scenarios=("outage",),
            categories=("injury",),
            sentiments=("negative",),
            authors=("au_1",),
            copy_groups=("g",),
            severity_at_least=0,
            since=datetime(2026, 3, 1, tzinfo=UTC),
            until=datetime(2026, 3, 2, tzinfo=UTC),
        ),
        sort=SortOrder.ENGAGEMENT,
        limit=200,
        cursor="abc",
    )


def test_days_are_cut_in_the_zone_and_until_includes_its_day() -> None:
    query = page(since="2026-03-02", until="2026-03-02").query
    assert query.since == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert query.until == datetime(2026, 3, 2, 16, tzinfo=UTC)


def test_a_plus_that_was_not_escaped_is_understood() -> None:
    assert page(since="2026-03-02T08:00:00 08:00").query.since == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parse", "parameters", "name", "part"),
    [
        (page, {"q": "长" * 501}, "q", "500"),
        (page, {"q": ["a", "b"]}, "q", "once"),
        (page, {"limit": "0"}, "limit", "1 to 200"),
        (page, {"limit": "201"}, "limit", "1 to 200"),
        (page, {"limit": "１０"}, "limit", "1 to 200"),
        (page, {"limit": "9" * 99}, "limit", "1 to 200"),
        (page, {"severity": "6"}, "severity", "0 to 5"),
        (page, {"sort": "best"}, "sort", "newest, oldest"),
        (page, {"since": "yesterday"}, "since", "2026-03-02"),
        (page, {"since": "2026-13-02"}, "since", "2026-03-02"),
        (page, {"until": "9999-12-31"}, "until", "2026-03-02"),
        (page, {"since": "2026-03-02T00:00:00"}, "since", "zone"),
        (page, {"since": "2026-03-02", "until": "2026-03-01"}, "until", "since"),
        (page, {"source": [f"s{n}" for n in range(51)]}, "source", "50"),
        (page, {"author": "a" * 513}, "author", "512"),
        (page, {"colour": "red"}, "colour", "no parameter"),
        (page, {"field": "source"}, "field", "no parameter"),
        (trend, {"interval": "0m"}, "interval", "10m"),
        (trend, {"interval": "5s"}, "interval", "10m"),
        (trend, {"interval": "m"}, "interval", "10m"),
        (trend, {"interval": "99999d"}, "interval", "10m"),
        (trend, {"interval": "1m"}, "interval", "2,000"),
        (trend, {"since": "2026-04-01"}, "since", "earlier"),
        (facets, {"field": "source,colour"}, "field", "sentiment"),
        (facets, {"limit": "51"}, "limit", "1 to 50"),
    ],
)
def test_mistakes_are_named(
    parse: Callable[..., Any], parameters: dict[str, Any], name: str, part: str
) -> None:
    with pytest.raises(BadFilter) as caught:
        parse(**parameters)
    ((named, message),) = caught.value.errors
    assert named == name
    assert part in message


def test_all_mistakes_come_at_once() -> None:
    with pytest.raises(BadFilter) as caught:
        page(limit="x", sort="x", since="x", colour="x")
    assert {name for name, _ in caught.value.errors} == {"limit", "sort", "since", "colour"}


def test_a_trend_covers_the_week_before_now() -> None:
    request = trend(monitor="tea")
    assert (request.until - request.since, request.until) == (timedelta(days=7), NOW)
    assert request.interval == timedelta(hours=1)


def test_a_trend_takes_its_time_and_width_from_the_parameters() -> None:
    request = trend(since="2026-03-01", until="2026-03-02", interval="2d")
    assert request.until - request.since == timedelta(days=2) == request.interval


def test_facets_are_all_fields_unless_named() -> None:
    assert facets().fields == tuple(FacetField)
    assert facets(field="scenario,source", limit="5") == FacetRequest(
        query=PostQuery(), fields=(FacetField.SCENARIO, FacetField.SOURCE), limit=5
    )


@given(
    st.dictionaries(
        st.sampled_from(sorted(FILTER_NAMES | {"sort", "limit", "cursor"})),
        st.lists(st.text(st.characters(), max_size=30), max_size=3),
    )
)
def test_anything_is_read_or_refused_by_name(parameters: dict[str, list[str]]) -> None:
    refused: set[str] = set()
    request = PageRequest(query=PostQuery())
    try:
        request = parse_page(parameters, zone=ZONE)
    except BadFilter as error:
        refused = {name for name, _ in error.errors} or {"nothing"}
    assert refused <= set(parameters)
    assert 1 <= request.limit <= 200
