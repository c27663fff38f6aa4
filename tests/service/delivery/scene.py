"""A database with an outbox, a router and deliverers, for the tests beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from service.db import Database
from service.db.tables import delivery_attempt
from service.delivery import (
    ChannelTarget,
    Deliverer,
    Deliveries,
    Delivery,
    DeliveryReport,
    Message,
    RecordingSender,
    Router,
    Sender,
    SendOutcome,
    SendResult,
    enqueue,
)
from service.events import EventType
from tests.support.clock import SteppingClock

SENT = SendResult(outcome=SendOutcome.SENT, status=200, answer="ok", duration_ms=3.0)
BROKEN = SendResult(outcome=SendOutcome.RETRY, status=500, answer="oops")


def channel(name: str = "a", **changes: Any) -> ChannelTarget:
    return ChannelTarget(**{"id": name, "kind": "scripted", **changes})


class ScriptedSender:
    """Answers from `script` by channel id, then with `otherwise`; keeps what it was given."""

    def __init__(self, *, otherwise: SendResult = SENT) -> None:
        self.script: dict[str, list[SendResult | Exception]] = {}
        self.otherwise = otherwise
        self.sent: list[tuple[str, Message, datetime]] = []

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        self.sent.append((channel.id, message, at))
        answers = self.script.get(channel.id)
        answer = answers.pop(0) if answers else self.otherwise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ids(self, channel_id: str) -> list[str]:
        return [message.id for to, message, _ in self.sent if to == channel_id]


class Scene:
    """One line from `tell` to a sender; `channels` may be changed at any time."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        self.database = database
        self.clock = clock
        self.channels: list[ChannelTarget] = [channel()]
        self.sender = ScriptedSender()
        self.recording = RecordingSender()
        self.reports: list[DeliveryReport] = []
        self.disabled: list[tuple[str, str]] = []
        self.observed: list[tuple[str, str]] = []
        self.deliverer = self.make_deliverer()
        self.router = Router(database, clock=clock, channels=self.load, observe=self._observe)

    def make_deliverer(
        self, *, senders: Mapping[str, Sender] | None = None, **options: Any
    ) -> Deliverer:
        given: dict[str, Any] = {
            "owner": "worker-1",
            "announce": self._announce,
            "disable": self._disable,
            "observe": self._observe,
            "random": lambda: 0.5,
            "look_again_s": 0.02,
        }
        return Deliverer(
            self.database,
            clock=self.clock,
            channels=self.load,
            senders=senders or {"scripted": self.sender, "recording": self.recording},
            **(given | options),
        )

    async def load(self) -> list[ChannelTarget]:
        return list(self.channels)

    async def tell(self, *parts: str, type_=EventType.INCIDENT_OPENED, **changes: Any) -> str:
        given: dict[str, Any] = {
            "occurred_at": self.clock.now(),
            "incident_id": "inc_1",
            "tier_rank": 2,
            "drill": False,
            "data": {"title": "奶茶里有异物"},
        }
        async with self.database.write() as connection:
            return await enqueue(
                connection, type=type_, parts=parts or ("inc_1",), **(given | changes)
            )

    async def route(self) -> int:
        return await self.router.run(self.clock.now())

    async def deliver(self, deliverer: Deliverer | None = None) -> int:
        return await (deliverer or self.deliverer).run(self.clock.now())

    async def tell_and_deliver(self, *parts: str, **changes: Any) -> str:
        message_id = await self.tell(*parts, **changes)
        await self.route()
        await self.deliver()
        return message_id

    async def deliveries(self, **filters: Any) -> list[Delivery]:
        async with self.database.read() as connection:
            return list((await Deliveries().page(connection, **filters)).items)

    async def attempt_rows(self) -> list[Any]:
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(delivery_attempt).order_by(delivery_attempt.c.id)
            )
            return list(rows)

    def step(self, duration: timedelta) -> None:
        self.clock.step(seconds=duration.total_seconds())

    async def _announce(self, connection, report: DeliveryReport) -> None:
        self.reports.append(report)

    async def _disable(self, connection, channel_id: str, reason: str, at: datetime) -> None:
        self.disabled.append((channel_id, reason))

    def _observe(self, kind: str, outcome: str, seconds: float | None) -> None:
        self.observed.append((kind, outcome))
