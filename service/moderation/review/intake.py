"""Texts come before people: what the machine asks for, and what the patrol has drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.clock import Clock
from service.db import Database
from service.ids import stable_id
from service.moderation.case import Case
from service.moderation.review import records, repository
from service.moderation.review.entry import Entry
from service.moderation.review.lifecycle import UNDECIDED, Line, State
from service.moderation.review.model import Origin, ReviewItem
from service.moderation.review.reactions import Consequences
from service.moderation.review.telling import Telling
from service.moderation.review.trail import trace

_LONGEST_PARENT = 2_000
_LONGEST_EARLIER = 500
_MOST_EARLIER = 5
"""What is kept of the texts around one: enough to understand it by."""


class Intake:
    """Files texts. The same (caller, item id, text) filed again is the same item."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        entry: Entry,
        consequences: Consequences,
        telling: Telling,
    ) -> None:
        self._database = database
        self._clock = clock
        self._entry = entry
        self._consequences = consequences
        self._telling = telling

    async def file(self, cases: Sequence[Case]) -> None:
        """File what the machine wants a person to see, in one transaction."""
        await self.file_as(cases, origin=Origin.MACHINE)

    async def file_as(self, cases: Sequence[Case], *, origin: Origin) -> None:
        """File cases of one origin, in one transaction."""
        if not cases:
            return
        # In the order of ids: two replicas that file the same texts wait, and never deadlock.
        ordered = sorted(cases, key=case_id)
        async with self._database.write() as connection:
            now = self._clock.now()
            for case in ordered:
                await self.take(connection, case, origin=origin, now=now)

    async def take(
        self,
        connection: AsyncConnection,
        case: Case,
        *,
        origin: Origin,
        now: datetime,
        appeal: tuple[str, str] | None = None,
    ) -> ReviewItem:
        """The item of a case, filed now or known. `appeal` is (words, who speaks for the user)."""
        item = _item(case, origin=origin, now=now, appeal=appeal)
        added = await self._entry.add(connection, item, now=now)
        if added is None:
            known = await repository.get(connection, item.id)
            if origin is Origin.PATROL:
                return known  # it has passed: nobody waits for an answer
            return await self._take_again(connection, known, case, now=now)
        data = {
            "line": added.line.value,
            "origin": origin.value,
            "suggestion": case.suggestion,
            "risk_level": case.risk_level,
            "labels": sorted({label.label for label in case.labels}),
            "hold": case.hold_id,
        }
        await trace(connection, added.id, "filed", data, actor=case.caller, now=now)
        return added

    async def _take_again(
        self, connection: AsyncConnection, known: ReviewItem, case: Case, *, now: datetime
    ) -> ReviewItem:
        """A text that people know: whoever sends it again hears what they decide, or decided."""
        if known.state in UNDECIDED:
            if case.hold_id is None or known.hold_id is not None:
                return known
            await repository.mark(connection, known.id, hold_id=case.hold_id, held=True)
            data = {"hold": case.hold_id}
            await trace(connection, known.id, "held", data, actor=case.caller, now=now)
            return await repository.get(connection, known.id)
        verdicts = await records.verdicts_of(connection, known.id)
        holds = self._consequences.holds
        if case.hold_id not in (None, known.hold_id) and holds is not None:
            # A hold that is younger than the verdict must not wait for another.
            await holds.decided(
                connection, str(case.hold_id), verdicts[-1].ruling, by=audit.SYSTEM, now=now
            )
        await self._telling.tell(
            connection, known, known.standing(verdicts), verdicts[-1], asked_at=now
        )
        return known


def case_id(case: Case) -> str:
    """The id of a case's item, derived from (caller, item id, text)."""
    return stable_id("rev", case.caller, case.item_id or "", case.text)


def _item(
    case: Case, *, origin: Origin, now: datetime, appeal: tuple[str, str] | None
) -> ReviewItem:
    words, speaker = appeal or (None, None)
    return ReviewItem(
        id=case_id(case),
        origin=origin,
        line=Line.LEGAL if case.kind == "advertisement" else Line.SECOND,
        state=State.PENDING,
        kind=case.kind,
        caller=case.caller,
        caller_item=case.item_id,
        text=case.text,
        policy=case.policy,
        suggestion=case.suggestion,
        held=case.held,
        hold_id=case.hold_id,
        risk_level=case.risk_level,
        labels=case.labels,
        author=case.author,
        versions=case.versions,
        judged_at=case.at,
        filed_at=now,
        entered_at=now,
        due_at=now,
        appealed_at=None if appeal is None else now,
        appeal_words=words,
        appealed_by=speaker,
        updated_at=now,
        parent=None if case.parent is None else case.parent[:_LONGEST_PARENT],
        session=tuple(text[:_LONGEST_EARLIER] for text in case.session[-_MOST_EARLIER:]),
    )
