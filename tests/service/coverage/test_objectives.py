"""Collection, cleaning, accuracy: what was promised and what was kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.coverage import Feed, Schedule, Sight
from service.coverage.collection import Collection, missed
from service.coverage.objectives import Objective, ObjectiveName, Standing, assess
from service.coverage.percentiles import counted
from service.coverage.repository import FeedHour
from service.coverage.samples import Accuracy
from tests.support.clock import START
from tests.support.coverage_scene import FEED, INTERVAL

PLAN = {"news": Schedule(enabled=True, interval=INTERVAL, since=START - timedelta(days=9))}
ALL_RIGHT = Accuracy(checked=100, right=100, wrong_fields={})


def hour(**values: Any) -> FeedHour:
    return replace(FeedHour(feed_id="news", hour=START), **values)


def judged(*hours: FeedHour, feed: Feed = FEED, accuracy: Accuracy = ALL_RIGHT) -> Standing:
    return assess(hours, feeds=[feed], schedules=PLAN, accuracy=accuracy, now=START)


def of(standing: Standing, name: ObjectiveName) -> Objective:
    return next(item for item in standing.objectives if item.name is name)


@pytest.mark.parametrize(
    ("minutes", "count"), [(0, 0), (5, 0), (9.9, 0), (10, 1), (60, 11), (-5, 0)]
)
def test_each_interval_beyond_the_first_is_a_missed_pull(minutes: float, count: int) -> None:
    assert missed(START, START + timedelta(minutes=minutes), INTERVAL) == count


def test_nothing_due_is_no_share() -> None:
    assert Collection(due=0, collected=0).share is None


def test_collection_is_kept_at_one_in_a_thousand_and_missed_beyond() -> None:
    kept = of(judged(hour(due=1000, collected=999)), ObjectiveName.COLLECTION)
    lost = of(judged(hour(due=1000, collected=998)), ObjectiveName.COLLECTION)
    assert (kept.missed, kept.share) == (False, 0.999)
    assert lost.missed


def test_one_failure_of_a_few_pulls_misses_nothing() -> None:
    assert not of(judged(hour(due=288, collected=287)), ObjectiveName.COLLECTION).missed


def test_a_crawler_that_stands_still_misses_what_is_due() -> None:
    still = replace(FEED, last_pull_at=START - timedelta(hours=2))
    found = judged(hour(due=1000, collected=1000), feed=still)
    assert found.collection["news"] == Collection(due=1023, collected=1000)
    assert of(found, ObjectiveName.COLLECTION).missed


def test_what_is_paused_or_pushed_owes_nothing() -> None:
    paused = replace(FEED, condition=replace(FEED.condition, sight=Sight.PAUSED))
    pushed = replace(FEED, pushed=True)
    for feed in (paused, pushed):
        assert judged(hour(due=9, collected=0), feed=feed).collection == {}


def test_cleaning_takes_two_hours_at_most() -> None:
    quick = hour(lags={"cleaned": counted([2.0] * 99 + [9_000.0])})
    slow = hour(lags={"cleaned": counted([2.0] * 98 + [9_000.0] * 2)})
    assert not of(judged(quick), ObjectiveName.CLEANING).missed
    assert of(judged(slow), ObjectiveName.CLEANING).missed


def test_accuracy_is_judged_from_twenty_records_on() -> None:
    few = Accuracy(checked=19, right=0, wrong_fields={"text": 19})
    enough = Accuracy(checked=100, right=97, wrong_fields={"text": 3})
    assert not of(judged(accuracy=few), ObjectiveName.ACCURACY).missed
    assert of(judged(accuracy=enough), ObjectiveName.ACCURACY).missed
    assert not of(judged(accuracy=replace(enough, right=98)), ObjectiveName.ACCURACY).missed


def test_without_any_case_nothing_is_missed() -> None:
    found = judged(accuracy=Accuracy(checked=0, right=0, wrong_fields={}))
    assert [(item.share, item.missed) for item in found.objectives] == [(None, False)] * 3
