"""What is counted of crises, their steps and the feeds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.coverage.condition import Cause, Condition, Sight
from service.coverage.feed import Feed, Gap
from service.incidents import Kind
from service.incidents.lifecycle import State
from service.indicators import Window, records
from service.indicators.figure import Share
from service.indicators.records import unseen_hours
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene

MONTH = Window(since=START - 30 * DAY, until=START)
MINUTE = timedelta(minutes=1)
NOT_COUNTED: list[dict[str, Any]] = [
    {"drill": True},
    {"kind": Kind.COVERAGE},
    {"monitor_id": "rival"},
    {"opened_at": START},
    {"opened_at": START - 31 * DAY},
    {"state": State.MERGED},
]


async def test_response_times_of_what_was_opened(scene: IndicatorScene) -> None:
    one = await scene.crisis(acknowledged_after=5 * MINUTE)
    await scene.crisis(acknowledged_after=-MINUTE)
    await scene.crisis()
    for changes in NOT_COUNTED:
        await scene.crisis(acknowledged_after=HOUR, **changes)
    opened = START - HOUR
    await scene.step(
        one, "first_response", due_at=START, state="done", done_at=opened + 20 * MINUTE
    )
    await scene.step(one, "other", due_at=START, state="done", done_at=opened + MINUTE)
    async with scene.database.read() as connection:
        (found,) = await records.responses(connection, "tea", [MONTH])
    assert found.opened == 3
    assert sorted(found.acknowledged) == [0.0, 300.0]
    assert tuple(found.answered) == (1_200.0,)


async def test_breaches_of_what_fell_due(scene: IndicatorScene) -> None:
    real, drill = await scene.crisis(), await scene.crisis(drill=True)
    past, future = START - HOUR, START + HOUR
    for number, (state, due_at, breached) in enumerate(
        [
            ("done", past, False),
            ("done", past, True),
            ("breached", past, True),
            ("pending", future, False),
            ("skipped", past, False),
            ("cancelled", past, True),
            ("done", START - 31 * DAY, True),
        ]
    ):
        for incident in (real, drill):
            await scene.step(
                incident,
                f"s{number}",
                due_at=due_at,
                state=state,
                breached_at=past if breached else None,
            )
    window = Window(since=MONTH.since, until=START + DAY)
    async with scene.database.read() as connection:
        (found,) = await records.breaches(connection, "tea", [window], now=START)
    assert found == Share(part=3, whole=4)


async def test_a_recurrence_repeats_one_closed_within_90_days(scene: IndicatorScene) -> None:
    await scene.crisis(opened_at=START - 2 * HOUR)
    await scene.crisis(opened_at=START - 99 * DAY, closed_at=START - 92 * DAY)
    await scene.crisis(opened_at=START - 120 * DAY, closed_at=START - 40 * DAY, scenario="outage")
    await scene.crisis(opened_at=START - HOUR, scenario="outage")
    await scene.crisis(
        opened_at=START - 50 * DAY, closed_at=START - 49 * DAY, scenario="misconduct", drill=True
    )
    await scene.crisis(opened_at=START - 3 * HOUR, scenario="misconduct")
    await scene.crisis(opened_at=START - 4 * HOUR, scenario="unclassified")
    await scene.crisis(opened_at=START - HOUR, scenario="misconduct", state=State.FALSE_POSITIVE)
    async with scene.database.read() as connection:
        (found,) = await records.recurrences(connection, "tea", [MONTH])
    assert found == Share(part=1, whole=3)


async def test_each_window_has_its_own(scene: IndicatorScene) -> None:
    first = await scene.crisis(
        opened_at=START - 26 * HOUR, closed_at=START - 3 * HOUR, scenario="outage"
    )
    second = await scene.crisis(opened_at=START - 2 * HOUR, scenario="outage")
    await scene.crisis(opened_at=START, scenario="outage")
    for incident, due_at in ((first, START - 25 * HOUR), (second, START - HOUR)):
        await scene.step(incident, "s", due_at=due_at, state="done")
    days = [
        Window(since=START - 2 * DAY, until=START - DAY),
        Window(since=START - DAY, until=START),
    ]
    async with scene.database.read() as connection:
        opened = await records.responses(connection, "tea", days)
        again = await records.recurrences(connection, "tea", days)
        due = await records.breaches(connection, "tea", days, now=START)
    assert [item.opened for item in opened] == [1, 1]
    assert again == [Share(part=0, whole=1), Share(part=1, whole=1)]
    assert due == [Share(part=0, whole=1), Share(part=0, whole=1)]


async def test_unseen_hours_of_stored_feeds(scene: IndicatorScene) -> None:
    await scene.feed("forum", START - 10 * HOUR)
    async with scene.database.read() as connection:
        (found,) = await records.unseen(connection, [MONTH], now=START)
    assert found == Share(part=0, whole=10)


def feed(name: str = "forum", **changes: Any) -> Feed:
    values: dict[str, Any] = {
        "id": name,
        "pushed": ":" in name,
        "platforms": (),
        "channels": (),
        "known_since": START - 10 * HOUR,
        "last_post_at": None,
        "last_pull_at": None,
        "condition": Condition(
            sight=Sight.UNKNOWN, since=START, cause=Cause.NEVER_PULLED, detail="", dark=False
        ),
    }
    return Feed(**(values | changes))


def gap(since: float, until: float | None, name: str = "forum") -> Gap:
    """Between so many hours before START."""
    return Gap(
        feed_id=name,
        sight=Sight.FAILING,
        detail="",
        since=START - since * HOUR,
        until=None if until is None else START - until * HOUR,
    )


@pytest.mark.parametrize(
    ("feeds", "gaps", "dark", "watched"),
    [
        ([], [], 0, 0),
        ([feed()], [], 0, 10),
        ([feed()], [gap(4, 2)], 2, 10),
        ([feed()], [gap(4, 2), gap(3, 1)], 3, 10),
        ([feed()], [gap(2, None)], 2, 10),
        ([feed()], [gap(20, 9)], 1, 10),
        ([feed(), feed("other")], [gap(4, 2), gap(4, 2, "gone")], 2, 20),
        ([feed(gone_at=START - 8 * HOUR)], [gap(4, 2)], 0, 2),
        ([feed("replay:weibo")], [gap(4, 2, "replay:weibo")], 0, 0),
        ([feed(known_since=START + HOUR)], [], 0, 0),
    ],
)
def test_unseen_hours(feeds: list[Feed], gaps: list[Gap], dark: float, watched: float) -> None:
    window = Window(since=START - DAY, until=START + DAY)
    found = unseen_hours(feeds, gaps, window, now=START)
    assert (found.part, found.whole) == (pytest.approx(dark), pytest.approx(watched))
