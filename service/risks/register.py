"""Reading the register: entries with what they come to today, filtered, sorted, in pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database, tables
from service.errors import NotFound
from service.risks import linking, rows
from service.risks.assessment import Assessment, assess
from service.risks.desk import in_sight
from service.risks.formula import Formula
from service.risks.model import Change, Link, Risk, Stage
from service.risks.rates import RateBook
from service.risks.reviewing import Reviews, ReviewStanding

_FEW = 50


class Sort(StrEnum):
    """The gravest, dearest, soonest or newest first; titles from the first letter on."""

    SCORE = "score"
    EXPECTED_LOSS = "expected_loss"
    BALANCE = "balance"
    REVIEW = "review"
    TITLE = "title"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFilter:
    """Empty means any. `q` is part of the title, in any case; `retired` None is both."""

    stages: tuple[Stage, ...] = ()
    owners: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    overdue: bool | None = None
    owner_left: bool | None = None
    retired: bool | None = False
    q: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """`left` says that the account is closed or gone: somebody else must be named."""

    id: str
    name: str | None
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A risk as it stands: `review` of one that is retired is of no account."""

    risk: Risk
    assessment: Assessment
    owner: Owner
    review: ReviewStanding
    links: tuple[Link, ...] = ()

    @property
    def is_overdue(self) -> bool:
        return self.review.overdue_since is not None and not self.risk.retired


Position = tuple[int, Decimal | str, str]
"""Whether the value is missing, the value in rising order, and the id of an entry."""


class Register:
    """Whoever may read, and of entries of a monitor whoever works on it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        formula: Formula,
        rates: RateBook,
        reviews: Reviews,
    ) -> None:
        self._database = database
        self._clock = clock
        self.formula = formula
        self.rates = rates
        self._reviews = reviews

    async def page(
        self,
        principal: Principal,
        wanted: RiskFilter,
        *,
        sort: Sort = Sort.SCORE,
        after: Position | None = None,
        limit: int = 50,
    ) -> tuple[Entry, ...]:
        """At most `limit` entries behind `after`, without their links. Raises Forbidden."""
        principal.require(Action.READ, Resource.RISK)
        async with self._database.read() as connection:
            found = await rows.every(connection)
            entries = await self.entries(connection, found, at=self._clock.now())
        fitting = [
            entry for entry in entries if in_sight(principal, entry.risk) and _fits(entry, wanted)
        ]
        fitting.sort(key=lambda entry: position(entry, sort))
        if after is not None:
            fitting = [entry for entry in fitting if position(entry, sort) > after]
        return tuple(fitting[:limit])

    async def get(self, principal: Principal, risk_id: str) -> Entry:
        """One entry with its links. Raises Forbidden, NotFound."""
        async with self._database.read() as connection:
            risk = await self._seen(connection, principal, risk_id)
            (entry,) = await self.entries(connection, [risk], at=self._clock.now())
            links = await rows.links(connection, risk_id)
            return replace(entry, links=await linking.named(connection, principal, links))

    async def entry(self, risk: Risk) -> Entry:
        """What a risk that somebody was just given comes to now, without its links."""
        async with self._database.read() as connection:
            (entry,) = await self.entries(connection, [risk], at=self._clock.now())
        return entry

    def shown(self, principal: Principal) -> dict[str, Any]:
        """The formula, for whoever may read the register."""
        principal.require(Action.READ, Resource.RISK)
        return self.formula.shown()

    async def history(
        self, principal: Principal, risk_id: str, *, before: int | None, limit: int
    ) -> tuple[Change, ...]:
        """Versions, the newest first, below `before`. Raises Forbidden, NotFound."""
        async with self._database.read() as connection:
            await self._seen(connection, principal, risk_id)
            return await rows.changes(connection, risk_id, before=before, limit=limit)

    async def entries(
        self, connection: AsyncConnection, risks: Sequence[Risk], *, at: datetime
    ) -> tuple[Entry, ...]:
        """Risks with the money, the owners and the reviews of an instant."""
        rates = await self.rates.load(connection)
        few = [risk.id for risk in risks] if len(risks) <= _FEW else None
        standings = await self._reviews.standings(connection, at=at, only=few)
        accounts = {
            row.id: row
            for row in await connection.execute(
                select(tables.user.c.id, tables.user.c.name, tables.user.c.disabled)
            )
        }

        def owner_of(risk: Risk) -> Owner:
            row = accounts.get(risk.draft.owner)
            return Owner(
                id=risk.draft.owner,
                name=None if row is None else row.name,
                left=row is None or row.disabled,
            )

        return tuple(
            Entry(
                risk=risk,
                assessment=assess(risk.draft, self.formula, rates, self.rates.day_of(at)),
                owner=owner_of(risk),
                review=standings.get(risk.id, ReviewStanding()),
            )
            for risk in risks
        )

    async def _seen(self, connection: AsyncConnection, principal: Principal, risk_id: str) -> Risk:
        principal.require(Action.READ, Resource.RISK)
        risk = await rows.find(connection, risk_id)
        if risk is None or not in_sight(principal, risk):
            raise NotFound(f"there is no risk {risk_id!r}")
        return risk


def position(entry: Entry, sort: Sort) -> Position:
    """The place of an entry in that order; what has no value comes last."""
    value = _value(entry, sort)
    return (
        (1, "" if sort is Sort.TITLE else Decimal(), entry.risk.id)
        if value is None
        else (
            0,
            value,
            entry.risk.id,
        )
    )


def _value(entry: Entry, sort: Sort) -> Decimal | str | None:
    assessment = entry.assessment
    match sort:
        case Sort.SCORE:
            return -assessment.score.value
        case Sort.EXPECTED_LOSS:
            return None if (loss := assessment.expected_loss) is None else -loss
        case Sort.BALANCE:
            return None if (balance := assessment.balance) is None else -balance
        case Sort.REVIEW:
            due_at = None if entry.risk.retired else entry.review.due_at
            return None if due_at is None else Decimal(str(due_at.timestamp()))
        case Sort.UPDATED:
            return -Decimal(str(entry.risk.updated_at.timestamp()))
        case Sort.TITLE:
            return entry.risk.draft.title.casefold()


def _fits(entry: Entry, wanted: RiskFilter) -> bool:
    return all(_answers(entry, wanted))


def _answers(entry: Entry, wanted: RiskFilter) -> Iterator[bool]:
    risk, draft = entry.risk, entry.risk.draft
    yield not wanted.stages or risk.stage in wanted.stages
    yield not wanted.owners or draft.owner in wanted.owners
    yield not wanted.monitors or draft.monitor in wanted.monitors
    yield not wanted.scenarios or draft.scenario in wanted.scenarios
    yield not wanted.bands or entry.assessment.score.band in wanted.bands
    yield wanted.overdue in (None, entry.is_overdue)
    yield wanted.owner_left in (None, entry.owner.left)
    yield wanted.retired in (None, risk.retired)
    yield wanted.q.casefold() in draft.title.casefold()
