"""What every deed on a briefing takes: who may, which version, one transaction, a trail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.audit import AuditFilter
from service.auth import Action, Principal, Resource
from service.briefings import rows
from service.briefings.lifecycle import State
from service.briefings.model import Briefing
from service.clock import Clock
from service.db import Database
from service.errors import Conflict

PUBLIC = (State.APPROVED, State.DELIVERED)
"""What whoever may only read may see: a draft is its writers' own."""
_SUBJECT = Resource.BRIEFING.value
_EXPORTED = "briefing.exported"
"""Changes nothing: no news to whoever edits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A briefing that is locked until the transaction ends."""

    connection: AsyncConnection
    briefing: Briefing
    now: datetime


class Hand:
    """Opens briefings, and writes them down again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    @asynccontextmanager
    async def opened(
        self, principal: Principal, briefing_id: str, action: Action, version: int | None
    ) -> AsyncIterator[Opened]:
        """The briefing, locked, for somebody who may do this to it. Raises Forbidden, NotFound,
        Conflict saying who did what since that version."""
        principal.require(action, Resource.BRIEFING)
        async with self.database.write() as connection:
            found = await rows.get(connection, briefing_id, locked=True)
            if not in_sight(principal, found):
                raise rows.missing(briefing_id)
            if version is not None and version != found.version:
                raise await _conflict(connection, found, version)
            yield Opened(connection=connection, briefing=found, now=self.clock.now())

    async def saved(
        self,
        opened: Opened,
        principal: Principal,
        deed: str,
        data: Mapping[str, Any],
        **changes: Any,
    ) -> Briefing:
        """The briefing with those changes, as its next version."""
        after = replace(opened.briefing, version=opened.briefing.version + 1, **changes)
        await rows.write(opened.connection, after)
        await self.record(opened.connection, after, deed, principal.id, data)
        return after

    async def record(
        self,
        connection: AsyncConnection,
        item: Briefing,
        deed: str,
        actor: str,
        data: Mapping[str, Any],
    ) -> None:
        """Into the audit trail."""
        await audit.record(
            connection,
            at=self.clock.now(),
            actor=actor,
            action=f"briefing.{deed}",
            subject_type=_SUBJECT,
            subject_id=item.id,
            data={**data, "version": item.version},
        )


def in_sight(principal: Principal, item: Briefing) -> bool:
    """Whether they may read it: all of its monitors are theirs, and drafts are for writers."""
    if item.state not in PUBLIC and not is_writer(principal):
        return False
    return all(
        principal.may(Action.READ, Resource.BRIEFING, monitor=name) for name in item.monitors
    )


def is_writer(principal: Principal) -> bool:
    """Whether they write briefings."""
    return principal.may(Action.EDIT, Resource.BRIEFING)


async def _conflict(connection: AsyncConnection, item: Briefing, version: int) -> Conflict:
    """Who did what since the version that was read."""
    history = await audit.entries(
        connection,
        where=AuditFilter(subject_type=_SUBJECT, subject_id=item.id),
        limit=100,
    )
    newer = [
        entry
        for entry in history.items
        if (entry.data.get("version") or 0) > version and entry.action != _EXPORTED
    ]
    deeds = [f"{entry.actor} {entry.action.partition('.')[2]} it" for entry in reversed(newer)]
    names = sorted({name for entry in newer for name in entry.data.get("changed", {})})
    return Conflict(
        f"briefing {item.id} is at version {item.version}, not {version}: "
        f"{', '.join(deeds) or 'somebody changed it'}; reload and retry",
        errors=[(name, "changed since you read it") for name in names],
    )
