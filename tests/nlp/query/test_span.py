"""Places of literals and the distance between them."""

import pytest

from nlp.query.span import literal_spans, within


def test_every_occurrence_is_found_even_overlapping() -> None:
    assert list(literal_spans("abab哈哈哈", "哈哈")) == [(4, 6), (5, 7)]


def test_latin_literals_stand_alone() -> None:
    assert list(literal_spans("happy app apps", "app")) == [(6, 9)]


@pytest.mark.parametrize(
    ("left", "right", "distance", "near"),
    [
        ([(0, 2)], [(2, 4)], 0, True),
        ([(0, 2)], [(3, 4)], 0, False),
        ([(0, 2)], [(10, 12)], 8, True),
        ([(0, 2)], [(11, 12)], 8, False),
        ([(10, 12)], [(0, 2)], 8, True),
        ([(0, 2)], [(1, 3)], 100, False),
        ([(0, 2)], [(0, 2)], 100, False),
        ([(0, 2), (20, 22)], [(25, 27)], 3, True),
        ([(0, 9)], [(1, 2), (12, 13)], 3, True),
        ([], [(0, 1)], 9, False),
    ],
)
def test_within(
    left: list[tuple[int, int]], right: list[tuple[int, int]], distance: int, near: bool
) -> None:
    assert within(left, right, distance=distance) is near
