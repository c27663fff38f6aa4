"""When people post."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from service.demo.hours import ZONE, instants, ordinary_instants

FRIDAY = date(2026, 3, 6)


def test_ordinary_instants_stay_within_their_day() -> None:
    assert {at.date() for at in ordinary_instants(FRIDAY, Random(1))} == {FRIDAY}


def test_weekends_are_fuller() -> None:
    friday = len(list(ordinary_instants(FRIDAY, Random(1))))
    saturday = len(list(ordinary_instants(FRIDAY + timedelta(days=1), Random(1))))

    assert saturday > friday


def test_instants_fall_into_the_span() -> None:
    start = datetime(2026, 3, 6, 12, 0, tzinfo=ZONE)

    drawn = list(instants(start, posts=50, span=timedelta(minutes=1), rng=Random(1)))

    assert len(drawn) == 50
    assert all(start <= at < start + timedelta(minutes=1) for at in drawn)
