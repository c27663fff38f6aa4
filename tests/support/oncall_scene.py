"""Incidents that page people, as bootstrap puts them together, on one database in virtual time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from playbooks import DeadlineKind
from service.auth import SYSTEM, KeyRing
from service.bootstrap.books import open_books
from service.bootstrap.ground import Ground, open_store
from service.bootstrap.responding import Responding, open_responding
from service.db import Database, tables
from service.delivery import ChannelTarget, Deliverer, RecordingSender, Router, SendOutcome
from service.delivery.model import Message, SendResult
from service.incidents import Incident, Kind, Opening, repository
from service.incidents.lifecycle import Action
from service.jobs import advance
from service.monitors import ChannelDraft, ChannelKind, Channels
from service.oncall import ContactDraft, DutyDraft, RotaDraft
from service.oncall.model import ContactChannel, Layer, Target, TargetKind, Window
from service.response import timer_kind
from service.settings import load_settings
from service.timers import TimerEngine
from tests.support.clock import SteppingClock
from tests.support.incident_scene import LEAD, shipped_library

RANKS = {"yellow": 1, "orange": 2, "red": 3}


class FickleSender(RecordingSender):
    """Keeps what it is sent, or refuses it while `refusing` names the channel."""

    def __init__(self) -> None:
        super().__init__()
        self.refusing: set[str] = set()

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        if channel.id in self.refusing:
            return SendResult(outcome=SendOutcome.RETRY, reason="the line is down")
        return await super().send(channel, message, at=at)


class OncallScene:
    """Everything from an incident to a page that has arrived; time passes by `pass_time`."""

    def __init__(
        self, database: Database, clock: SteppingClock, folder: Path, *, fallback: str = ""
    ) -> None:
        self.database, self.clock = database, clock
        settings = load_settings(
            {
                "FENGSUI_DATA_DIR": str(folder),
                "FENGSUI_SECRET_KEY": "oncall-test-" * 4,
                "FENGSUI_FALLBACK_CHANNEL": fallback,
            }
        )
        ground = Ground(
            settings=settings,
            clock=clock,
            database=database,
            store=open_store(settings, virtual=True),
            library=shipped_library(),
            chance=lambda: 0.5,
            virtual=True,
            leaving=False,
        )
        keyring = KeyRing.from_secret("oncall-test-" * 4)
        self.books = open_books(ground, keyring)
        self.channels = Channels(database, clock, keyring, ranks=RANKS)
        self.responding: Responding = open_responding(ground)
        self.incidents, self.desk = self.responding.incidents, self.responding.desk
        self.sender = FickleSender()
        self.engine = TimerEngine(
            database,
            clock=clock,
            owner="test",
            handlers={
                **{
                    timer_kind(kind): self.responding.responses.deadline_passed
                    for kind in DeadlineKind
                },
                **self.responding.handlers,
                **self.books.hand_overs.handlers(),
            },
            recheck=None,
        )
        self.router = Router(database, clock=clock, channels=self.channels.targets, recheck=None)
        self.deliverer = Deliverer(
            database,
            clock=clock,
            owner="test",
            channels=self.channels.targets,
            senders={"recording": self.sender},
            random=lambda: 0.5,
            announce=self.responding.reach.heard,
            concurrency=1,
            recheck=None,
        )

    async def add_channel(self, name: str, **changes: Any) -> None:
        """A channel that keeps what it is sent; it hears nothing that is not addressed to it."""
        draft = ChannelDraft(
            id=name, kind=ChannelKind.RECORDING, name=name, events=("service.heartbeat",)
        )
        await self.channels.put(SYSTEM, replace(draft, **changes))

    async def add_person(
        self, name: str, *channels: str, quiet: Window | None = None, user: str | None = None
    ) -> None:
        """A person at channels of their own."""
        for channel in channels:
            await self.add_channel(channel)
        draft = ContactDraft(
            id=name,
            name=name,
            channels=tuple(ContactChannel(channel=channel) for channel in channels),
            quiet=quiet,
            user=user,
        )
        await self.books.contacts.put(SYSTEM, draft)

    async def name_duty(self, role: str, person: str, deputy: str | None = None) -> None:
        """Somebody stands for a playbook role."""
        draft = DutyDraft(
            id=role,
            name=role,
            holder=Target(kind=TargetKind.PERSON, id=person),
            deputy=None if deputy is None else Target(kind=TargetKind.PERSON, id=deputy),
        )
        await self.books.duties.put(SYSTEM, draft)

    async def add_rota(self, name: str, *members: str, shift_days: int = 1) -> None:
        """A rota that began yesterday at nine in Shanghai."""
        layer = Layer(
            members=members,
            starts_on=self.clock.now().date() - timedelta(days=1),
            shift_days=shift_days,
        )
        draft = RotaDraft(id=name, name=name, layers=(layer,))
        await self.books.rotas.put(SYSTEM, draft)

    def opening(self, **changes: Any) -> Opening:
        """A quality crisis of the tier in `changes`, yellow unless said."""
        now = self.clock.now()
        opening = Opening(
            kind=Kind.CRISIS,
            monitor_id="tea",
            scenario="product_quality",
            title="澄屿青柚茶",
            tier="yellow",
            tier_rank=RANKS[changes.get("tier", "yellow")],
            reasons=(),
            posts=3,
            first_post_id="post1",
            first_post_at=now,
            last_post_at=now,
        )
        return replace(opening, **changes)

    async def open(self, tier: str = "yellow", **changes: Any) -> Incident:
        """Open one now, and let what is due at once happen."""
        async with self.database.write() as connection:
            opening = self.opening(tier=tier, **changes)
            incident = await self.incidents.open(connection, opening, now=self.clock.now())
        await self.pass_time()
        return incident

    async def act(self, incident_id: str, *actions: Action) -> Incident:
        """A lead takes one action after the other."""
        for action in actions:
            await self.desk.act(LEAD, incident_id, action, reason="said so")
        return await self.get(incident_id)

    async def get(self, incident_id: str) -> Incident:
        async with self.database.read() as connection:
            return await repository.get(connection, incident_id)

    async def pass_time(self, **duration: float) -> None:
        """Let the clock run; timers fire, events are routed and sent at their own instants."""
        until = self.clock.now() + timedelta(**duration)
        await advance(self.clock, [self.engine, self.router, self.deliverer], until)

    async def rows(self, table: Table) -> list[Mapping[str, Any]]:
        async with self.database.read() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]

    async def kinds(self) -> list[str]:
        """The timeline's kinds, in order."""
        rows = await self.rows(tables.incident_event)
        return [row["kind"] for row in sorted(rows, key=lambda row: int(row["id"]))]

    async def pending(self, prefix: str = "oncall.") -> list[str]:
        """Kinds of timers that are to fire yet, sorted."""
        return sorted(
            row["kind"]
            for row in await self.rows(tables.timer)
            if row["state"] == "pending" and row["kind"].startswith(prefix)
        )

    def pages(self, *types: str) -> list[tuple[str, str]]:
        """(channel, type) of what has arrived, in order; of these types, if any is named."""
        return [
            (item.channel_id, item.message.type.value)
            for item in self.sender.sent
            if not types or item.message.type.value in types
        ]

    def called(self) -> list[str]:
        """Channels at which a page has arrived, in order."""
        return [channel for channel, _ in self.pages("incident.paged")]
