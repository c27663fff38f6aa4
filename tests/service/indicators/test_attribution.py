"""Parts that sum to the change, whatever the tables; and the parts that a reader expects."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.indicators.attribution import (
    OTHER,
    Cell,
    Table,
    attribute_ratio,
    attribute_sum,
    shortened,
)

NAMES = ("source", "topic", "author", "brand")
CLOSE = 1e-9


def tables(width: int) -> st.SearchStrategy[Table]:
    keys = st.tuples(*[st.sampled_from("abc") for _ in range(width)])
    wholes = st.integers(0, 1_000)
    cells = wholes.flatmap(
        lambda whole: st.integers(-whole, whole).map(lambda part: Cell(part, whole))
    )
    return st.dictionaries(keys, cells, max_size=20)


pairs = st.integers(1, 4).flatmap(lambda width: st.tuples(tables(width), tables(width)))


@settings(max_examples=150)
@given(pairs)
def test_the_parts_of_a_ratio_sum_to_its_change(both: tuple[Table, Table]) -> None:
    before, after = both
    width = len(next(iter((*before, *after)), ("a",)))
    found = attribute_ratio(before, after, dimensions=NAMES[:width])
    if found is None:
        assert 0 in {sum(cell.whole for cell in table.values()) for table in both}
        return
    assert abs(sum(found.dimensions.values()) + found.rate - found.change) < CLOSE
    assert set(found.values) == set(NAMES[:width])
    for parts in found.values.values():
        assert abs(sum(part.part for part in parts) - found.change) < CLOSE
        assert all(abs(part.mix + part.rate - part.part) < CLOSE for part in parts)


@settings(max_examples=80)
@given(pairs)
def test_the_parts_of_a_sum_are_exact(both: tuple[Table, Table]) -> None:
    before, after = both
    width = len(next(iter((*before, *after)), ("a",)))
    found = attribute_sum(before, after, dimensions=NAMES[:width])
    for parts in found.values.values():
        assert sum(part.part for part in parts) == found.change


@settings(max_examples=50)
@given(pairs)
def test_the_order_of_cells_changes_nothing(both: tuple[Table, Table]) -> None:
    turned = [dict(reversed(table.items())) for table in both]
    width = len(next(iter((*both[0], *both[1])), ("a",)))
    names = NAMES[:width]
    one = attribute_ratio(*both, dimensions=names)
    other = attribute_ratio(*turned, dimensions=names)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.values == other.values
        assert one.dimensions == other.dimensions


def test_a_change_inside_one_source_is_its_rate() -> None:
    before = {("weibo",): Cell(10, 100), ("forum",): Cell(10, 100)}
    after = {("weibo",): Cell(50, 100), ("forum",): Cell(10, 100)}
    found = attribute_ratio(before, after, dimensions=("source",))
    assert found is not None
    first, second = found.values["source"]
    assert (first.value, first.rate, first.mix) == ("weibo", pytest.approx(0.2), 0)
    assert second.part == pytest.approx(0)
    assert found.dimensions == {"source": pytest.approx(0)}
    assert found.rate == pytest.approx(0.2)


def test_more_of_an_angry_source_is_mix() -> None:
    before = {("weibo", "1"): Cell(10, 100), ("forum", "1"): Cell(90, 100)}
    after = {("weibo", "1"): Cell(10, 100), ("forum", "1"): Cell(270, 300)}
    found = attribute_ratio(before, after, dimensions=("source", "topic"))
    assert found is not None
    assert found.change == pytest.approx(0.2)
    assert found.dimensions == {"source": pytest.approx(0.2), "topic": pytest.approx(0)}
    assert found.rate == pytest.approx(0)


def test_a_source_that_is_new_comes_as_mix() -> None:
    before = {("weibo",): Cell(10, 100)}
    after = {("weibo",): Cell(10, 100), ("forum",): Cell(100, 100)}
    found = attribute_ratio(before, after, dimensions=("source",))
    assert found is not None
    assert all(part.rate == 0 for part in found.values["source"])
    assert found.rate == pytest.approx(0)


def test_two_dimensions_that_say_the_same_share_the_change() -> None:
    before = {("weibo", "x"): Cell(0, 100), ("forum", "y"): Cell(100, 100)}
    after = {("weibo", "x"): Cell(0, 100), ("forum", "y"): Cell(300, 300)}
    found = attribute_ratio(before, after, dimensions=("source", "topic"))
    assert found is not None
    assert found.dimensions["source"] == pytest.approx(found.dimensions["topic"])
    assert found.dimensions["source"] == pytest.approx(0.125)


def test_what_is_small_becomes_other() -> None:
    before = {(name,): Cell(size) for name, size in (("a", 5.0), ("b", 3.0), ("c", 1.0))}
    after = {("d",): Cell(2.0), ("a",): Cell(5.0)}
    short_before, short_after = shortened(before, after, most=2)
    assert short_before == {("a",): Cell(5.0), ("b",): Cell(3.0), (OTHER,): Cell(1.0)}
    assert short_after == {("a",): Cell(5.0), (OTHER,): Cell(2.0)}
    assert shortened({}, {}, most=2) == ({}, {})


def test_tables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        attribute_sum({}, {}, dimensions=())
    with pytest.raises(ValueError, match="one value for each"):
        attribute_sum({("a",): Cell(1)}, {}, dimensions=("source", "topic"))
    with pytest.raises(ValueError, match="counts -1"):
        attribute_ratio({("a",): Cell(0, -1)}, {}, dimensions=("source",))
    with pytest.raises(ValueError, match="over nothing"):
        attribute_ratio({("a",): Cell(1, 0)}, {}, dimensions=("source",))
