"""Statements: who writes, what judges, what keeps promises in mind."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.bootstrap.ground import Ground
from service.bootstrap.responding import Responding
from service.db import tables
from service.moderation import TextReader
from service.statements import (
    Approvals,
    Drafting,
    Hand,
    Linter,
    PromiseDesk,
    Publication,
    StatementDesk,
    StatementReading,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stating:
    """The doors for people who write, approve, publish, read, and keep promises."""

    desk: StatementDesk
    approvals: Approvals
    publication: Publication
    reading: StatementReading
    promises: PromiseDesk


def open_stating(ground: Ground, *, reader: TextReader, responding: Responding) -> Stating:
    """Over the shipped templates, read by the analyser that API and ingest share."""
    database, clock, library = ground.database, ground.clock, ground.library
    ledger, traces = responding.ledger, responding.statement_traces
    zone = ground.settings.zone
    drafting = Drafting(
        library=library,
        linter=Linter(reader=reader, library=library, zone=zone),
        zone=zone,
        brand_of=_brand_of,
    )
    hand = Hand(
        database=database,
        clock=clock,
        drafting=drafting,
        ledger=ledger,
        traces=traces,
        gravest=len(library.tiers.ids),
        acted=responding.acted,
    )
    return Stating(
        desk=StatementDesk(hand),
        approvals=Approvals(hand),
        publication=Publication(
            database=database,
            clock=clock,
            hand=hand,
            response_desk=responding.response_desk,
            ledger=ledger,
            traces=traces,
        ),
        reading=StatementReading(
            database=database, clock=clock, library=library, drafting=drafting, hand=hand
        ),
        promises=PromiseDesk(database=database, clock=clock, ledger=ledger, traces=traces),
    )


async def _brand_of(connection: AsyncConnection, monitor_id: str) -> str | None:
    brand, monitor = tables.brand.c, tables.monitor.c
    name: str | None = await connection.scalar(
        select(brand.name)
        .join(tables.monitor, monitor.brand_id == brand.id)
        .where(monitor.id == monitor_id)
    )
    return name
