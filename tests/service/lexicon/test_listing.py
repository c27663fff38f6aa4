"""Entries in pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.lexicon.listing import EntryFilter, EntrySort, Key, page_of
from service.lexicon.model import EntryState, Origin, Record
from tests.service.lexicon.rows import SHIPPED, entry

RECORDS = (
    *(Record(entry=item) for item in SHIPPED),
    Record(
        entry=entry("Scam坑人", id="lex_z", category="fraud", note="Seen often"),
        state=EntryState.RETIRED,
        origin=Origin.ADDED,
    ),
)


def ids(wanted: EntryFilter, sort: EntrySort = EntrySort.ID) -> list[str]:
    return [record.entry.id for record in page_of(RECORDS, wanted, sort=sort).items]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EntryFilter(category="fraud"), ["lex_z"]),
        (EntryFilter(severity=2), ["lex_base_b"]),
        (EntryFilter(state=EntryState.RETIRED), ["lex_z"]),
        (EntryFilter(origin=Origin.SHIPPED, severity=3), ["lex_base_a", "lex_base_c"]),
        (EntryFilter(text="ＳＣＡＭ"), ["lex_z"]),
        (EntryFilter(text="often"), ["lex_z"]),
        (EntryFilter(text="base_c"), ["lex_base_c"]),
        (EntryFilter(text="霸王", severity=3), []),
    ],
)
def test_filters(wanted: EntryFilter, found: list[str]) -> None:
    assert ids(wanted) == found


def test_orders() -> None:
    assert ids(EntryFilter(), EntrySort.SEVERITY)[-1] == "lex_base_b"
    assert ids(EntryFilter(), EntrySort.CATEGORY)[-1] == "lex_base_a"
    assert ids(EntryFilter(), EntrySort.TERM)[0] == "lex_z"
    assert ids(EntryFilter(), EntrySort.SAVED) == ids(EntryFilter())


@given(st.sampled_from(EntrySort), st.integers(1, 5))
def test_pages_hold_everything_once(sort: EntrySort, limit: int) -> None:
    seen: list[str] = []
    after: Key | None = None
    while True:
        page = page_of(RECORDS, EntryFilter(), sort=sort, after=after, limit=limit)
        seen += [record.entry.id for record in page.items]
        assert page.total == len(RECORDS)
        after = page.next
        if after is None:
            break
    assert seen == ids(EntryFilter(), sort)


def test_a_key_of_another_order_begins_anew() -> None:
    page = page_of(RECORDS, EntryFilter(), sort=EntrySort.SEVERITY, after=("x", "y"))
    assert len(page.items) == len(RECORDS)
