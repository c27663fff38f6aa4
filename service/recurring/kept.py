"""Duties that another part keeps for a thing of its own, such as the review of a risk.

They are rounds and timers like all others, but people change and settle them where the thing is:
the catalogue of duties neither lists nor takes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.tables import recurring_duty
from service.recurring import rounds
from service.recurring.book import body_of, draft_of
from service.recurring.model import RecurringDraft, Round, RoundState
from service.recurring.names import kept_id
from service.recurring.planning import Planning


class KeptDuties:
    """Inside the caller's transaction, who has asked whether it may be. Nothing here commits."""

    def __init__(self, keeper: str, *, planning: Planning) -> None:
        """`keeper` is a word for the kind of thing; ids of its duties begin with it."""
        self._keeper = keeper
        self._planning = planning

    def id_of(self, subject_id: str) -> str:
        """The id of the duty of a thing."""
        return kept_id(self._keeper, subject_id)

    async def keep(
        self, connection: AsyncConnection, draft: RecurringDraft, *, now: datetime
    ) -> None:
        """Make or change a duty; its open round is planned.

        Another name or instruction alone asks nobody again.
        """
        table = recurring_duty
        values = {"name": draft.name, "body": body_of(draft), "updated_at": now}
        row = (
            await connection.execute(select(table).where(table.c.id == draft.id).with_for_update())
        ).first()
        if row is None:
            await connection.execute(
                insert(table).values(id=draft.id, created_at=now, version=1, **values)
            )
        else:
            await connection.execute(
                update(table)
                .where(table.c.id == draft.id)
                .values(**values, version=row.version + 1)
            )
            renamed = replace(draft_of(row), name=draft.name, instructions=draft.instructions)
            if renamed == draft and await rounds.open_round(connection, draft.id) is not None:
                return
        await self._planning.saved(connection, draft)

    async def pause(self, connection: AsyncConnection, subject_id: str, *, now: datetime) -> None:
        """Ask nobody any more; what was done and missed stays. `keep` goes on from then."""
        duty_id = self.id_of(subject_id)
        await self._planning.forgotten(connection, duty_id)
        open_one = await rounds.open_round(connection, duty_id, lock=True)
        if open_one is None:
            return
        if open_one.due_at <= now:
            await rounds.change(connection, open_one.id, state=RoundState.MISSED.value)
        else:
            await rounds.remove(connection, open_one.id)

    async def open_round(self, connection: AsyncConnection, subject_id: str) -> Round | None:
        """The round that waits, locked until the transaction ends."""
        return await rounds.open_round(connection, self.id_of(subject_id), lock=True)

    async def settle(
        self,
        connection: AsyncConnection,
        which: Round,
        *,
        by: str,
        note: str,
        evidence: str | None,
        now: datetime,
    ) -> None:
        """The open round is done; the next one is planned from its due time."""
        await rounds.change(
            connection,
            which.id,
            state=RoundState.DONE.value,
            done_at=now,
            done_by=by,
            note=note,
            evidence=evidence,
        )
        row = (
            await connection.execute(
                select(recurring_duty).where(recurring_duty.c.id == which.duty_id)
            )
        ).one()
        await self._planning.done(connection, draft_of(row), which, now=now)

    async def rounds(
        self, connection: AsyncConnection, *, only: Sequence[str] | None = None
    ) -> dict[str, tuple[Round, ...]]:
        """All rounds of this keeper's duties, by the id of the thing, the oldest first.

        `only` are ids of things, few: each is a parameter of the query.
        """
        found: dict[str, list[Round]] = {}
        ids = None if only is None else [self.id_of(subject) for subject in only]
        for item in await rounds.of_ids_like(connection, self.id_of(""), only=ids):
            found.setdefault(item.duty_id.removeprefix(self.id_of("")), []).append(item)
        return {name: tuple(items) for name, items in found.items()}
