"""What reviewers do: permission, version check, one transaction, then the deed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, InvalidInput
from service.moderation.review import lifecycle, records, repository
from service.moderation.review.entry import Entry
from service.moderation.review.lifecycle import Line, Standing
from service.moderation.review.model import (
    HumanVerdict,
    ItemFilter,
    ReviewFile,
    ReviewItem,
    Sort,
)
from service.moderation.review.rubric import Rubric
from service.moderation.review.trail import trace
from service.moderation.review.verdicts import VerdictDraft, Verdicts, verdict_of

DECIDES: Mapping[Line, Resource] = {
    Line.SECOND: Resource.REVIEW,
    Line.THIRD: Resource.PANEL_REVIEW,
    Line.LEGAL: Resource.LEGAL_REVIEW,
}
"""What one must be allowed to decide on a line."""
_LONGEST = 5_000


class ReviewDesk:
    """The one door for reviewers. `version` is the If-Match of an edit; None skips the check."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        entry: Entry,
        verdicts: Verdicts,
        rubric: Rubric,
        lease: timedelta,
    ) -> None:
        """`lease` is how long a claim holds; claiming again renews it."""
        self._database = database
        self._clock = clock
        self._entry = entry
        self._verdicts = verdicts
        self.rubric = rubric
        self._lease = lease

    async def page(
        self,
        principal: Principal,
        wanted: ItemFilter,
        *,
        sort: Sort = Sort.DUE,
        after: repository.Position | None = None,
        limit: int = 50,
    ) -> tuple[ReviewItem, ...]:
        """Items in the order of `sort`, overdue ones first, each as it stands by the clock."""
        principal.require(Action.READ, Resource.REVIEW)
        now = self._clock.now()
        async with self._database.read() as connection:
            items = await repository.page(
                connection, wanted, sort=sort, after=after, limit=limit, now=now
            )
            judges = [
                await records.verdicts_of(connection, item.id) if item.sealed else ()
                for item in items
            ]
        return tuple(
            _told(item, verdicts, principal, now=now)[0]
            for item, verdicts in zip(items, judges, strict=True)
        )

    async def file(self, principal: Principal, item_id: str) -> ReviewFile:
        """One item with its verdicts and history. Raises NotFound, Forbidden."""
        principal.require(Action.READ, Resource.REVIEW)
        now = self._clock.now()
        async with self._database.read() as connection:
            item = await repository.get(connection, item_id)
            verdicts = await records.verdicts_of(connection, item_id)
            history = await records.history_of(connection, item_id)
        told, open_verdicts = _told(item, verdicts, principal, now=now)
        if len(open_verdicts) < len(verdicts):
            history = tuple(event for event in history if event.kind != "decided")
        return ReviewFile(item=told, verdicts=open_verdicts, history=history)

    async def claim(
        self, principal: Principal, item_id: str, *, version: int | None = None
    ) -> ReviewItem:
        """Take an item, or renew one's claim. Raises Conflict while another has it."""
        async with self._opened(principal, item_id, version) as (connection, item, verdicts):
            now = self._clock.now()
            before = lifecycle.standing_at(item.standing(verdicts), now)
            after = lifecycle.claim(before, by=principal.id, now=now, lease=self._lease)
            kind = "renewed" if before.holder == principal.id else "claimed"
            return await self._stand(connection, item, after, kind, principal, now=now)

    async def release(
        self, principal: Principal, item_id: str, *, version: int | None = None
    ) -> ReviewItem:
        """Give one's claim back."""
        async with self._opened(principal, item_id, version) as (connection, item, verdicts):
            now = self._clock.now()
            after = lifecycle.release(item.standing(verdicts), by=principal.id, now=now)
            return await self._stand(connection, item, after, "released", principal, now=now)

    async def escalate(
        self, principal: Principal, item_id: str, *, reason: str, version: int | None = None
    ) -> ReviewItem:
        """Leave it to the panel, with a reason. Raises IllegalTransition on a last line."""
        _check_length("reason", reason)
        async with self._opened(principal, item_id, version) as (connection, item, verdicts):
            if item.is_opinion:
                raise Conflict("rule on this one as you see it; it goes no further")
            now = self._clock.now()
            after = lifecycle.escalate(
                item.standing(verdicts), by=principal.id, now=now, reason=reason
            )
            moved = await self._entry.move(connection, item, after, now=now)
            data = {"from": item.line.value, "to": moved.line.value, "reason": reason.strip()}
            await trace(connection, item.id, "escalated", data, actor=principal.id, now=now)
            return moved

    async def decide(
        self,
        principal: Principal,
        item_id: str,
        draft: VerdictDraft,
        *,
        version: int | None = None,
    ) -> ReviewItem:
        """Rule on an item that one has claimed.

        Raises InvalidInput for a reason or label that does not fit, Conflict for another's claim,
        a changed item or an old rubric, Forbidden for whoever ruled on it before.
        """
        _check_length("note", draft.note or "")
        if draft.rubric_version not in (None, self.rubric.name):
            raise Conflict(
                f"the rubric is {self.rubric.name} now, not {draft.rubric_version}; read it again"
            )
        async with self._opened(principal, item_id, version) as (connection, item, verdicts):
            now = self._clock.now()
            after = lifecycle.decide(
                item.standing(verdicts), by=principal.id, now=now, ruling=draft.ruling
            )
            labels = self.rubric.check(
                reason=draft.reason,
                ruling=draft.ruling,
                kind=item.kind,
                labels=draft.labels,
                known=[label.label for label in item.labels],
            )
            verdict = verdict_of(
                item, draft, labels=labels, rubric=self.rubric, by=principal.id, now=now
            )
            return await self._verdicts.settle(connection, item, after, verdict)

    async def _stand(
        self,
        connection: AsyncConnection,
        item: ReviewItem,
        standing: Standing,
        kind: str,
        principal: Principal,
        *,
        now: datetime,
    ) -> ReviewItem:
        """Write who has it."""
        changed = await repository.change(
            connection,
            item,
            now=now,
            state=standing.state.value,
            holder=standing.holder,
            lease_until=standing.lease_until,
        )
        until = standing.lease_until
        data = {"line": item.line.value, "until": until.isoformat() if until else None}
        await trace(connection, item.id, kind, data, actor=principal.id, now=now)
        return changed

    @asynccontextmanager
    async def _opened(
        self, principal: Principal, item_id: str, version: int | None
    ) -> AsyncIterator[tuple[AsyncConnection, ReviewItem, tuple[HumanVerdict, ...]]]:
        principal.require(Action.WORK, Resource.REVIEW)
        async with self._database.write() as connection:
            # Locked, so that the verdicts read next are those of the item as it was read.
            item = await repository.get(connection, item_id, locked=True)
            principal.require(Action.DECIDE, DECIDES[item.line])
            if version is not None and version != item.version:
                raise Conflict(repository.changed(item, version))
            yield connection, item, await records.verdicts_of(connection, item_id)


def _told(
    item: ReviewItem,
    verdicts: tuple[HumanVerdict, ...],
    principal: Principal,
    *,
    now: datetime,
) -> tuple[ReviewItem, tuple[HumanVerdict, ...]]:
    """An item by the clock, and the verdicts that this reader may know.

    While a second opinion is out, the first is for those who gave it, hold the item or may read
    the audit trail.
    """
    standing = lifecycle.standing_at(item.standing(), now)
    item = replace(
        item, state=standing.state, holder=standing.holder, lease_until=standing.lease_until
    )
    known = {verdict.reviewer for verdict in verdicts} | {item.holder}
    may_know = principal.id in known or principal.may(Action.READ, Resource.AUDIT)
    if item.sealed and not may_know:
        return replace(item, ruling=None), ()
    return item, verdicts


def _check_length(name: str, text: str) -> None:
    if len(text) > _LONGEST:
        problem = f"{len(text)} characters; at most {_LONGEST}"
        raise InvalidInput(f"{name}: {problem}", errors=[(name, problem)])
