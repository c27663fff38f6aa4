"""Posts by weekday and hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.auth import SYSTEM
from service.errors import Forbidden, InvalidInput, NotFound
from service.indicators import Rhythms, Window
from service.settings import load_settings
from tests.support.clock import START
from tests.support.incident_scene import LEAD, person
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene

WINDOW = Window(since=START - 7 * DAY, until=START)


def rhythms(scene: IndicatorScene) -> Rhythms:
    return Rhythms(store=scene.store, surroundings=scene.surroundings, zone=load_settings({}).zone)


async def test_posts_fall_on_their_weekday_and_hour_of_the_zone(scene: IndicatorScene) -> None:
    await scene.posts(2, ago=HOUR, sentiment="negative")
    await scene.posts(1, ago=DAY + HOUR)
    await scene.posts(1, ago=8 * DAY)
    found = await rhythms(scene).of(LEAD, "tea", WINDOW)
    local = (START - HOUR).astimezone(load_settings({}).zone)
    assert found.n == 3
    assert found.posts[local.weekday()][local.hour] == 2
    assert found.negative[local.weekday()][local.hour] == 2
    assert found.posts[(local - DAY).weekday()][local.hour] == 1
    assert sum(map(sum, found.negative)) == 2
    assert {len(hours) for hours in found.posts} == {24}


async def test_a_window_that_begins_inside_an_hour_counts_that_hour_as_it_is(
    scene: IndicatorScene,
) -> None:
    half = timedelta(minutes=30)
    await scene.posts(1, ago=HOUR + timedelta(minutes=20))
    await scene.posts(1, ago=HOUR + timedelta(minutes=40))
    window = Window(since=START - HOUR - half, until=START)
    found = await rhythms(scene).of(SYSTEM, "tea", window)
    local = (START - HOUR - timedelta(minutes=20)).astimezone(load_settings({}).zone)
    assert found.n == 1
    assert found.posts[local.weekday()][local.hour] == 1


async def test_a_window_too_long_is_refused(scene: IndicatorScene) -> None:
    window = Window(since=START - timedelta(days=401), until=START)
    with pytest.raises(InvalidInput, match="400 days"):
        await rhythms(scene).of(SYSTEM, "tea", window)


async def test_a_stranger_and_an_unknown_monitor_are_refused(scene: IndicatorScene) -> None:
    with pytest.raises(Forbidden):
        await rhythms(scene).of(person("nobody"), "tea", WINDOW)
    with pytest.raises(NotFound):
        await rhythms(scene).of(SYSTEM, "none", WINDOW)
