"""The volume of the next 90 days, by the model that was less wrong."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from service.auth import SYSTEM
from service.errors import InvalidInput, NotFound
from service.indicators.outlook import Outlooks, Staffing
from service.indicators.outlook.outlook import Model, forecast
from service.indicators.outlook.range import Range
from service.indicators.outlook.staffing import Workload, hour_profile
from service.settings import load_settings
from service.stores import StoredPost
from tests.support.clock import START
from tests.support.indicator_scene import DAY, IndicatorScene
from tests.support.stored_posts import stored_post

TODAY = date(2024, 3, 1)
USUAL = Staffing(minutes=6, shift_h=8, busy=0.75)
ZONE = load_settings({}).zone
MIDNIGHT = datetime(2024, 3, 1, tzinfo=ZONE).astimezone(UTC)
WEEKLY = (10, 12, 14, 16, 18, 5, 4)


def outlooks(scene: IndicatorScene) -> Outlooks:
    return Outlooks(
        store=scene.store,
        surroundings=scene.surroundings,
        clock=scene.clock,
        zone=ZONE,
        staffing=USUAL,
    )


async def history(scene: IndicatorScene, days: int, *, intent: str | None = None) -> None:
    """A few posts on each of the days before today at noon, more on some weekdays; two today."""
    made: list[StoredPost] = []
    for ago in range(days, -1, -1):
        at = MIDNIGHT - ago * DAY + DAY / 2 - timedelta(hours=3)
        for _ in range(WEEKLY[(-ago) % 7] // 2):
            made.append(
                stored_post(
                    len(made) + 1,
                    published_at=at + timedelta(microseconds=len(made)),
                    fetched_at=at + DAY,
                    stored_at=at + DAY,
                    analysis={} if intent is None else {"intent": {"label": intent}},
                )
            )
    await scene.store.upsert(made)


def grown(days: int, *, spread: float, seed: int = 3) -> list[int]:
    chance = random.Random(seed)
    return [round(WEEKLY[day % 7] * 8 * math.exp(chance.gauss(0, spread))) for day in range(days)]


def test_smoothing_is_served_where_weeks_are_noisy() -> None:
    found = forecast(grown(250, spread=0.3), TODAY, None)
    smooth, naive = found.accuracy[Model.SMOOTHING], found.accuracy[Model.NAIVE]
    assert found.served is Model.SMOOTHING
    assert smooth is not None
    assert naive is not None
    assert (smooth.mase or 9) < (naive.mase or 0)
    assert (found.tested_days, found.origins, found.history_days) == (90, 5, 250)
    assert found.history_since == TODAY - timedelta(days=250)
    assert [found.days[0].day, found.days[-1].day] == [TODAY, TODAY + timedelta(days=89)]
    assert len(found.days) == 90
    assert smooth.inside_80 == pytest.approx(0.8, abs=0.12)
    assert smooth.inside_95 == pytest.approx(0.95, abs=0.06)


def test_naive_is_served_where_it_is_better() -> None:
    """Steps that last for weeks: the last one goes on."""
    volumes = [100 if (day // 7) % 20 < 10 else 10 for day in range(98)]
    found = forecast(volumes, TODAY, None)
    naive = found.accuracy[Model.NAIVE]
    assert found.served is Model.NAIVE
    assert naive is not None
    assert found.days[0].posts.value == pytest.approx(volumes[-7])


def test_weeks_that_never_differ_are_naive() -> None:
    found = forecast(list(WEEKLY) * 14, TODAY, None)
    assert found.served is Model.NAIVE
    assert [round(day.posts.value) for day in found.days[:7]] == list(WEEKLY)


def test_what_cannot_be_fitted_is_naive() -> None:
    def broken(known: Sequence[float], days: int) -> list[Range]:
        raise ValueError("singular")

    found = forecast(grown(120, spread=0.3), TODAY, None, smoothing=broken)
    assert found.served is Model.NAIVE
    assert found.accuracy[Model.SMOOTHING] is None


def test_the_interval_goes_on_into_people() -> None:
    load = Workload(share=0.5, minutes=60, shift_h=24, busy=0.75, profile=hour_profile([1] * 24))
    found = forecast(grown(120, spread=0.3), TODAY, load)
    for day in found.days:
        (shift,) = day.shifts
        people = shift.people
        assert people.low_95 <= people.low_80 <= people.value <= people.high_80 <= people.high_95
        assert people.value == math.ceil(round(day.posts.value * 0.5 / 18, 9))
    assert found.reason is None


async def test_from_the_first_post_to_yesterday(scene: IndicatorScene) -> None:
    await history(scene, 90, intent="complaint")
    found = await outlooks(scene).ahead(SYSTEM, "tea")
    assert (found.history_days, found.history_since) == (90, TODAY - timedelta(days=90))
    assert (found.tested_days, found.origins) == (28, 1)
    assert found.load is not None
    assert (found.load.share, found.load.profile[9]) == (1.0, 1.0)
    assert [shift.starts_h for shift in found.days[0].shifts] == [0, 8, 16]
    assert found.days[0].shifts[1].people.value >= 1
    assert found.days[0].shifts[0].people.high_95 == 0


async def test_without_intents_nobody_is_counted(scene: IndicatorScene) -> None:
    await history(scene, 84)
    found = await outlooks(scene).ahead(SYSTEM, "tea")
    assert (found.load, found.reason) == (None, "not_enough_data")
    assert found.days[0].shifts == ()


async def test_a_short_history_is_refused(scene: IndicatorScene) -> None:
    await history(scene, 83)
    with pytest.raises(InvalidInput, match=r"83 whole days .* needs 84"):
        await outlooks(scene).ahead(SYSTEM, "tea")
    with pytest.raises(InvalidInput, match="0 whole days"):
        await outlooks(scene).ahead(SYSTEM, "rival")


async def test_what_cannot_be_meant(scene: IndicatorScene) -> None:
    with pytest.raises(InvalidInput) as caught:
        await outlooks(scene).ahead(
            SYSTEM, "tea", staffing=Staffing(minutes=0, shift_h=7, busy=0.5)
        )
    assert [path for path, _ in caught.value.errors] == ["minutes", "shift_h"]
    with pytest.raises(NotFound):
        await outlooks(scene).ahead(SYSTEM, "nobody")
    assert scene.clock.now() == START
