"""A verdict is made: everything that is true from then on, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.moderation.review import records, repository
from service.moderation.review.entry import Entry
from service.moderation.review.lifecycle import Ruling, Standing, decide_alike
from service.moderation.review.model import HumanVerdict, Origin, ReviewItem
from service.moderation.review.opinions import Opinions
from service.moderation.review.patrol import PatrolWatch
from service.moderation.review.reactions import Consequences
from service.moderation.review.rubric import Rubric
from service.moderation.review.telling import Telling
from service.moderation.review.trail import trace


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictDraft:
    """What a reviewer sends. `rubric_version` is the one they read, None: the present one."""

    ruling: Ruling
    reason: str
    labels: tuple[str, ...] = ()
    note: str | None = None
    rubric_version: str | None = None


class Verdicts:
    """Writes verdicts down and carries them where they count."""

    def __init__(
        self,
        *,
        entry: Entry,
        opinions: Opinions,
        consequences: Consequences,
        telling: Telling,
        patrol: PatrolWatch,
    ) -> None:
        self._entry = entry
        self._opinions = opinions
        self._consequences = consequences
        self._telling = telling
        self._patrol = patrol

    async def settle(
        self,
        connection: AsyncConnection,
        item: ReviewItem,
        standing: Standing,
        verdict: HumanVerdict,
    ) -> ReviewItem:
        """Write the verdict that led to `standing`, for the item and the copies held with it."""
        before = item.ruling
        decided = await self._write(connection, item, standing, verdict)
        if decided.is_opinion:
            await self._opinions.end(connection, decided)
            return decided
        await self._telling.tell(connection, decided, standing, verdict)
        await self._follow_up(connection, decided, verdict, before=before)
        await self._settle_copies(connection, decided, verdict)
        if decided.origin is Origin.PATROL:
            await self._patrol.look(connection, decided, now=verdict.at)
        return await self._opinions.ask(connection, decided, verdict, now=verdict.at)

    async def _write(
        self,
        connection: AsyncConnection,
        item: ReviewItem,
        standing: Standing,
        verdict: HumanVerdict,
        *,
        alike: str | None = None,
    ) -> ReviewItem:
        await records.add_verdict(connection, verdict)
        decided = await repository.change(
            connection,
            item,
            now=verdict.at,
            state=standing.state.value,
            holder=None,
            lease_until=None,
            ruling=verdict.ruling.value,
            decided_at=verdict.at,
        )
        await self._entry.leave(connection, decided)
        data = {
            "line": verdict.line.value,
            "verdict": verdict.ruling.value,
            "labels": list(verdict.labels),
            "reason": verdict.reason,
            "rubric_version": verdict.rubric_version,
        }
        if alike is not None:
            data["alike"] = alike
        await trace(connection, item.id, "decided", data, actor=verdict.reviewer, now=verdict.at)
        return decided

    async def _follow_up(
        self,
        connection: AsyncConnection,
        item: ReviewItem,
        verdict: HumanVerdict,
        *,
        before: Ruling | None,
    ) -> None:
        """The hold, and the author's account."""
        holds = self._consequences.holds
        if item.hold_id is not None and holds is not None:
            await holds.decided(
                connection, item.hold_id, verdict.ruling, by=verdict.reviewer, now=verdict.at
            )
        await self._note_author(connection, item, verdict, before=before)

    async def _note_author(
        self,
        connection: AsyncConnection,
        item: ReviewItem,
        verdict: HumanVerdict,
        *,
        before: Ruling | None,
    ) -> None:
        authors = self._consequences.authors
        # A block that the next line upholds was counted when it was made.
        if item.author is None or authors is None or before is verdict.ruling:
            return
        appealed = item.appealed_at is not None
        await authors.judged(
            connection,
            item.author,
            verdict.ruling,
            overturned=appealed and verdict.ruling is Ruling.PASS,
            now=verdict.at,
        )

    async def _settle_copies(
        self, connection: AsyncConnection, item: ReviewItem, verdict: HumanVerdict
    ) -> None:
        """What waits under the same hold is decided with it, and its callers are told.

        A block is for every copy, a pass for the very same words: a near copy may hold more.
        """
        if item.hold_id is None:
            return
        for copy in await repository.under_hold(connection, item.hold_id, kind=item.kind):
            if verdict.ruling is Ruling.PASS and copy.text != item.text:
                continue
            verdicts = await records.verdicts_of(connection, copy.id)
            standing = decide_alike(
                copy.standing(verdicts), by=verdict.reviewer, ruling=verdict.ruling
            )
            if standing is None:
                continue
            same = replace(verdict, item_id=copy.id, line=copy.line)
            decided = await self._write(connection, copy, standing, same, alike=item.id)
            await self._telling.tell(connection, decided, standing, same)
            await self._note_author(connection, decided, same, before=copy.ruling)


def verdict_of(
    item: ReviewItem,
    draft: VerdictDraft,
    *,
    labels: tuple[str, ...],
    rubric: Rubric,
    by: str,
    now: datetime,
) -> HumanVerdict:
    """The verdict on an item that stands on its line."""
    return HumanVerdict(
        item_id=item.id,
        line=item.line,
        ruling=draft.ruling,
        labels=labels,
        reason=draft.reason,
        note=draft.note,
        rubric_version=rubric.name,
        reviewer=by,
        at=now,
    )
