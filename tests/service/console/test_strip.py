"""How well sources are seen, in one word each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.auth import SYSTEM
from service.console.health import Health
from service.console.i18n import Language, load_words
from service.console.strip import SeenFeed, health_of, lag_said, read_sources
from service.coverage import Sight
from service.coverage.lag import Stage
from service.coverage.percentiles import Percentiles
from tests.support.console_scene import ConsoleScene
from tests.support.coverage_scene import FEED
from tests.support.insight_scene import feeds

ZH = load_words(Language.ZH)


def took(p50: float, p95: float) -> Percentiles:
    return Percentiles(p50=p50, p95=p95, p99=p95, count=20)


@pytest.mark.parametrize(
    ("sight", "health"),
    [
        (Sight.OK, Health.FINE),
        (Sight.OK_EMPTY, Health.FINE),
        (Sight.UNKNOWN, Health.LATE),
        (Sight.QUIET, Health.BLIND),
        (Sight.BLOCKED, Health.BLIND),
        (Sight.SCHEMA_DRIFT, Health.BLIND),
        (Sight.FAILING, Health.BLIND),
        (Sight.PAUSED, Health.BLIND),
    ],
)
def test_a_state_is_blind_late_or_fine(sight: Sight, health: Health):
    feed = replace(FEED, condition=replace(FEED.condition, sight=sight))
    assert health_of(feed, {}) is health


def test_a_source_that_answers_is_late_when_its_posts_are():
    assert health_of(FEED, {Stage.FETCHED: took(3_601, 9_000)}) is Health.LATE
    assert health_of(FEED, {Stage.CLEANED: took(5, 7_201)}) is Health.LATE
    assert health_of(FEED, {Stage.FETCHED: took(60, 9_000)}) is Health.FINE


def test_two_stages_are_told_apart_and_nothing_is_added_up():
    seen = SeenFeed(
        feed=FEED,
        health=Health.FINE,
        stages={Stage.FETCHED: took(40, 120), Stage.CLEANED: took(1.5, 4)},
    )
    said = lag_said(ZH, seen)
    for part in ("40秒", "2分", "1.5秒", "4.0秒"):
        assert part in said
    assert "没有新帖" in lag_said(ZH, replace(seen, stages={}))


async def test_the_worst_comes_first(scene: ConsoleScene):
    await feeds(scene)
    sources = await read_sources(scene.container, SYSTEM)
    assert [(item.feed.name, item.health) for item in sources.feeds] == [
        ("heimao", Health.BLIND),
        ("news", Health.LATE),
        ("weibo", Health.FINE),
    ]
    assert sources.tally(ZH) == "1 个看不见 · 1 个有延迟 · 1 个正常"
