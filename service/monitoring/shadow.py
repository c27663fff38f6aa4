"""What rules in shadow mode would have done: written down, never acted upon, set against live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, RowMapping, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Kind, Match
from service.db import Database
from service.db.tables import incident, shadow_match
from service.monitoring.grouping import INSIDE_FOR, TAKING_MAX
from service.monitoring.situation import SegmentView
from service.monitors.model import Monitor

SAVED_EVERY = timedelta(minutes=15)
"""So often a match that goes on is written again: it goes on at each tick."""
_AWAY = timedelta(minutes=10)
"""Two of the slowest looks: who saw none for so long may not have been the one that ticks."""
MOST_COMPARED = 1_000
KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowMatch:
    """A stretch in which the rule held, from `at` to `last_at`: it would have been one incident.

    `ticks` counts the looks that were written down; `reasons` are those at `at`, clause, value and
    threshold each.
    """

    id: int
    rule_id: str
    monitor_id: str
    scenario: str
    at: datetime
    last_at: datetime
    ticks: int
    tier: str
    reasons: tuple[Mapping[str, Any], ...]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTwin:
    """The incident that live rules held open over a shadow match.

    `lead_s` is by how many seconds the shadow rule was earlier; later is below zero.
    """

    incident_id: str
    tier: str
    opened_at: datetime
    lead_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowSummary:
    """A rule in shadow against what was live: matches a day (of the installation's zone)."""

    matches: int
    by_day: Mapping[str, int]
    with_live: int
    alone: int


@dataclass(slots=True)
class _Open:
    id: int
    began: datetime
    last_at: datetime
    saved_at: datetime
    ticks: int


Key = tuple[str, str, str]
"""Rule, monitor and scenario."""


class ShadowBook:
    """Writes shadow matches down; a match that goes on stays one row, as an incident would."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open: dict[Key, _Open] = {}

    async def seen(self, monitor: Monitor, views: Sequence[SegmentView], *, now: datetime) -> None:
        """Take in one look at a monitor."""
        found = [
            ((match.rule_id, monitor.id, view.scenario), match, view.content)
            for view in views
            for match in view.shadows
            if match.kind is Kind.CRISIS
        ]
        due = []
        for item in found:
            known = self._open.get(item[0])
            if known is None or _is_due(known, now):
                due.append(item)
            else:
                known.last_at = now
                known.ticks += 1
        if not due:
            return
        async with self._database.write(quiet=True) as connection:
            written = {
                key: await self._written(connection, key, match, content, now)
                for key, match, content in due
            }
        # Not before: what a failed commit took back must be written again.
        self._open |= written

    async def _written(
        self, connection: AsyncConnection, key: Key, match: Match, content: str, now: datetime
    ) -> _Open:
        known = self._open.get(key)
        if known is None or _was_away(known, now):
            known = _newer(known, await _latest(connection, key))
        if known is not None and not _is_over(known, now):
            ticks = known.ticks + 1
            await connection.execute(
                update(shadow_match)
                .where(shadow_match.c.id == known.id)
                .values(last_at=now, ticks=ticks)
            )
            return replace(known, last_at=now, saved_at=now, ticks=ticks)
        rule_id, monitor_id, scenario = key
        await connection.execute(
            delete(shadow_match).where(
                shadow_match.c.rule_id == rule_id, shadow_match.c.at < now - KEPT_FOR
            )
        )
        done = await connection.execute(
            insert(shadow_match).values(
                rule_id=rule_id,
                monitor_id=monitor_id,
                scenario=scenario,
                at=now,
                last_at=now,
                ticks=1,
                tier=match.tier,
                reasons=[
                    {"clause": item.clause, "value": item.value, "threshold": item.threshold}
                    for item in match.reasons
                ],
                content=content,
            )
        )
        (row_id,) = done.inserted_primary_key or (0,)
        return _Open(id=row_id, began=now, last_at=now, saved_at=now, ticks=1)

    async def page(
        self,
        rule_id: str,
        *,
        since: datetime | None = None,
        after: int | None = None,
        limit: int,
    ) -> tuple[tuple[ShadowMatch, ...], int | None]:
        """Matches of a rule, newest first, with ids below `after`; and where the next page goes on.

        A match that still goes on may be told up to `SAVED_EVERY` short of its end.
        """
        query = select(shadow_match).where(shadow_match.c.rule_id == rule_id)
        if since is not None:
            query = query.where(shadow_match.c.at >= since)
        if after is not None:
            query = query.where(shadow_match.c.id < after)
        async with self._database.read() as connection:
            rows = await connection.execute(
                query.order_by(shadow_match.c.id.desc()).limit(limit + 1)
            )
            items = [_match(row) for row in rows]
        following = items[limit - 1].id if len(items) > limit else None
        return tuple(items[:limit]), following

    async def compare(self, matches: Sequence[ShadowMatch]) -> tuple[LiveTwin | None, ...]:
        """What live rules did over each match, in the order given."""
        if not matches:
            return ()
        until = max(item.last_at for item in matches) + INSIDE_FOR
        since = min(item.at for item in matches) - TAKING_MAX
        columns = incident.c
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(
                    columns.id,
                    columns.tier,
                    columns.monitor_id,
                    columns.scenario,
                    columns.segment,
                    columns.opened_at,
                    columns.taking_ended_at,
                )
                .where(
                    columns.kind == Kind.CRISIS.value,
                    columns.drill.is_(False),
                    columns.monitor_id.in_({item.monitor_id for item in matches}),
                    columns.opened_at <= until,
                    or_(columns.taking_ended_at.is_(None), columns.taking_ended_at >= since),
                )
                .order_by(columns.opened_at)
            )
            live = rows.mappings().all()
        return tuple(_twin(item, live) for item in matches)

    async def summary(self, rule_id: str, *, since: datetime, zone: ZoneInfo) -> ShadowSummary:
        """Counts since then, over at most the newest `MOST_COMPARED` matches."""
        matches, _ = await self.page(rule_id, since=since, limit=MOST_COMPARED)
        twins = await self.compare(matches)
        days = Counter(item.at.astimezone(zone).date().isoformat() for item in matches)
        with_live = sum(twin is not None for twin in twins)
        return ShadowSummary(
            matches=len(matches),
            by_day=dict(sorted(days.items())),
            with_live=with_live,
            alone=len(matches) - with_live,
        )


async def _latest(connection: AsyncConnection, key: Key) -> _Open | None:
    """The newest row of a rule's segment: what another process, or this one before, began."""
    rule_id, monitor_id, scenario = key
    newest = select(func.max(shadow_match.c.id)).where(
        and_(
            shadow_match.c.rule_id == rule_id,
            shadow_match.c.monitor_id == monitor_id,
            shadow_match.c.scenario == scenario,
        )
    )
    rows = await connection.execute(
        select(shadow_match).where(shadow_match.c.id == newest.scalar_subquery())
    )
    row = rows.first()
    if row is None:
        return None
    return _Open(
        id=row.id, began=row.at, last_at=row.last_at, saved_at=row.last_at, ticks=row.ticks
    )


def _newer(known: _Open | None, latest: _Open | None) -> _Open | None:
    """What is kept, where another process has gone on with it; else what is known here, with the
    ticks that were not written yet."""
    if known is None or latest is None:
        return known or latest
    gone_on = latest.id != known.id or latest.last_at > known.last_at
    return latest if gone_on else known


def _is_due(known: _Open, now: datetime) -> bool:
    late = now - known.saved_at >= SAVED_EVERY
    return late or _was_away(known, now) or _is_over(known, now)


def _was_away(known: _Open, now: datetime) -> bool:
    """Whether another process may have gone on with the match meanwhile."""
    return now - known.last_at > _AWAY


def _is_over(known: _Open, now: datetime) -> bool:
    """Whether an incident would have ended by now, so that the next match is a new one."""
    return now - known.last_at >= INSIDE_FOR or now - known.began >= TAKING_MAX


def _twin(match: ShadowMatch, live: Sequence[RowMapping]) -> LiveTwin | None:
    for row in live:
        same = row["monitor_id"] == match.monitor_id
        if not same or match.scenario not in (row["scenario"], row["segment"]):
            continue
        ended = row["taking_ended_at"]
        opened = row["opened_at"]
        if opened <= match.last_at + INSIDE_FOR and (ended is None or ended >= match.at):
            return LiveTwin(
                incident_id=row["id"],
                tier=row["tier"],
                opened_at=opened,
                lead_s=(opened - match.at).total_seconds(),
            )
    return None


def _match(row: Row[Any]) -> ShadowMatch:
    values = dict(row._mapping)
    values["reasons"] = tuple(values["reasons"])
    return ShadowMatch(**values)
