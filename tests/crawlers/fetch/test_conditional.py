from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fetch.conditional import (
    conditional_headers,
    freshness,
    parse_http_date,
    read_validators,
)

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOON = "Thu, 01 Jan 2026 12:00:00 GMT"
ONE = "Thu, 01 Jan 2026 13:00:00 GMT"


def test_validators_become_headers() -> None:
    headers = conditional_headers({"etag": 'W/"a"', "last_modified": NOON})
    assert headers == {"if-none-match": 'W/"a"', "if-modified-since": NOON}


@pytest.mark.parametrize("etag", ["", "a\r\nx: y", "é", "x" * 2_000])
def test_a_validator_that_cannot_be_a_header_is_left_out(etag: str) -> None:
    assert conditional_headers({"etag": etag}) == {}


def test_without_validators_there_are_no_headers() -> None:
    assert conditional_headers(None) == {}


def test_validators_are_read_where_there_are_some() -> None:
    assert read_validators({"etag": '"a"', "content-type": "x"}) == {"etag": '"a"'}
    assert read_validators({"last-modified": NOON, "etag": "x" * 2_000}) == {"last_modified": NOON}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'public, MAX-AGE="600", s-maxage=9'}, 600),
        ({"cache-control": "s-maxage=90"}, 90),
        ({"cache-control": "max-age=600", "age": "200"}, 400),
        ({"cache-control": "max-age=600", "age": "700"}, None),
        ({"cache-control": "max-age=600", "age": "soon"}, 600),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store"}, None),
        ({"cache-control": "max-age=9999999999"}, 7 * 86_400),
        ({"cache-control": "max-age=0", "expires": ONE}, None),
        ({"expires": ONE}, 3_600),
        ({"expires": ONE, "date": ONE}, None),
        ({"expires": "0"}, None),
    ],
)
def test_how_long_an_answer_holds(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert freshness(headers, now=NOW) == expected


@pytest.mark.parametrize(
    "text", [NOON, "Thu, 01 Jan 2026 12:00:00 -0000", "Thu Jan  1 12:00:00 2026"]
)
def test_the_forms_of_an_http_date(text: str) -> None:
    assert parse_http_date(text) == NOW


def test_a_date_outside_the_calendar_is_none() -> None:
    assert parse_http_date("Fri, 31 Dec 9999 23:00:00 -2300") is None


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    parsed = parse_http_date(text)
    assert parsed is None or parsed.utcoffset() == timedelta(0)
