"""A risk register in virtual time: an owner with an account and a channel of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from service.auth import SYSTEM, Role
from service.bootstrap import Container
from service.incidents import Incident
from service.monitors import ChannelDraft, ChannelKind
from service.oncall import ContactDraft
from service.oncall.model import ContactChannel
from service.risks import Entry, Money, Risk, RiskDraft
from tests.support.clock import SteppingClock
from tests.support.drill_scene import DrillScene, open_drills, opening
from tests.support.incident_scene import LEAD


def cny(amount: int | str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


def usd(amount: int | str) -> Money:
    return Money(amount=Decimal(amount), currency="USD")


class RiskScene:
    """What tests of the register do again and again. Ids of accounts are `owner` and `other`."""

    def __init__(self, scene: DrillScene, *, owner: str, other: str) -> None:
        self.scene = scene
        self.container: Container = scene.container
        self.clock: SteppingClock = scene.clock
        self.owner = owner
        self.other = other
        self.register = self.container.risk_register.register
        self.desk = self.container.risk_register.desk
        self.rates = self.container.risk_register.rates
        self.reports = self.container.risk_register.reports

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def draft(self, **changes: Any) -> RiskDraft:
        """Score (4×0.40 + 3×0.35 + 2×0.25) × 3 = 9.45; of 100,000 a chance of 0.30."""
        made = RiskDraft(
            title="配料表与宣传不符",
            description="外包装写零添加",
            legal=4,
            user=3,
            technical=2,
            likelihood=3,
            loss=cny(100_000),
            control_cost=cny(12_000),
            compliance_cost=cny("3000.50"),
            owner=self.owner,
        )
        return replace(made, **changes)

    async def enter(self, **changes: Any) -> Risk:
        return await self.desk.create(LEAD, self.draft(**changes))

    async def entry(self, risk: Risk) -> Entry:
        return await self.register.get(LEAD, risk.id)

    async def wait(self, **duration: float) -> None:
        """Move the clock in steps of a week at most, as the line would be run."""
        until = self.now + timedelta(**duration)
        while self.now < until:
            step = min(until - self.now, timedelta(days=7))
            await self.scene.wait(seconds=step.total_seconds())

    def told(self, risk: Risk) -> list[str]:
        """What was sent about its reviews, and where to."""
        return [
            f"{item.channel_id}:{item.message.type.value}"
            for item in self.container.recorder.sent
            if item.message.data.get("recurring", {}).get("id") == f"risk:{risk.id}"
        ]

    async def incident(self, **changes: Any) -> Incident:
        async with self.container.database.write() as connection:
            return await self.scene.incidents.open(
                connection, opening(self.now, **changes), now=self.now
            )


@asynccontextmanager
async def open_risks(folder: Path) -> AsyncIterator[RiskScene]:
    async with open_drills(folder) as scene:
        container = scene.container
        ids = []
        for name in ("mei", "hua"):
            made = await container.users.create(SYSTEM, name=name, roles=[Role.VIEWER])
            ids.append(made.user.id)
            await container.channels.put(
                SYSTEM, ChannelDraft(id=f"to-{name}", kind=ChannelKind.RECORDING, name=name)
            )
            channels = (ContactChannel(channel=f"to-{name}"),)
            await container.contacts.put(
                SYSTEM, ContactDraft(id=f"c-{name}", name=name, channels=channels, user=name)
            )
        yield RiskScene(scene, owner=ids[0], other=ids[1])
