"""How often the windows are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.monitoring.facts import EMPTY, Windows
from service.monitoring.windows import DAY, DAY_FOR, HOUR, MANY, Segments, WindowReads
from service.stores.post_store import Segment
from tests.support.clock import START

MINUTE = timedelta(minutes=1)


class _Asked:
    """A store that answers every window with its length in minutes, and remembers them."""

    def __init__(self) -> None:
        self.windows: list[timedelta] = []

    async def segments(self, monitor: str, *, since: datetime, until: datetime) -> Segments:
        del monitor
        self.windows.append(until - since - timedelta(seconds=1))
        return {"*": minutes(self.windows[-1])}


def minutes(window: timedelta) -> Segment:
    return replace(EMPTY, posts=window // MINUTE)


@pytest.fixture
def asked() -> _Asked:
    return _Asked()


@pytest.fixture
def reads(asked: _Asked) -> WindowReads:
    store: Any = asked
    return WindowReads(store)


def hour(**counts: Any) -> Segments:
    return {"*": replace(EMPTY, **counts)}


async def test_a_window_ends_with_the_post_of_this_very_instant(
    reads: WindowReads, asked: _Asked
) -> None:
    assert (await reads.last(HOUR, "tea", START))["*"].posts == 60
    assert asked.windows == [HOUR]


@pytest.mark.parametrize(
    ("before", "after", "reading"),
    [
        ({"posts": 5}, {"posts": 9}, 1),
        ({"severe": 1}, {"severe": 2}, 2),
        ({"categories": {}}, {"categories": {"injury": 1}}, 2),
        ({"news": MANY}, {"news": MANY + 30}, 1),
        ({"categories": {"injury": MANY}}, {"categories": {"injury": 2 * MANY}}, 1),
    ],
)
async def test_the_day_is_read_again_for_a_grave_post(
    reads: WindowReads,
    asked: _Asked,
    before: dict[str, Any],
    after: dict[str, Any],
    reading: int,
) -> None:
    await reads.day("tea", hour(**before), START)
    await reads.day("tea", hour(**after), START + MINUTE)
    assert asked.windows == [DAY] * reading


async def test_the_day_is_read_again_after_some_minutes(reads: WindowReads, asked: _Asked) -> None:
    for at in (START, START + DAY_FOR - MINUTE, START + DAY_FOR):
        await reads.day("tea", hour(), at)
    assert len(asked.windows) == 2


async def test_what_is_forgotten_is_read_again(reads: WindowReads, asked: _Asked) -> None:
    await reads.day("tea", hour(), START)
    reads.forget("tea")
    await reads.day("tea", hour(), START)
    assert len(asked.windows) == 2


SEEN = Windows(
    ten_minutes=replace(EMPTY, posts=1), hour=replace(EMPTY, posts=2), day=replace(EMPTY, posts=3)
)


@pytest.mark.parametrize("ended", [None, START - DAY])
async def test_what_no_recent_incident_has_taken_is_whole(
    reads: WindowReads, asked: _Asked, ended: datetime | None
) -> None:
    assert await reads.fresh("tea", "*", SEEN, ended, now=START) == SEEN
    assert asked.windows == []


async def test_windows_begin_where_the_last_incident_stopped_taking(
    reads: WindowReads, asked: _Asked
) -> None:
    fresh = await reads.fresh("tea", "*", SEEN, START - 40 * MINUTE, now=START)
    assert (fresh.ten_minutes.posts, fresh.hour.posts, fresh.day.posts) == (1, 40, 40)
    assert asked.windows == [40 * MINUTE]
