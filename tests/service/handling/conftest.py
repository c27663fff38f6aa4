"""Crises on an empty database, with the board and the ledger of their handling."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from service.auth import Principal
from service.complaints import ComplaintReport
from service.db import Database, tables
from service.handling import CostLedger, HandlingBoard, shipped_pricing
from service.handling.course import Axis, Handled
from service.handling.figures import Row
from service.incidents import State
from service.indicators import Window
from service.risks import RateBook
from tests.support.clock import START
from tests.support.incident_scene import LEAD, shipped_library
from tests.support.indicator_scene import IndicatorScene, indicator_scene

MONTH = Window(since=START - timedelta(days=30), until=START)


class HandlingScene:
    """It is START; what is opened was opened an hour ago, unless told otherwise."""

    def __init__(self, scene: IndicatorScene) -> None:
        self.scene = scene
        self.database, self.clock = scene.database, scene.clock
        self.rates = RateBook(
            self.database, self.clock, reporting="CNY", zone=ZoneInfo("Asia/Shanghai")
        )
        pricing = shipped_pricing()
        self.board = HandlingBoard(
            database=self.database,
            clock=self.clock,
            library=shipped_library(),
            pricing=pricing,
            rates=self.rates,
            complaints=ComplaintReport(database=self.database, clock=self.clock),
        )
        self.ledger = CostLedger(
            database=self.database, clock=self.clock, pricing=pricing, rates=self.rates
        )

    async def crisis(self, **changes: Any) -> str:
        return await self.scene.crisis(**changes)

    async def step(self, incident: str, step: str, *, due_at: datetime, **changes: Any) -> None:
        """A step of PR, unless told otherwise."""
        await self.scene.step(incident, step, due_at=due_at)
        of = tables.step.c.incident_id == incident
        async with self.database.write() as connection:
            if changes:
                await connection.execute(
                    update(tables.step).where(of, tables.step.c.step_id == step).values(**changes)
                )

    async def five(self) -> None:
        """Opened two hours ago, acknowledged after 1 to 5 minutes, resolved after half an hour."""
        opened = START - timedelta(hours=2)
        for minutes in range(1, 6):
            await self.crisis(
                opened_at=opened,
                acknowledged_after=timedelta(minutes=minutes),
                resolved_at=opened + timedelta(minutes=30),
                state=State.RESOLVED,
            )

    async def merge(self, incident: str, into: str) -> None:
        async with self.database.write() as connection:
            await connection.execute(
                update(tables.incident)
                .where(tables.incident.c.id == incident)
                .values(state=State.MERGED.value, merged_into=into)
            )

    async def statement(self, incident: str, *, published_at: datetime | None) -> str:
        name = f"stm_{incident}"
        async with self.database.write() as connection:
            await connection.execute(
                insert(tables.statement).values(
                    id=name,
                    incident_id=incident,
                    kind="apology",
                    lang="zh",
                    title="致歉",
                    state="published",
                    edition=1,
                    blocking=0,
                    promises=1,
                    created_by="rui",
                    created_at=START,
                    published_at=published_at,
                    updated_at=START,
                    version=1,
                )
            )
        return name

    async def promise(self, incident: str, name: str, **changes: Any) -> str:
        """One of compensation in public; its statement is `stm_` and the incident."""
        values = {
            "id": name,
            "statement_id": f"stm_{incident}",
            "incident_id": incident,
            "kind": "compensation",
            "text": "我们赔偿",
            "state": "open",
            "created_at": START,
            "updated_at": START,
            "version": 1,
        }
        async with self.database.write() as connection:
            await connection.execute(insert(tables.promise).values(**values | changes))
        return name

    async def crises(
        self, *, by: Principal = LEAD, window: Window = MONTH, **asked: Any
    ) -> tuple[Handled, ...]:
        return await self.board.page(by, self.board.wanted(by, window, **asked))

    async def total(self, *by: Axis, least: int = 1, **asked: Any) -> tuple[Row, tuple[Row, ...]]:
        wanted = self.board.wanted(LEAD, MONTH, **asked)
        table = await self.board.table(LEAD, wanted, by, least=least)
        return table.total, table.rows


@pytest.fixture
async def scene(database: Database, tmp_path: Path) -> AsyncIterator[HandlingScene]:
    async with indicator_scene(database, tmp_path) as opened:
        yield HandlingScene(opened)
