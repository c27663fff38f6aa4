"""The hand of whoever works on complaints: open one that is locked, write where it stands now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.clock import Clock as ServiceClock
from service.complaints import repository
from service.complaints.model import Complaint
from service.complaints.rules import RuleBook
from service.complaints.timing import Timing
from service.complaints.trail import trace
from service.db import Database
from service.errors import Conflict, InvalidInput
from service.incidents.words import said
from service.stores.post_store import StoredPost

NOTE_MAX = 5_000
_LINK_MAX = 2_000
_SCHEMES = ("https://", "http://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A complaint under somebody's hand: locked until the transaction ends."""

    connection: AsyncConnection
    complaint: Complaint
    principal: Principal
    now: datetime


class PostReading(Protocol):
    """Where posts are kept."""

    async def get(self, post_id: str) -> StoredPost | None: ...


class Hand:
    """What comes before and after each deed on a complaint."""

    def __init__(
        self, *, database: Database, clock: ServiceClock, timing: Timing, rules: RuleBook
    ) -> None:
        self.database = database
        self.clock = clock
        self.timing = timing
        self.rules = rules

    @asynccontextmanager
    async def opened(
        self, principal: Principal, complaint_id: str, version: int | None
    ) -> AsyncIterator[Opened]:
        """A transaction with the complaint locked. Raises NotFound, Forbidden, Conflict."""
        principal.require(Action.WORK, Resource.COMPLAINT)
        async with self.database.write() as connection:
            complaint = await repository.get(connection, complaint_id, locked=True)
            principal.require(Action.WORK, Resource.COMPLAINT, monitor=complaint.monitor_id)
            if version is not None and version != complaint.version:
                raise Conflict(await repository.changed(connection, complaint, version))
            yield Opened(
                connection=connection,
                complaint=complaint,
                principal=principal,
                now=self.clock.now(),
            )

    async def settled(
        self,
        opened: Opened,
        deed: str,
        data: Mapping[str, Any],
        *,
        note: str | None = None,
        **values: Any,
    ) -> Complaint:
        """Write where it stands now, with both traces."""
        changed = await repository.change(
            opened.connection, opened.complaint, now=opened.now, **values
        )
        await trace(
            opened.connection,
            changed,
            deed,
            data,
            actor=opened.principal.id,
            now=opened.now,
            note=note,
        )
        return changed


def words(name: str, text: str | None, *, needed: bool = True) -> str | None:
    """What somebody wrote, trimmed. Raises InvalidInput for too much, or none where needed."""
    found = said(text, most=NOTE_MAX, path=name)
    if needed and found is None:
        raise InvalidInput(f"{name} is needed", errors=[(name, "write something")])
    return found


def link(name: str, url: str | None) -> str | None:
    """A link, or None. Raises InvalidInput for what is none."""
    if url is None:
        return None
    if not (url.startswith(_SCHEMES) and len(url) <= _LINK_MAX and url.isprintable()):
        raise InvalidInput(f"{name} is no link", errors=[(name, "http:// or https://")])
    return url
