"""The question of a list, and how it stands in the address."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.datastructures import QueryParams

from service.console.listing.query import ListQuery, Rows, read_query, write_query

FILTERS = [("tier", frozenset({"red", "orange"})), ("q", None)]


def read(address: str, *, sort: str = "-opened", prefix: str = "") -> ListQuery:
    return read_query(
        QueryParams(address),
        prefix=prefix,
        filters=FILTERS,
        sortable=frozenset({"opened", "posts"}),
        limit=50,
        sort=sort,
    )


def test_an_address_that_says_nothing_asks_for_the_list_s_own_order():
    query = read("")
    assert (query.sort, query.descending, query.offset, query.cursor) == ("opened", True, 0, None)
    assert not query.narrowed


def test_what_is_asked_stands_in_the_address_and_is_read_again():
    query = read("tier=red&tier=orange&q=漏水&sort=posts&from=100")
    assert query.many("tier") == ("red", "orange")
    assert query.text("q") == "漏水"
    written = write_query(query, QueryParams(""), prefix="", sort="-opened")
    assert read(written.removeprefix("?")) == query


@pytest.mark.parametrize(
    "address",
    [
        "tier=purple",
        "sort=nonsense",
        "sort=-",
        "from=-5",
        "from=x",
        "from=٣",
        "from=1e9",
        "after=",
        "sort=__class__",
    ],
)
def test_what_means_nothing_is_left_out(address: str):
    assert read(address) == read("")


def test_a_begin_beyond_every_list_is_bounded():
    assert read("from=99999999999999999999").offset == 1_000_000


def test_what_others_keep_in_the_address_stays():
    written = write_query(
        read("q=x"), QueryParams("tab=posts&q=y&from=50"), prefix="", sort="-opened"
    )
    assert written == "?tab=posts&q=x"


def test_two_lists_of_a_page_have_each_their_own_question():
    address = "q=left&b.q=right&b.from=50"
    assert read(address).text("q") == "left"
    other = read(address, prefix="b.")
    assert (other.text("q"), other.offset) == ("right", 50)


def test_an_order_of_its_own_is_not_written():
    assert write_query(read(""), QueryParams(""), prefix="", sort="-opened") == ""
    ascending = read("sort=opened")
    assert write_query(ascending, QueryParams(""), prefix="", sort="-opened") == "?sort=opened"


def test_a_short_list_is_cut_into_pages():
    rows = Rows.cut(list(range(7)), ListQuery(limit=3, offset=6))
    assert (list(rows.items), rows.total) == ([6], 7)


@pytest.mark.parametrize(
    ("text", "expected"), [("2026-11-22", date(2026, 11, 22)), ("22.11.", None), ("", None)]
)
def test_a_day_that_is_none_is_not_asked_for(text: str, expected: date | None):
    assert ListQuery(filters={"on": (text,)}).day("on") == expected
