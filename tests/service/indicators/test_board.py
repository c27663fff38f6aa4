"""Figures of stored posts, what they were before, and what stands behind them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from service.auth import SYSTEM, Principal, PrincipalKind, Role
from service.errors import Forbidden, NotFound
from service.indicators import Bucket, Earlier, IndicatorId, Reading, Window
from service.indicators.definition import Origin
from service.indicators.definitions import DEFINITIONS
from service.indicators.figure import Silence
from service.posts import parse_page
from service.settings import load_settings
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene

TODAY = Window(since=START - DAY, until=START)


async def read(
    scene: IndicatorScene,
    indicator: IndicatorId,
    *,
    monitor: str = "tea",
    window: Window = TODAY,
    bucket: Bucket | None = None,
) -> Reading:
    (found,) = await scene.board.readings(
        SYSTEM, monitor, window, indicators=[indicator], bucket=bucket
    )
    return found


async def test_a_share_is_compared_with_three_earlier_windows(scene: IndicatorScene) -> None:
    for ago, negative in ((0, 30), (1, 15), (7, 45), (366, 6)):
        shift = timedelta(days=ago)
        await scene.posts(negative, ago=shift + HOUR, sentiment="negative")
        await scene.posts(60 - negative, ago=shift + 2 * HOUR)
    found = await read(scene, IndicatorId.NEGATIVE_SHARE)
    assert (found.figure.value, found.figure.n) == (0.5, 60)
    values = {which: item.figure.value for which, item in found.before.items()}
    assert values == {
        Earlier.PREVIOUS: 0.25,
        Earlier.WEEK_BEFORE: 0.75,
        Earlier.YEAR_BEFORE: 0.1,
    }
    previous = found.before[Earlier.PREVIOUS]
    assert (previous.change, previous.ratio) == (0.25, 1.0)


async def test_a_window_before_the_first_post_is_no_zero(scene: IndicatorScene) -> None:
    await scene.posts(3)
    found = await read(scene, IndicatorId.VOLUME)
    assert found.figure.value == 3
    previous = found.before[Earlier.PREVIOUS]
    assert previous.figure.silence is Silence.BEFORE_FIRST_POST
    assert (previous.change, previous.ratio) == (None, None)


async def test_calm_after_the_first_post_is_a_zero(scene: IndicatorScene) -> None:
    await scene.posts(3, ago=3 * DAY)
    found = await read(scene, IndicatorId.VOLUME)
    assert found.figure.value == 0
    assert found.before[Earlier.PREVIOUS].figure.value == 0
    assert found.before[Earlier.PREVIOUS].ratio == 0


async def test_a_count_grows_from_nothing_too(scene: IndicatorScene) -> None:
    await scene.posts(1, ago=3 * DAY)
    await scene.posts(50)
    found = await read(scene, IndicatorId.VOLUME)
    assert found.before[Earlier.PREVIOUS].figure.value == 0
    assert found.before[Earlier.PREVIOUS].ratio == 50


async def test_a_course_in_days_of_the_installation(scene: IndicatorScene) -> None:
    # START is 10:00 in Shanghai: the day there begins ten hours before
    await scene.posts(2, ago=11 * HOUR)
    await scene.posts(3, ago=9 * HOUR)
    found = await read(scene, IndicatorId.VOLUME, bucket=Bucket.DAY)
    midnight = START - 10 * HOUR
    assert [(piece.until, item.value) for piece, item in found.series] == [
        (midnight, 2),
        (START, 3),
    ]


async def test_buckets_before_the_first_post_say_so(scene: IndicatorScene) -> None:
    await scene.posts(3, ago=9 * HOUR)
    found = await read(scene, IndicatorId.VOLUME, bucket=Bucket.DAY)
    assert [item.silence for _, item in found.series] == [Silence.BEFORE_FIRST_POST, None]


async def test_voice_among_brands_of_the_other_side(scene: IndicatorScene) -> None:
    await scene.posts(90)
    await scene.posts(20, monitors=("rival",))
    await scene.posts(10, monitors=("rival", "tea"))
    await scene.posts(70, monitors=("loose",))
    tea = await read(scene, IndicatorId.SHARE_OF_VOICE)
    assert tea.figure.parts["count"] == {"posts": 100, "rivals": 30}
    rival = await read(scene, IndicatorId.SHARE_OF_VOICE, monitor="rival")
    assert rival.figure.parts["count"] == {"posts": 30, "rivals": 100}
    loose = await read(scene, IndicatorId.SHARE_OF_VOICE, monitor="loose")
    assert loose.figure.silence is Silence.NO_RIVALS


async def test_topics_are_those_of_the_active_version(scene: IndicatorScene) -> None:
    await scene.posts(30, topic="4:1")
    await scene.posts(5, topic="3:1")
    assert (await read(scene, IndicatorId.TOPIC_MIX)).figure.silence is Silence.NO_TOPICS
    scene.topics = "4"
    found = await read(scene, IndicatorId.TOPIC_MIX)
    assert (found.figure.value, found.figure.n) == (1.0, 30)


async def test_every_link_finds_as_many_posts_as_were_counted(scene: IndicatorScene) -> None:
    scene.topics = "4"
    await scene.posts(12, sentiment="negative", emotion="angry", intent="complaint", topic="4:1")
    await scene.posts(20, sentiment="positive", emotion="happy", intent="praise", topic="4:-")
    await scene.posts(9, sentiment=None, source="news:daily", channel="news")
    await scene.posts(4, spared=("tea",), sentiment="negative", emotion="angry")
    await scene.posts(5, monitors=("rival",))
    await scene.posts(7, ago=2 * DAY)
    followed = 0
    for reading in await scene.board.readings(SYSTEM, "tea", TODAY):
        if DEFINITIONS[reading.indicator].origin not in {Origin.POSTS, Origin.RIVALS}:
            continue
        assert reading.links, reading.indicator
        for link in reading.links:
            address = urlsplit(link.href)
            assert address.path == "/v1/posts"
            request = parse_page(parse_qs(address.query), zone=load_settings({}).zone)
            page = await scene.store.search(request.query, limit=1)
            assert page.total == link.count, (reading.indicator, link)
            followed += 1
    assert followed > 20
    negative = next(
        link.count
        for link in (await read(scene, IndicatorId.NEGATIVE_SHARE)).links
        if link.part == "sentiment=negative"
    )
    assert negative == 12


async def test_other_numbers_lead_elsewhere(scene: IndicatorScene) -> None:
    found = {item.indicator: item for item in await scene.board.readings(SYSTEM, "tea", TODAY)}
    assert len(found) == 15
    paths = {
        item: {urlsplit(link.href).path for link in found[item].links}
        for item in (
            IndicatorId.RESPONSE_TIMES,
            IndicatorId.BREACH_RATE,
            IndicatorId.COVERAGE,
        )
    }
    assert paths == {
        IndicatorId.RESPONSE_TIMES: {"/v1/incidents"},
        IndicatorId.BREACH_RATE: {"/v1/incidents"},
        IndicatorId.COVERAGE: {"/v1/coverage/statement"},
    }
    long = Window(since=START - 100 * DAY, until=START)
    assert (await read(scene, IndicatorId.COVERAGE, window=long)).links == ()


async def test_unknown_monitors_and_strangers_are_refused(scene: IndicatorScene) -> None:
    with pytest.raises(NotFound):
        await read(scene, IndicatorId.VOLUME, monitor="nobody")
    elsewhere = Principal(
        id="u",
        kind=PrincipalKind.USER,
        name="u",
        roles=frozenset({Role.VIEWER}),
        monitors=frozenset({"rival"}),
    )
    with pytest.raises(Forbidden):
        await scene.board.readings(elsewhere, "tea", TODAY)
