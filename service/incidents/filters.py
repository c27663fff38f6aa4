"""Which incidents are asked for: filters, a text that is sought, and what somebody may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, or_

from service.db import tables
from service.incidents.lifecycle import OPEN_STATES, State
from service.incidents.model import Kind

StatementT = TypeVar("StatementT", bound=Select[*tuple[Any, ...]])

NOBODY = ""
"""Among `assignees`: what nobody has."""
_INCIDENT = tables.incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A text that is in the title, in an id, or in a name that the caller has resolved to ids."""

    text: str
    monitors: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """Filters are ANDed; values inside one are ORed; empty means no filter.

    `private` says whether persons at risk are in sight; `within` are the monitors in sight, None is
    every monitor and none at all is nothing.
    """

    ids: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    kinds: tuple[Kind, ...] = ()
    monitors: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    sought: Sought | None = None
    drill: bool | None = None
    opened_since: datetime | None = None
    opened_until: datetime | None = None
    private: bool = True
    within: frozenset[str] | None = None


def only_open(wanted: IncidentFilter) -> IncidentFilter:
    """The same filter on open incidents, unless it names states."""
    return wanted if wanted.states else replace(wanted, states=tuple(OPEN_STATES))


def filtered(statement: StatementT, wanted: IncidentFilter) -> StatementT:
    """The statement, which selects from the table of incidents, on what is asked for alone."""
    columns = _INCIDENT.c
    for values, column in (
        (wanted.ids, columns.id),
        (wanted.states, columns.state),
        (wanted.kinds, columns.kind),
        (wanted.monitors, columns.monitor_id),
        (wanted.scenarios, columns.scenario),
        (wanted.tiers, columns.tier),
    ):
        if values:
            statement = statement.where(column.in_([str(value) for value in values]))
    if wanted.assignees:
        named = columns.assignee.in_([name for name in wanted.assignees if name != NOBODY])
        free = columns.assignee.is_(None)
        statement = statement.where(or_(named, free) if NOBODY in wanted.assignees else named)
    if wanted.sought is not None:
        statement = _seeking(statement, wanted.sought)
    if not wanted.private:
        statement = statement.where(columns.kind != Kind.PERSON_AT_RISK.value)
    if wanted.within is not None:
        statement = statement.where(columns.monitor_id.in_(sorted(wanted.within)))
    if wanted.drill is not None:
        statement = statement.where(columns.drill.is_(wanted.drill))
    if wanted.opened_since is not None:
        statement = statement.where(columns.opened_at >= wanted.opened_since)
    if wanted.opened_until is not None:
        statement = statement.where(columns.opened_at < wanted.opened_until)
    return statement


def _seeking(statement: StatementT, sought: Sought) -> StatementT:
    columns = _INCIDENT.c
    found = [
        columns.title.icontains(sought.text, autoescape=True),
        columns.id.icontains(sought.text, autoescape=True),
        columns.monitor_id.icontains(sought.text, autoescape=True),
    ]
    for values, column in (
        (sought.monitors, columns.monitor_id),
        (sought.scenarios, columns.scenario),
        (sought.kinds, columns.kind),
    ):
        if values:
            found.append(column.in_([str(value) for value in values]))
    return statement.where(or_(*found))
