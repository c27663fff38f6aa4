"""What the state database says of crises. Functions take a connection and never commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.cases import recurrence
from service.db import tables
from service.handling.cost import Work, cost_of
from service.handling.course import Handled, Wanted
from service.handling.definition import DEFINITIONS, Measure
from service.handling.pricing import Pricing
from service.handling.spending import works_of
from service.handling.steps import Steps, earliest, steps_of
from service.incidents import Kind, State
from service.indicators.figure import Share
from service.indicators.records import fell_due
from service.risks.money import Rates

_INCIDENT, _STEP = tables.incident.c, tables.step.c
_UNREAL = (State.MERGED.value, State.FALSE_POSITIVE.value)
Position = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What costs are reckoned with."""

    pricing: Pricing
    rates: Rates
    day_of: Callable[[datetime], date]


def _real(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """Real crises: no drill, no false alarm, nothing merged into another."""
    where = [
        _INCIDENT.kind == Kind.CRISIS.value,
        _INCIDENT.drill.is_(False),
        _INCIDENT.state.not_in(_UNREAL),
        _INCIDENT.opened_at >= wanted.window.since,
        _INCIDENT.opened_at < wanted.window.until,
    ]
    if wanted.monitors is not None:
        where.append(_INCIDENT.monitor_id.in_(sorted(wanted.monitors)))
    if wanted.scenario is not None:
        where.append(_INCIDENT.scenario == wanted.scenario)
    if wanted.tier is not None:
        where.append(_INCIDENT.tier == wanted.tier)
    return tuple(where)


async def handled(
    connection: AsyncConnection,
    wanted: Wanted,
    *,
    money: Reckoning,
    now: datetime,
    after: Position | None = None,
    limit: int | None = None,
) -> tuple[Handled, ...]:
    """The crises, newest first, each with all that is measured."""
    where = _real(wanted)
    query = select(tables.incident).order_by(_INCIDENT.opened_at.desc(), _INCIDENT.id.desc())
    if after is not None:
        at, key = after
        before = or_(_INCIDENT.opened_at < at, and_(_INCIDENT.opened_at == at, _INCIDENT.id < key))
        query = query.where(before)
    found = (await connection.execute(query.where(*where).limit(limit))).all()
    if limit is not None:
        where = (_INCIDENT.id.in_([row.id for row in found]),)
    steps = await steps_of(connection, where)
    published = await _published(connection, where)
    due = await _due(connection, where, now=now)
    judged = await recurrence.judged(
        connection, since=wanted.window.since, until=wanted.window.until
    )
    recurs = {crisis.id: again is not None for crisis, again in judged}
    works = await works_of(connection, {row.id: row.opened_at for row in found}, where)
    return tuple(
        _handled(
            row,
            steps[row.id],
            published=published.get(row.id),
            due=due.get(row.id, {}),
            recurs=recurs.get(row.id),
            work=works[row.id],
            money=money,
        )
        for row in found
    )


def _handled(
    row: Row[Any],
    steps: Steps,
    *,
    published: datetime | None,
    due: Mapping[str, Share],
    recurs: bool | None,
    work: Work,
    money: Reckoning,
) -> Handled:
    ends: dict[Measure, datetime | None] = {
        Measure.DETECT: row.opened_at,
        Measure.ACKNOWLEDGE: row.acknowledged_at,
        Measure.FIRST_RESPONSE: steps.done.get(Measure.FIRST_RESPONSE),
        Measure.STATEMENT: earliest(steps.done.get(Measure.STATEMENT), published),
        Measure.CONTAIN: row.contained_at,
        Measure.RESOLVE: row.resolved_at,
        Measure.HANDLING: row.resolved_at,
    }
    ended = {measure: end for measure, end in ends.items() if end is not None}
    waiting = {item for item in Measure if item in steps.open or not DEFINITIONS[item].steps}
    return Handled(
        id=row.id,
        monitor_id=row.monitor_id,
        scenario=row.scenario,
        tier=row.tier,
        title=row.title,
        state=row.state,
        first_post_at=row.first_post_at,
        opened_at=row.opened_at,
        ends=ended,
        waiting=frozenset(waiting - set(ended)),
        teams=steps.teams,
        due=due,
        recurs=recurs,
        cost=cost_of(work, pricing=money.pricing, rates=money.rates, day_of=money.day_of),
    )


async def _published(
    connection: AsyncConnection, where: Sequence[ColumnElement[bool]]
) -> Mapping[str, datetime]:
    """When the first statement went out, by incident; withdrawn later, it was out all the same."""
    statement = tables.statement.c
    rows = await connection.execute(
        select(statement.incident_id, func.min(statement.published_at).label("at"))
        .join(tables.incident, _INCIDENT.id == statement.incident_id)
        .where(*where, statement.published_at.is_not(None))
        .group_by(statement.incident_id)
    )
    return {row.incident_id: row.at for row in rows}


async def _due(
    connection: AsyncConnection, where: Sequence[ColumnElement[bool]], *, now: datetime
) -> Mapping[str, Mapping[str, Share]]:
    """Steps that fell due and those that were breached, by incident and role."""
    rows = await connection.execute(
        select(
            _STEP.incident_id,
            _STEP.role,
            func.count().label("due"),
            func.count(_STEP.breached_at).label("breached"),
        )
        .join(tables.incident, _INCIDENT.id == _STEP.incident_id)
        .where(*where, *fell_due(now))
        .group_by(_STEP.incident_id, _STEP.role)
    )
    found: dict[str, dict[str, Share]] = defaultdict(dict)
    for row in rows:
        found[row.incident_id][row.role] = Share(part=row.breached, whole=row.due)
    return found
