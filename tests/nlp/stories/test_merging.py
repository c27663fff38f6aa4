from __future__ import annotations

from nlp.stories.merging import confirmed, pair_of

A, B = pair_of("b", "a"), pair_of("c", "d")


def test_a_pair_is_ready_when_it_was_near_often_enough_in_a_row() -> None:
    counts, ready = confirmed({}, [A], looked_at={"a"}, needed=2)
    assert (counts, ready) == ({A: 1}, [])

    assert confirmed(counts, [A], looked_at={"b"}, needed=2) == ({}, [A])


def test_one_review_without_it_begins_anew() -> None:
    assert confirmed({A: 1}, [], looked_at={"a"}, needed=2) == ({}, [])


def test_what_was_not_looked_at_stays_counted() -> None:
    assert confirmed({A: 1, B: 1}, [], looked_at={"x"}, needed=3) == ({A: 1, B: 1}, [])
