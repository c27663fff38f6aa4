"""What open queues read: the same question at the same stamp is asked once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from service.auth import Action, Principal, Resource
from service.console.i18n import Language, Words
from service.console.queue_rows import QueueRow
from service.console.readings import Pulse, Stamp
from service.incidents import Incident
from service.incidents.desk import IncidentDesk
from service.incidents.filters import IncidentFilter
from service.incidents.outstanding import Outstanding

_MOST = 200
"""Different questions at one stamp: more than pages that are open at once."""

Draw = Callable[[tuple[Incident, ...], Words], Awaitable[tuple[QueueRow, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """A page of rows, how many match in all, and how everything open in sight stands.

    `first` is the row that breaks next, whatever the filters say; `paused_since` is since when
    posts cannot be stored.
    """

    rows: tuple[QueueRow, ...]
    total: int
    standing: Outstanding
    first: QueueRow | None
    paused_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Everything on which an answer depends: what is asked, and what the asker may see."""

    language: Language
    private: bool
    monitors: frozenset[str] | None
    wanted: IncidentFilter
    limit: int
    offset: int


class QueueReading:
    """Reads pages of the queue. Holds nothing longer than until something has changed."""

    def __init__(
        self,
        *,
        desk: IncidentDesk,
        pulse: Pulse,
        draw: Draw,
        paused: Callable[[], Awaitable[datetime | None]],
    ) -> None:
        self._desk = desk
        self._pulse = pulse
        self._draw = draw
        self._paused = paused
        self._stamp: Stamp | None = None
        self._answers: dict[_Asked, QueuePage] = {}
        self._turn = asyncio.Lock()

    def forget(self) -> None:
        """Read anew: somebody has just changed something from a page."""
        self._answers.clear()

    async def page(
        self, principal: Principal, wanted: IncidentFilter, words: Words, *, limit: int, offset: int
    ) -> QueuePage:
        """The page for what they may see. Raises Forbidden."""
        principal.require(Action.READ, Resource.INCIDENT)
        asked = _Asked(
            language=words.language,
            private=principal.may(Action.READ, Resource.PERSON_AT_RISK),
            monitors=principal.monitors,
            wanted=wanted,
            limit=limit,
            offset=offset,
        )
        stamp = await self._pulse.stamp()
        async with self._turn:
            if stamp != self._stamp or len(self._answers) >= _MOST:
                self._stamp = stamp
                self._answers.clear()
            if asked not in self._answers:
                self._answers[asked] = await self._read(principal, asked, words)
            return self._answers[asked]

    async def _read(self, principal: Principal, asked: _Asked, words: Words) -> QueuePage:
        incidents, total = await self._desk.queue(
            principal, asked.wanted, limit=asked.limit, offset=asked.offset
        )
        standing = await self._desk.outstanding(principal)
        rows = await self._draw(incidents, words)
        return QueuePage(
            rows=rows,
            total=total,
            standing=standing,
            first=await self._first(principal, standing.breaks_next, rows, words),
            paused_since=await self._paused(),
        )

    async def _first(
        self,
        principal: Principal,
        incident_id: str | None,
        rows: tuple[QueueRow, ...],
        words: Words,
    ) -> QueueRow | None:
        if incident_id is None:
            return None
        for row in rows:
            if row.id == incident_id:
                return row
        wanted = IncidentFilter(ids=(incident_id,))
        incidents, _ = await self._desk.queue(principal, wanted, limit=1)
        drawn = await self._draw(incidents, words)
        return drawn[0] if drawn else None
