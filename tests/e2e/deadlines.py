"""Incidents whose deadlines fall due one by one, and what the outside was told of them."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from service.auth import SYSTEM
from service.bootstrap import Container
from service.clock import VirtualClock
from service.db import tables
from service.delivery import DeliveryState
from service.events import EventType
from service.incidents import Incidents, Kind, Opening
from service.jobs import advance
from service.replay import RECORDING
from service.response import Effects, Responses
from service.timers import Timers
from tests.e2e.line import rows, running
from tests.support.webhook_receiver import Reply, WebhookReceiver

URL = "http://127.0.0.1:8600"
SCENARIOS = ("safety_incident", "product_quality", "pricing_refunds", "outage")
TIERS = ("yellow", "orange", "red")
MARGIN = timedelta(minutes=10)

Event = tuple[str, str, str | None]
"""Type, incident and step of a message."""


def openings(
    chance: random.Random,
    library_tiers: Sequence[str],
    *,
    now: datetime,
    within: timedelta,
    a_second: float = 0.5,
) -> list[tuple[Opening, datetime]]:
    """Incidents opened so long ago that their deadlines fall due one by one from now on."""
    made = []
    for number in range(max(4, int(within.total_seconds() * a_second))):
        tier = chance.choice(TIERS)
        back = chance.choice((5, 12, 15, 25, 30, 40, 48, 60, 70, 96, 120))
        opened = now - timedelta(minutes=back) + chance.random() * within
        opening = Opening(
            kind=Kind.CRISIS,
            monitor_id=f"brand-{number}",
            scenario=chance.choice(SCENARIOS),
            title="青柚",
            tier=tier,
            tier_rank=list(library_tiers).index(tier) + 1,
            reasons=(),
            posts=1,
            first_post_id=None,
            first_post_at=opened,
            last_post_at=opened,
        )
        made.append((opening, opened))
    return made


async def open_all(container: Container, wanted: list[tuple[Opening, datetime]]) -> None:
    effects = Effects(timers=Timers(), public_url=URL)
    incidents = Incidents(
        reactions=Responses(library=container.library, effects=effects), public_url=URL
    )
    for opening, opened in wanted:
        async with container.database.write() as connection:
            await incidents.open(connection, opening, now=opened)


async def events(container: Container) -> dict[Event, datetime]:
    """What was put into the outbox; raises AssertionError where one event stands there twice."""
    found: dict[Event, datetime] = {}
    for row in await rows(container, tables.outbox):
        event = (row.type, row.incident_id, row.data.get("step", {}).get("step"))
        assert event not in found, f"two messages for one event: {event}"
        found[event] = row.occurred_at
    return found


async def undisturbed(
    folder: Path, wanted: list[tuple[Opening, datetime]], *, now: datetime, until: datetime
) -> dict[Event, datetime]:
    """The same incidents in virtual time, where nobody is killed."""
    clock = VirtualClock(now)
    async with running(folder, clock=clock) as container:
        await container.channels.put(SYSTEM, RECORDING)
        await open_all(container, wanted)
        await advance(clock, container.line, until)
        return await events(container)


async def is_at_rest(container: Container, *, until: datetime) -> bool:
    """Past the last deadline of the test, with nothing left to fire, route or send."""
    if container.clock.now() <= until:
        return False
    async with container.database.read() as connection:
        counts = [
            await connection.scalar(select(func.count()).where(clause))
            for clause in (
                (tables.timer.c.state == "pending") & (tables.timer.c.due_at <= until),
                tables.outbox.c.routed_at.is_(None),
                tables.delivery.c.state == DeliveryState.PENDING,
            )
        ]
    return not any(counts)


def gave_way(event: Event, told: Collection[Event]) -> bool:
    """Whether it is a warning that came too late: the deadline itself was told of instead."""
    kind, incident, step = event
    return kind == EventType.STEP_DUE_SOON and (EventType.STEP_DUE, incident, step) in told


def slow(receiver: WebhookReceiver, chance: random.Random, requests: int) -> None:
    """A line on which requests are on their way for a while, and answers too."""
    receiver.replies.extend(
        Reply(late=chance.uniform(0, 0.06), delay=chance.uniform(0, 0.06)) for _ in range(requests)
    )
