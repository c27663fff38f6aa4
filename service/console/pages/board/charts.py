"""The charts of the board: what each reads, and how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from nicegui import ui

from service.auth import Principal
from service.console.charts import Point, Series, bar, funnel, heat_map, line, show
from service.console.deeds import go
from service.console.scope import Scope, posts_address
from service.console.session import Visit
from service.console.theme import link, plain
from service.indicators import (
    Bucket,
    Funnel,
    IndicatorId,
    Reading,
    Rhythm,
    Voices,
    Window,
)

LEAST_POSTS = 30
"""Fewer posts say nothing about hours and weekdays."""
_COURSE = (IndicatorId.VOLUME, IndicatorId.NEGATIVE_SHARE, IndicatorId.NET_SENTIMENT)

Courses = dict[IndicatorId, Reading]


async def read_course(visit: Visit, scope: Scope, principal: Principal) -> Courses:
    """Volume by bucket."""
    return await _course(visit, scope, principal, (IndicatorId.VOLUME,), scope.span.bucket)


async def read_mood(visit: Visit, scope: Scope, principal: Principal) -> Courses:
    """Negative share and net sentiment by bucket; by wider ones where these hold too few posts."""
    for bucket in wider(scope.span.bucket):
        found = await _course(visit, scope, principal, _COURSE[1:], bucket)
        if is_mostly_told(found[IndicatorId.NEGATIVE_SHARE]):
            break
    return found


async def _course(
    visit: Visit,
    scope: Scope,
    principal: Principal,
    indicators: Sequence[IndicatorId],
    bucket: Bucket,
) -> Courses:
    found = await visit.container.indicators.board.readings(
        principal,
        scope.monitor.id,
        scope.window,
        indicators=indicators,
        bucket=bucket,
        compared=(),
    )
    return {item.indicator: item for item in found}


def draw_course(visit: Visit, scope: Scope, found: Courses) -> None:
    """Posts over time; a point leads to its posts."""
    words = visit.words
    series = found[IndicatorId.VOLUME].series
    chart = line(
        words("board.course"),
        bucket_labels([window for window, _ in series], scope.span.bucket, visit.zone),
        [Series(words("board.course_posts"), [figure.value for _, figure in series])],
    )

    async def drill(point: Point) -> None:
        go(visit, scope.posts(window=series[point.index][0]))

    show(visit, chart, on_point=drill)


def draw_mood(visit: Visit, scope: Scope, found: Courses) -> None:
    """Negative share and net sentiment; gaps where too few posts have a sentiment."""
    words = visit.words
    negative = found[IndicatorId.NEGATIVE_SHARE].series
    net = found[IndicatorId.NET_SENTIMENT].series
    if all(figure.value is None for _, figure in negative):
        plain(words("board.mood_course"), "h2")
        plain(words("board.few_moods"), "p", "soft")
        return
    windows = [window for window, _ in negative]
    chart = line(
        words("board.mood_course"),
        bucket_labels(windows, scope.span.bucket, visit.zone),
        [
            Series(words("board.course_negative"), [_rounded(item.value) for _, item in negative]),
            Series(words("board.course_net"), [_rounded(item.value) for _, item in net]),
        ],
    )

    async def drill(point: Point) -> None:
        window = negative[point.index][0]
        more = {"sentiment": "negative"} if point.series == words("board.course_negative") else {}
        go(visit, scope.posts(more, window=window))

    show(visit, chart, on_point=drill)


async def read_rhythm(visit: Visit, scope: Scope, principal: Principal) -> Rhythm:
    """Posts by weekday and hour."""
    rhythms = visit.container.indicators.rhythms
    return await rhythms.of(principal, scope.monitor.id, scope.window)


def draw_rhythm(visit: Visit, scope: Scope, found: Rhythm) -> None:
    """Hour by weekday."""
    words = visit.words
    if found.n < LEAST_POSTS:
        plain(words("board.rhythm"), "h2")
        plain(words("board.few_posts", n=found.n), "p", "soft")
        return
    days = [words.choice("weekday", str(day)) for day in range(1, 8)]
    hours = [f"{hour:02d}" for hour in range(24)]
    show(
        visit,
        heat_map(words("board.rhythm"), hours, days, found.posts, unit=words("board.rhythm_what")),
    )


async def read_funnel(visit: Visit, scope: Scope, principal: Principal) -> Funnel:
    """From posts to contained."""
    return await visit.container.indicators.funnels.of(principal, scope.monitor.id, scope.window)


def draw_funnel(visit: Visit, scope: Scope, found: Funnel) -> None:
    """Each stage leads to what it counts."""
    words = visit.words
    stages = {
        "posts": found.posts,
        "alerts": found.alerts,
        "incidents": found.incidents,
        "answered": found.answered,
        "contained": found.contained,
    }
    chart = funnel(
        words("board.funnel"),
        [(words.choice("board.funnel_stages", name), count) for name, count in stages.items()],
        head=(words("board.stage"), words("board.value"), words("board.of_before")),
    )

    async def drill(point: Point) -> None:
        go(visit, scope.posts() if point.index == 0 else scope.crises())

    show(visit, chart, on_point=drill)
    with ui.element("p").classes("soft small"):
        plain(words("board.funnel_said"))
        if found.unanswered:
            plain(words("board.funnel_unanswered", n=found.unanswered))
    link(scope.crises(), words("board.to_crises"))


async def read_voices(visit: Visit, scope: Scope, principal: Principal) -> Voices:
    """The monitor beside the brands of the other side."""
    return await visit.container.indicators.voices.of(principal, scope.monitor.id, scope.window)


def draw_voices(visit: Visit, scope: Scope, found: Voices) -> None:
    """A bar for each brand; it leads to the brand's posts."""
    words = visit.words
    if found.reason is not None:
        plain(words("board.voice"), "h2")
        plain(words.choice("board.silences", found.reason.value), "p", "soft")
        plain(words("board.voice_said", n=f"{found.n:,}"), "p", "soft small")
        return
    names = [item.name for item in found.items]
    chart = bar(
        words("board.voice"),
        names,
        [Series(words("board.voice_posts"), [item.posts for item in found.items])],
    )

    async def drill(point: Point) -> None:
        monitors = found.items[point.index].monitors
        go(visit, posts_address(",".join(monitors), scope.window))

    show(visit, chart, on_point=drill)
    with ui.element("dl").classes("facts"):
        for item in found.items:
            plain(item.name, "dt", "foreign")
            share, posts = f"{item.posts / found.n:.1%}", f"{item.posts:,}"
            plain(words("board.voice_share", share=share, posts=posts), "dd")
    plain(words("board.voice_said", n=f"{found.n:,}"), "p", "soft small")


def wider(bucket: Bucket) -> tuple[Bucket, ...]:
    """It, and what is longer."""
    every = tuple(Bucket)
    return every[every.index(bucket) :]


def is_mostly_told(reading: Reading) -> bool:
    """Whether more than half of the buckets have a value."""
    return sum(it.value is not None for _, it in reading.series) > len(reading.series) / 2


def bucket_labels(windows: Sequence[Window], bucket: Bucket, zone: ZoneInfo) -> list[str]:
    """When each bucket begins, on people's clocks; with the year where they are of several."""
    years = {_local(window.since, zone).year for window in windows}
    form = "%m-%d %H:00" if bucket is Bucket.HOUR else "%m-%d" if len(years) < 2 else "%Y-%m-%d"
    return [_local(window.since, zone).strftime(form) for window in windows]


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
