"""The quarterly report: what stood at its end, how that differs from its beginning, what is late.

Made of the history, so that the report of a quarter that is over says the same whenever it is asked
for; but accounts are as they are today, and formula and rates as they are kept today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.errors import InvalidInput
from service.incidents import format_instant
from service.recurring import Round
from service.risks import rows
from service.risks.assessment import total
from service.risks.desk import in_sight
from service.risks.model import Change, Risk
from service.risks.movement import Direction, Moved, movement
from service.risks.quarter import Quarter, quarter_at
from service.risks.rates import RateBook
from service.risks.register import Entry, Register, Sort, position
from service.risks.reviewing import Reviews
from service.risks.views import assessment_json, digits, entry_json, rate_json, total_json

SCHEMA = "fengsui.risk-report/1"
TOP = 10
_SHOWN = (Direction.NEW, Direction.UP, Direction.DOWN, Direction.GONE)


class RiskReports:
    """Reports of whoever may read, over the entries that they may see."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        register: Register,
        rates: RateBook,
        reviews: Reviews,
    ) -> None:
        self._database = database
        self._clock = clock
        self._register = register
        self._rates = rates
        self._reviews = reviews

    async def of(self, principal: Principal, quarter: Quarter | None) -> dict[str, Any]:
        """As JSON; None is the quarter of today, as far as it is over.

        Raises Forbidden, and InvalidInput for a quarter that has not begun.
        """
        principal.require(Action.READ, Resource.RISK)
        now, zone = self._clock.now(), self._rates.zone
        wanted = quarter or quarter_at(now, zone)
        begins, ends = wanted.begins(zone), wanted.ends(zone)
        if begins > now:
            problem = f"{wanted} has not begun; today it is {quarter_at(now, zone)}"
            raise InvalidInput(problem, errors=[("quarter", problem)])
        as_of = min(now, ends)
        # A rate of the day on which the next one begins is none of this quarter.
        priced_at = min(now, ends - timedelta.resolution)
        async with self._database.read() as connection:
            known = {
                risk.id: risk for risk in await rows.every(connection) if in_sight(principal, risk)
            }
            before = await self._entries(connection, known, at=begins, priced_at=priced_at)
            after = await self._entries(connection, known, at=as_of, priced_at=priced_at)
            rounds = await self._reviews.rounds(connection)
            rates = await self._rates.load(connection)
        live = [entry for entry in after.values() if not entry.risk.retired]
        live.sort(key=lambda entry: position(entry, Sort.SCORE))
        used = {
            (item.rate.currency, item.rate.day): rate_json(item.rate)
            for entry in live
            for item in entry.assessment.money.values()
            if item is not None and item.rate is not None
        }
        moves = movement(before, after)
        reporting = rates.reporting
        return {
            "schema": SCHEMA,
            "quarter": str(wanted),
            "from": format_instant(begins),
            "until": format_instant(ends),
            "as_of": format_instant(as_of),
            "complete": now >= ends,
            "zone": zone.key,
            "currency": reporting,
            "made_at": format_instant(now),
            "made_by": principal.name,
            "formula": self._register.formula.shown(),
            "rates": [used[key] for key in sorted(used)],
            "totals": {
                "before": total_json(
                    total(item.assessment for item in before.values() if not item.risk.retired)
                ),
                "after": total_json(total(item.assessment for item in live)),
            },
            "top": [_entry(entry, reporting) for entry in live[:TOP]],
            "movement": {
                **{name.value: [_moved(item) for item in moves.of(name)] for name in _SHOWN},
                "unchanged": len(moves.of(Direction.SAME)),
            },
            "overdue": [_overdue(entry, as_of) for entry in live if entry.is_overdue],
            "reviews": _reviews(
                (item for risk_id in known for item in rounds.get(risk_id, ())), begins, as_of
            ),
            "owners_left": [
                {**_named(entry), "owner": entry.owner.id} for entry in live if entry.owner.left
            ],
            "cost_and_loss": [_cost(entry) for entry in sorted(live, key=_by_balance)],
        }

    async def _entries(
        self,
        connection: AsyncConnection,
        known: Mapping[str, Risk],
        *,
        at: datetime,
        priced_at: datetime,
    ) -> dict[str, Entry]:
        stood = await rows.standing_at(connection, at)
        risks = [_as_it_was(known[name], stood[name]) for name in known if name in stood]
        found = await self._register.entries(connection, risks, at=priced_at)
        return {entry.risk.id: entry for entry in found}


def _as_it_was(risk: Risk, change: Change) -> Risk:
    return Risk(
        draft=change.draft,
        stage=change.stage,
        cycle=change.cycle,
        retired=change.retired,
        id=risk.id,
        created_by=risk.created_by,
        created_at=risk.created_at,
        updated_at=change.at,
        version=change.version,
    )


def _by_balance(entry: Entry) -> tuple[Any, ...]:
    balance = entry.assessment.balance
    return (balance is None, 0 if balance is None else balance, entry.risk.id)


def _named(entry: Entry) -> dict[str, Any]:
    return {"id": entry.risk.id, "title": entry.risk.draft.title}


def _entry(entry: Entry, reporting: str) -> dict[str, Any]:
    shown = entry_json(entry, reporting=reporting)
    # When the next one is due is known of today alone.
    del shown["review"]["due_at"]
    return shown


def _moved(item: Moved) -> dict[str, Any]:
    before, after = item.before, item.after

    def score(entry: Entry | None) -> float | None:
        return None if entry is None else float(entry.assessment.score.value)

    def expected(entry: Entry | None) -> str | None:
        return None if entry is None else digits(entry.assessment.expected_loss)

    return {
        **_named(after),
        "score": {"before": score(before), "after": score(after)},
        "expected_loss": {"before": expected(before), "after": expected(after)},
        "stage": {
            "before": None if before is None else before.risk.stage.value,
            "after": after.risk.stage.value,
        },
    }


def _overdue(entry: Entry, as_of: datetime) -> dict[str, Any]:
    since = entry.review.overdue_since
    return {
        **_named(entry),
        "owner": entry.owner.name or entry.owner.id,
        "owner_left": entry.owner.left,
        "since": None if since is None else format_instant(since),
        "days": None if since is None else (as_of - since).days,
        "missed": entry.review.missed,
    }


def _reviews(rounds: Iterable[Round], begins: datetime, as_of: datetime) -> dict[str, int]:
    """Of those that fell due in the span: each is one of the last three."""
    due = [item for item in rounds if begins < item.due_at <= as_of]
    done = [item for item in due if item.done_at is not None and item.done_at <= as_of]
    late = sum(item.is_late for item in done)
    return {
        "due": len(due),
        "in_time": len(done) - late,
        "late": late,
        "not_done": len(due) - len(done),
    }


def _cost(entry: Entry) -> dict[str, Any]:
    shown = assessment_json(entry.assessment, reporting="")["reporting"]
    balance = entry.assessment.balance
    verdict = "unpriced" if balance is None else "costs_more" if balance < 0 else "worth_it"
    names = ("loss", "expected_loss", "control_cost", "compliance_cost", "cost", "balance")
    return {**_named(entry), **{name: shown[name] for name in names}, "verdict": verdict}
