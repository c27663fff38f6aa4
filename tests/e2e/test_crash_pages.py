"""The worker is killed between a deadline and its page, and while a page is on its way."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from service.audit import verify
from service.clock import SystemClock
from service.db import tables
from tests.e2e.deadlines import (
    MARGIN,
    Event,
    events,
    gave_way,
    is_at_rest,
    open_all,
    openings,
    slow,
    undisturbed,
)
from tests.e2e.killing import killed_again_and_again, schedules, span
from tests.e2e.line import add_webhook, environment, read_page, rows, running
from tests.support.webhook_receiver import webhook_receiver


@pytest.mark.parametrize(("kills", "seed"), schedules(6))
async def test_no_deadline_or_page_is_lost_or_doubled(
    kills: int, seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    clock, data = SystemClock(), tmp_path / "data"
    async with webhook_receiver() as receiver, running(data, clock=clock, virtual=False) as seen:
        await add_webhook(seen, receiver.url())
        slow(receiver, chance, 50 * kills)
        now = clock.now()
        until = now + span(kills)
        wanted = openings(chance, seen.library.tiers.ids, now=now, within=span(kills))
        await open_all(seen, wanted)
        await killed_again_and_again(
            environment(data),
            kills=kills,
            chance=chance,
            log=tmp_path / "log",
            at_rest=lambda: is_at_rest(seen, until=until),
            receiver=receiver,
        )
        told = await events(seen)
        timers = await rows(seen, tables.timer)
        deliveries = await rows(seen, tables.delivery)
        messages = await rows(seen, tables.outbox)
        verification = await verify(seen.database)
    ideal = await undisturbed(tmp_path / "ideal", wanted, now=now, until=until + MARGIN)

    missing = {event for event, at in ideal.items() if at <= until} - told.keys()
    missing -= {event for event in missing if gave_way(event, told)}
    assert not missing, f"deadlines that nobody told of: {sorted(missing, key=str)}"
    assert told.keys() <= ideal.keys(), "told of what never happens when nobody is killed"
    assert all(row.state in ("fired", "cancelled") for row in timers if row.due_at <= until)
    assert sum(row.failures for row in timers) == 0
    assert Counter(row.state for row in deliveries) == {"sent": len(messages)}
    assert {request.headers["webhook-id"] for request in receiver.received} == {
        row.id for row in messages
    }
    ids: dict[Event, set[str]] = defaultdict(set)
    for page in map(read_page, receiver.received):
        step = page.data.get("step", {}).get("step")
        ids[page.type, page.data["incident"]["id"], step].add(page.id)
    assert all(len(each) == 1 for each in ids.values()), "one event under two webhook-ids"
    assert verification.ok
    assert len(told) > kills, "nothing fell due while the worker was killed"
