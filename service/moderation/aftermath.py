"""What follows from verdicts: holds, the queue of people, authors' counters, patrol, alarms.

Each part may fail without the others. Who is told so is the caller, in `degraded`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from service.db import Database
from service.metrics import judgement_failures
from service.moderation.accounts import Accounts
from service.moderation.behaviour import Behaviour, Unwritten
from service.moderation.case import AtRisk, Patrol, ReviewIntake
from service.moderation.hold_index import HoldState
from service.moderation.holds import Holds
from service.moderation.judged import Judged
from service.moderation.patience import patience
from service.moderation.policies import Indicator
from service.moderation.policy import Reason, Suggestion

log = structlog.get_logger(__name__)

_DIVERSION = "diversion"
Events = Counter[tuple[str, Indicator]]


class Aftermath:
    """Writes, files and reports; what is None is nobody's business here."""

    def __init__(
        self,
        database: Database,
        *,
        holds: Holds,
        accounts: Accounts,
        intake: ReviewIntake | None = None,
        patrol: Patrol | None = None,
        at_risk: AtRisk | None = None,
    ) -> None:
        self._database = database
        self._holds = holds
        self._accounts = accounts
        self._intake = intake
        self._patrol = patrol
        self._at_risk = at_risk

    async def settle(
        self, judged: Sequence[Judged], behaviour: Behaviour, *, caller: str, now: datetime
    ) -> None:
        """See to all that follows; the verdicts name what could not be done. Never raises.

        A hold is stored before it is filed, and marked when it is: whatever happens in between, the
        next copy is filed in its place, so that none waits unseen.
        """
        if all(_uneventful(one) for one in judged):
            await self._show_passed(judged, caller=caller, now=now)
            return
        await self._place([one for one in judged if one.placed is not None])
        filed = await self._file(_waiting(judged), caller=caller, now=now)
        await self._count(judged, filed, behaviour, now=now)
        await self._show_passed(judged, caller=caller, now=now)
        await self._alarm([one for one in judged if one.verdict.at_risk], caller=caller, now=now)

    async def _place(self, judged: Sequence[Judged]) -> None:
        if not judged:
            return
        holds = [one.placed for one in judged if one.placed is not None]
        async with self._part("holds", judged) as outcome:
            async with self._database.write(quiet=True) as connection:
                await self._holds.place(connection, holds)
            self._holds.placed(holds)
        for one in judged:
            if outcome.failed:
                one.placed = None
            elif one.placed is not None:
                _name(one, Reason.HOLD, one.placed.id)

    async def _file(
        self, judged: Sequence[Judged], *, caller: str, now: datetime
    ) -> Sequence[Judged]:
        """Those that people have now."""
        if not judged or self._intake is None:
            return ()
        async with self._part("review", judged) as outcome:
            await self._intake.file([one.case(caller=caller, at=now) for one in judged])
        return () if outcome.failed else judged

    async def _count(
        self,
        judged: Sequence[Judged],
        filed: Sequence[Judged],
        behaviour: Behaviour,
        *,
        now: datetime,
    ) -> None:
        stopped = [one for one in judged if not _passes(one)]
        copies = Counter(
            one.cover.id for one in stopped if one.cover is not None and one.placed is None
        )
        in_queue = {one.hold.id for one in filed if one.hold is not None and not one.hold.filed}
        authors = [(one.author, one) for one in stopped if one.author is not None]
        if not (copies or in_queue or authors):
            return
        events = _events(authors)
        async with (
            self._part("accounts", [one for _, one in authors]) as outcome,
            self._database.write(quiet=True) as connection,
        ):
            if copies:
                await self._holds.count_copies(connection, copies)
            if in_queue:
                await self._holds.filed(connection, in_queue, at=now)
            await self._accounts.add(connection, events, at=now)
        if outcome.failed:
            return
        if in_queue:
            self._holds.overtaken()
        for author, told in _unwritten(authors).items():
            behaviour.written(author, told)

    async def _show_passed(self, judged: Sequence[Judged], *, caller: str, now: datetime) -> None:
        if self._patrol is None:
            return
        passed = [one.case(caller=caller, at=now) for one in judged if _passes(one)]
        if passed:
            async with self._part("patrol", ()):
                await self._patrol.offer(passed)

    async def _alarm(self, judged: Sequence[Judged], *, caller: str, now: datetime) -> None:
        if self._at_risk is None:
            return
        for one in judged:
            async with self._part("at_risk", (one,)):
                await self._at_risk.report(one.case(caller=caller, at=now))

    @asynccontextmanager
    async def _part(self, name: str, judged: Sequence[Judged]) -> AsyncIterator[_Outcome]:
        """Bounds a part in time; its failure is logged, counted and named in the verdicts."""
        outcome = _Outcome()
        try:
            async with patience():
                yield outcome
        except Exception:
            outcome.failed = True
            log.exception("judgement.failed", part=name)
            judgement_failures.labels(part=name).inc()
            for one in judged:
                one.lacks(name)


@dataclass(slots=True)
class _Outcome:
    failed: bool = False


def _passes(one: Judged) -> bool:
    return one.verdict.suggestion is Suggestion.PASS


def _uneventful(one: Judged) -> bool:
    return _passes(one) and not one.verdict.at_risk


def _waiting(judged: Sequence[Judged]) -> list[Judged]:
    """Those that people are asked about: of the copies of one hold in a batch only the first."""
    asked: set[str] = set()
    chosen: list[Judged] = []
    for one in judged:
        if not one.waits or (one.hold is not None and one.hold.id in asked):
            continue
        chosen.append(one)
        if one.hold is not None and one.hold.state is HoldState.PENDING:
            asked.add(one.hold.id)
    return chosen


def _unwritten(authors: Sequence[tuple[str, Judged]]) -> dict[str, Unwritten]:
    """By author; it grows with each text, so that the last has all."""
    return {author: one.unwritten for author, one in authors}


def _events(authors: Sequence[tuple[str, Judged]]) -> Events:
    """What the texts that do not pass say of their authors."""
    events: Events = Counter()
    for author, one in authors:
        verdict = one.verdict
        if verdict.suggestion is Suggestion.BLOCK and not verdict.held:
            events[author, Indicator.MACHINE_BLOCK] += 1
        if one.cover is not None and one.cover.state is not HoldState.LIFTED:
            events[author, Indicator.COPY] += 1
        if any(label == _DIVERSION for label, _, _ in verdict.labels):
            events[author, Indicator.DIVERSION] += 1
    for author, seen in _unwritten(authors).items():
        if seen.copies:
            events[author, Indicator.COPY] += seen.copies
        if seen.bursts:
            events[author, Indicator.BURST] += seen.bursts
    return events


def _name(one: Judged, reason: Reason, ref: str) -> None:
    one.verdict = replace(one.verdict, reasons=(*one.verdict.reasons, (reason, ref)))
