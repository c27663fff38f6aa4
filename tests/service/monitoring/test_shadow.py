"""Rules in shadow: written down, never acted upon, set against what live rules did."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Facts, Kind, Match, Reason
from service.auth import SYSTEM
from service.db import Database
from service.monitoring.baseline import Baseline
from service.monitoring.facts import Windows
from service.monitoring.shadow import SAVED_EVERY, ShadowBook, ShadowMatch
from service.monitoring.situation import SegmentView
from service.monitors import Monitor
from tests.support.clock import START, SteppingClock
from tests.support.watch_scene import HURT, WatchScene, complaint, open_watch

HURTS: dict[str, Any] = {
    "name": {"zh": "试用", "en": "Trial"},
    "kind": "crisis",
    "scenarios": "any",
    "tier": "red",
    "when": {"fact": "injury_posts_24h", "at_least": 1},
    "why": {"zh": "试用"},
    "mode": "shadow",
}


@pytest.fixture
async def watch(tmp_path: Path, clock: SteppingClock) -> AsyncIterator[WatchScene]:
    async with open_watch(tmp_path, clock) as scene:
        yield scene


async def matches(watch: WatchScene, rule: str = "trial") -> tuple[ShadowMatch, ...]:
    found, _ = await watch.container.rules.shadows.page(rule, limit=50)
    return found


async def only_shadow(watch: WatchScene) -> None:
    """Every shipped rule is off, and one rule is tried out."""
    desk = watch.container.rules.desk
    for name in watch.container.library.rules:
        await desk.put(SYSTEM, name, {"enabled": False})
    await desk.put(SYSTEM, "trial", HURTS)


async def test_a_match_is_written_down_and_opens_nothing(watch: WatchScene) -> None:
    await only_shadow(watch)
    await watch.say(HURT)
    await watch.wait(minutes=2)

    (match,) = await matches(watch)
    assert (match.monitor_id, match.tier, match.scenario) == ("tea", "red", "safety_incident")
    assert match.reasons == ({"clause": "injury_posts_24h ≥ 1", "value": 1, "threshold": 1.0},)
    assert match.content == watch.container.rules.directory.library.version
    assert await watch.incidents() == []
    assert watch.container.recorder.sent == []


def view(content: str = "v1", **changes: Any) -> SegmentView:
    """A look at one scenario in which the rule `trial` would have matched."""
    match = Match(
        rule_id="trial",
        kind=Kind.CRISIS,
        scenario="outage",
        tier="red",
        reasons=(Reason(clause="posts_1h ≥ 5", value=6, threshold=5),),
    )
    return SegmentView(
        scenario="outage",
        windows=Windows(),
        baseline=Baseline(),
        facts=Facts({}),
        matches=(),
        shadows=(replace(match, **changes),),
        content=content,
    )


TEA = Monitor(
    id="tea", name="tea", query="*", backfill=None, created_at=START, updated_at=START, version=1
)


async def written(book: ShadowBook) -> list[tuple[timedelta, timedelta, int]]:
    """Newest first: when it began and was last seen after START, and how often."""
    found, _ = await book.page("trial", limit=50)
    return [(item.at - START, item.last_at - START, item.ticks) for item in found]


async def test_what_goes_on_stays_one_match(database: Database) -> None:
    book = ShadowBook(database)
    for minutes in (0, 1, 9, 15, 16):
        await book.seen(TEA, [view()], now=START + timedelta(minutes=minutes))

    assert await written(book) == [(timedelta(0), SAVED_EVERY, 4)]


async def test_a_restart_goes_on_with_the_same_match(database: Database) -> None:
    for minutes in (0, 20, 40):
        await ShadowBook(database).seen(TEA, [view()], now=START + timedelta(minutes=minutes))

    assert await written(ShadowBook(database)) == [(timedelta(0), timedelta(minutes=40), 3)]


async def test_after_a_pause_it_is_another_match(database: Database) -> None:
    book = ShadowBook(database)
    for hours in (0, 4):
        await book.seen(TEA, [view()], now=START + timedelta(hours=hours))

    assert [began for began, _, _ in await written(book)] == [timedelta(hours=4), timedelta(0)]
    page, following = await book.page("trial", limit=1)
    rest, end = await book.page("trial", after=following, limit=1)
    assert [item.at - START for item in (*page, *rest)] == [timedelta(hours=4), timedelta(0)]
    assert end is None


async def test_a_match_longer_than_an_incident_begins_anew(database: Database) -> None:
    book = ShadowBook(database)
    for hours in range(26):
        await book.seen(TEA, [view()], now=START + timedelta(hours=hours))

    assert [began for began, _, _ in await written(book)] == [timedelta(hours=24), timedelta(0)]


async def test_what_is_older_than_a_year_is_forgotten(database: Database) -> None:
    book = ShadowBook(database)
    for days in (0, 399, 401):
        await book.seen(TEA, [view()], now=START + timedelta(days=days))

    assert [began.days for began, _, _ in await written(book)] == [401, 399]


class Shaky:
    """A database whose disk is full when a transaction ends."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_full = True

    @asynccontextmanager
    async def write(self, *, quiet: bool) -> AsyncIterator[AsyncConnection]:
        async with self._database.write(quiet=quiet) as connection:
            yield connection
            if self.is_full:
                raise OSError("disk full at commit")

    def read(self) -> Any:
        return self._database.read()


async def test_two_processes_in_turn_write_one_match(database: Database) -> None:
    first, second = ShadowBook(database), ShadowBook(database)
    await first.seen(TEA, [view()], now=START)
    for minutes in range(10, 260, 10):
        await second.seen(TEA, [view()], now=START + timedelta(minutes=minutes))
    await first.seen(TEA, [view()], now=START + timedelta(minutes=260))

    (match,) = await written(first)
    assert match == (timedelta(0), timedelta(minutes=260), 27)


async def test_looks_that_are_not_written_yet_survive_a_short_absence(database: Database) -> None:
    book = ShadowBook(database)
    for minutes in (0, 1, 2, 3, 14):
        await book.seen(TEA, [view()], now=START + timedelta(minutes=minutes))

    assert await written(book) == [(timedelta(0), timedelta(minutes=14), 5)]


async def test_what_a_failed_commit_took_back_is_written_again(database: Database) -> None:
    shaky = Shaky(database)
    book = ShadowBook(cast(Database, shaky))
    with pytest.raises(OSError, match="disk full"):
        await book.seen(TEA, [view()], now=START)
    shaky.is_full = False
    for minutes in range(1, 4):
        await book.seen(TEA, [view()], now=START + timedelta(minutes=minutes))

    assert [began for began, _, _ in await written(book)] == [timedelta(minutes=1)]


async def test_only_crises_are_written(database: Database) -> None:
    book = ShadowBook(database)
    await book.seen(TEA, [view(kind=Kind.BACKLOG)], now=START)

    assert await written(book) == []


async def test_it_is_set_against_what_live_rules_did(watch: WatchScene) -> None:
    await watch.container.rules.desk.put(SYSTEM, "trial", HURTS)
    await watch.say(HURT)
    await watch.wait(minutes=2)
    incident = await watch.only()
    book = watch.container.rules.shadows

    (twin,) = await book.compare(await matches(watch))
    assert twin is not None
    assert (twin.incident_id, twin.tier, twin.lead_s) == (incident.id, incident.tier, 0.0)
    zone = watch.container.settings.zone
    summary = await book.summary("trial", since=watch.start, zone=zone)
    assert (summary.matches, summary.with_live, summary.alone) == (1, 1, 0)
    assert summary.by_day == {"2024-03-01": 1}


async def test_without_an_incident_it_stands_alone(watch: WatchScene) -> None:
    await only_shadow(watch)
    await watch.say(HURT)
    await watch.wait(minutes=2)
    book = watch.container.rules.shadows

    assert await book.compare(await matches(watch)) == (None,)
    assert await book.compare(()) == ()
    since = watch.clock.now() + timedelta(hours=1)
    none = await book.summary("trial", since=since, zone=watch.container.settings.zone)
    assert none.matches == 0


async def test_an_overlay_is_live_at_the_next_tick(watch: WatchScene) -> None:
    """And every reason names the version of the rules that opened the incident."""
    desk = watch.container.rules.desk
    await desk.put(SYSTEM, "injury_single", {"enabled": False})
    await watch.say(HURT)
    await watch.wait(minutes=2)
    assert await watch.incidents() == []

    await desk.put(SYSTEM, "injury_single", {"tier": "red"})
    await watch.say(complaint(1), HURT)
    await watch.wait(minutes=2)
    incident = await watch.only()
    assert incident.tier == "red"
    version = watch.container.rules.directory.library.version
    assert {reason["content"] for reason in incident.reasons} == {version}
    assert version != watch.container.library.version
