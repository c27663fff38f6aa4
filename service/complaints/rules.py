"""The catalogue of complaint rules, and the rules as they stand now, the shipped one included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library
from playbooks.office_hours import WALL_CLOCK, BusinessCalendar, Calendar
from service.auth import Resource
from service.clock import Clock
from service.complaints.rule import (
    SHIPPED,
    ComplaintRule,
    ComplaintRuleDraft,
    Counting,
    shipped_rule,
)
from service.db import Database, tables
from service.db.page import Page
from service.monitors.bodied import Bodied
from service.monitors.catalogue import Catalogue, Problems, check_name
from service.oncall.model import zone_of

_DRAFTS = Bodied(ComplaintRuleDraft)
read_draft, body_of, draft_of = _DRAFTS.read, _DRAFTS.body, _DRAFTS.of
_WEEK_MIN = 7 * 24 * 60
_BOUNDS = (
    ("confidence", 0, 1),
    ("followers_from", 0, 10**12),
    ("max_age_h", 1, 24 * 365),
    ("per_hour", 0, 100_000),
    ("warn_answer_min", 1, _WEEK_MIN),
    ("warn_response_min", 1, _WEEK_MIN),
    ("warn_resolution_min", 1, _WEEK_MIN),
    ("escalate_min", 1, _WEEK_MIN),
)


class ComplaintRules(Catalogue[ComplaintRuleDraft, ComplaintRule]):
    """What people wrote; the rule that ships is not among them until it is saved."""

    table = tables.complaint_rule
    resource = Resource.COMPLAINT_RULE

    async def page(self, *, after: str | None = None, limit: int = 50) -> Page[ComplaintRule]:
        """By id; the one that ships comes first until it is saved."""
        found = await self._page(after=after, limit=limit)
        if after is not None or await self._is_saved():
            return found
        return replace(found, items=(_unsaved(), *found.items))

    async def get(self, item_id: str) -> ComplaintRule:
        """Also the one that ships. Raises NotFound."""
        if item_id == SHIPPED and not await self._is_saved():
            return _unsaved()
        return await super().get(item_id)

    async def _is_saved(self) -> bool:
        async with self._database.read() as connection:
            table = self.table
            return bool(await connection.scalar(select(table.c.id).where(table.c.id == SHIPPED)))

    async def _columns(
        self,
        connection: AsyncConnection,
        draft: ComplaintRuleDraft,
        row: Row[Any] | None,
        problems: Problems,
    ) -> dict[str, Any]:
        name = check_name(draft.name, problems)
        problems += _problems(draft)
        return {"name": name, "body": body_of(draft)}

    def _read(self, row: Row[Any]) -> ComplaintRule:
        return _rule(
            draft_of(row),
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )


class RuleBook:
    """The rules by id as they stand in a transaction, and how their clocks count."""

    def __init__(self, *, library: Library, database: Database, clock: Clock) -> None:
        self._library = library
        self._database = database
        self._clock = clock

    async def now(self) -> tuple[ComplaintRuleDraft, ...]:
        """Every rule, by id."""
        async with self._database.read() as connection:
            return await self.every(connection)

    async def every(self, connection: AsyncConnection) -> tuple[ComplaintRuleDraft, ...]:
        """Those of the installation, and the shipped one unless it was changed."""
        table = tables.complaint_rule
        rows = await connection.execute(select(table).order_by(table.c.id))
        found = {row.id: draft_of(row) for row in rows}
        found.setdefault(SHIPPED, shipped_rule())
        return tuple(found[name] for name in sorted(found))

    async def of(self, connection: AsyncConnection, rule_id: str | None) -> ComplaintRuleDraft:
        """The rule of that id; of one that is gone, and for what people open, the default."""
        found = {rule.id: rule for rule in await self.every(connection)}
        return found.get(rule_id or SHIPPED, found[SHIPPED])

    def calendar(self, rule: ComplaintRuleDraft) -> Calendar:
        """How the clocks of its complaints count time."""
        if rule.counting is Counting.WALL:
            return WALL_CLOCK
        return BusinessCalendar.over(
            self._library.calendars.values(),
            zone=zone_of(rule.zone),
            opens=rule.opens,
            closes=rule.closes,
        )


def _rule(
    draft: ComplaintRuleDraft,
    *,
    created_at: datetime | None,
    updated_at: datetime | None,
    version: int,
) -> ComplaintRule:
    fields = {name: getattr(draft, name) for name in ComplaintRuleDraft.__dataclass_fields__}
    return ComplaintRule(**fields, created_at=created_at, updated_at=updated_at, version=version)


def _unsaved() -> ComplaintRule:
    return _rule(shipped_rule(), created_at=None, updated_at=None, version=0)


def _problems(draft: ComplaintRuleDraft) -> Iterator[tuple[str, str]]:
    for name, least, most in _BOUNDS:
        if not least <= (value := getattr(draft, name)) <= most:
            yield name, f"from {least} to {most}; {value} given"
    if draft.followers_to is not None and draft.followers_to < draft.followers_from:
        yield "followers_to", f"not below followers_from, which is {draft.followers_from}"
    if draft.opens >= draft.closes:
        yield "closes", f"after {draft.opens:%H:%M}, when service opens"
    try:
        zone_of(draft.zone)
    except ValueError as error:
        yield "zone", str(error)
