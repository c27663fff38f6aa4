"""The review that each entry is due every so many months: a recurring duty of its owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from service.oncall.model import Target, TargetKind
from service.recurring import KeptDuties, RecurringDraft, Round, RoundState
from service.risks.formula import ReviewPolicy
from service.risks.model import Risk

_ASKED = "复评风险登记册条目：系数、可能性、损失和成本是否还对，下一步是什么"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStanding:
    """`due_at` is the one that waits; `overdue_since` the first that nobody has made good since.

    `missed` counts those that were still open when the next one was planned.
    """

    due_at: datetime | None = None
    overdue_since: datetime | None = None
    missed: int = 0


class Reviews:
    """Rounds of reviews, as recurring duties that the register keeps."""

    def __init__(self, *, kept: KeptDuties, policy: ReviewPolicy, zone: ZoneInfo) -> None:
        self._kept = kept
        self._policy = policy
        self._zone = zone

    async def plan(self, connection: AsyncConnection, risk: Risk, *, now: datetime) -> None:
        """Plan the next one, or move it: of a new entry, or one with another owner or rhythm."""
        await self._kept.keep(connection, self._duty(risk), now=now)

    async def stop(self, connection: AsyncConnection, risk_id: str, *, now: datetime) -> None:
        """Nobody is asked any more; what was missed stays."""
        await self._kept.pause(connection, risk_id, now=now)

    async def settle(
        self,
        connection: AsyncConnection,
        risk: Risk,
        *,
        by: str,
        note: str,
        evidence: str | None,
        now: datetime,
    ) -> Round | None:
        """The round that a review of now makes good.

        None before its warning: who looks in between does not get out of the next one.
        """
        waiting = await self._kept.open_round(connection, risk.id)
        warned = timedelta(days=self._policy.warn_days)
        if waiting is None or now < waiting.due_at - warned:
            return None
        await self._kept.settle(connection, waiting, by=by, note=note, evidence=evidence, now=now)
        return waiting

    async def standings(
        self, connection: AsyncConnection, *, at: datetime, only: Sequence[str] | None
    ) -> Mapping[str, ReviewStanding]:
        """Of every entry, or of `only` a few, by its id, as it was at an instant."""
        found = await self._kept.rounds(connection, only=only)
        return {risk_id: standing(rounds, at=at) for risk_id, rounds in found.items()}

    async def rounds(self, connection: AsyncConnection) -> Mapping[str, tuple[Round, ...]]:
        """All rounds there were, by the id of the entry, the oldest first."""
        return await self._kept.rounds(connection)

    def _duty(self, risk: Risk) -> RecurringDraft:
        policy, months = self._policy, risk.draft.review_months
        entered = risk.created_at.astimezone(self._zone).date()
        year, month = divmod(entered.year * 12 + entered.month - 1 + months, 12)
        return RecurringDraft(
            id=self._kept.id_of(risk.id),
            name=f"风险复评：{risk.draft.title}"[:200],
            owner=Target(kind=TargetKind.ACCOUNT, id=risk.draft.owner),
            deputy=policy.deputy,
            starts_on=date(year, month + 1, 1),
            every_months=months,
            day=entered.day,
            at=policy.at,
            zone=self._zone.key,
            warn_days=policy.warn_days,
            escalate_days=policy.escalate_days,
            instructions=f"{_ASKED}（{risk.id}）",
        )


def standing(rounds: Iterable[Round], *, at: datetime) -> ReviewStanding:
    """What rounds of one entry, the oldest first, come to at an instant."""
    due_at = overdue_since = None
    missed = 0
    given_up: Round | None = None
    for item in rounds:
        if item.state is RoundState.OPEN:
            due_at = item.due_at
        # A round does not say when it was given up: the next one was planned in that moment.
        missed += given_up is not None and item.created_at <= at
        given_up = item if item.state is RoundState.MISSED else None
        if item.done_at is not None and item.done_at <= at:
            overdue_since = None
        elif item.due_at <= at and overdue_since is None:
            overdue_since = item.due_at
    return ReviewStanding(due_at=due_at, overdue_since=overdue_since, missed=missed)
