"""What people do with improvements: propose, edit, accept, do, verify, drop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.storable import storable
from service.errors import Conflict, IllegalTransition
from service.events import EventType
from service.ids import stable_id
from service.incidents import format_instant
from service.incidents import repository as incident_rows
from service.incidents.trail import trace
from service.incidents.words import said
from service.reviews import departments, items, rewards, rows
from service.reviews.access import require_hand, require_move, require_on
from service.reviews.clocks import Clocks
from service.reviews.drafts import checked
from service.reviews.lifecycle import check_move, rank
from service.reviews.model import (
    Improvement,
    Involved,
    ItemDraft,
    ItemFilter,
    ItemSort,
    ItemState,
    Review,
    ReviewState,
)
from service.reviews.telling import Telling, item_details

_REASON_MAX = 2_000
_SETTLED = frozenset({ItemState.VERIFIED, ItemState.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    connection: AsyncConnection
    item: Improvement
    leads: bool
    """Whether they lead the department that it is of."""
    now: datetime


class ImprovementDesk:
    """The one door for people. `version` is the If-Match of an edit; None skips the check."""

    def __init__(
        self, *, database: Database, clock: Clock, clocks: Clocks, telling: Telling
    ) -> None:
        self._database = database
        self._clock = clock
        self._clocks = clocks
        self._telling = telling

    async def page(
        self,
        principal: Principal,
        wanted: ItemFilter,
        *,
        sort: ItemSort = ItemSort.DUE,
        after: items.Position | None = None,
        limit: int = 50,
    ) -> tuple[Improvement, ...]:
        """Improvements in sight. Raises Forbidden."""
        principal.require(Action.READ, Resource.CAUSE_REVIEW)
        wanted = replace(wanted, within=principal.monitors)
        async with self._database.read() as connection:
            return await items.page(
                connection, wanted, sort=sort, after=after, limit=limit, now=self._clock.now()
            )

    async def get(self, principal: Principal, item_id: str) -> Improvement:
        """Raises NotFound, Forbidden."""
        principal.require(Action.READ, Resource.CAUSE_REVIEW)
        async with self._database.read() as connection:
            item = await items.get(connection, item_id)
        principal.require(Action.READ, Resource.CAUSE_REVIEW, monitor=item.monitor_id)
        return item

    async def propose(
        self, principal: Principal, review_id: str, department_id: str, draft: ItemDraft
    ) -> Improvement:
        """File a proposal for a department that is involved; its first one is worth points.

        Whoever works on reviews may, and the lead of the department. Raises NotFound, Forbidden,
        InvalidInput with every mistake, Conflict for a department that is not involved.
        """
        principal.require(Action.READ, Resource.CAUSE_REVIEW)
        async with self._database.write() as connection:
            review = await rows.get(connection, review_id)
            await require_hand(connection, principal, department_id, monitor=review.monitor_id)
            # The incident first, as its own moves do: in another order two wait for each other.
            await incident_rows.hold(connection, review.incident_id)
            review = await rows.get(connection, review_id, locked=True)
            if review.state is ReviewState.WITHDRAWN:
                raise IllegalTransition(f"review {review_id} is withdrawn")
            await departments.require_enabled(connection, department_id)
            now = self._clock.now()
            draft = await checked(connection, draft, before=None, now=now)
            place = await _place(connection, review, department_id)
            number = await items.count_of(connection, review_id)
            item = Improvement(
                **asdict(draft),
                id=stable_id("imp", review_id, number),
                review_id=review_id,
                incident_id=review.incident_id,
                monitor_id=review.monitor_id,
                department_id=department_id,
                rank=rank(draft.impact, draft.urgency, draft.effort),
                state=ItemState.PROPOSED,
                reason=None,
                proposed_by=principal.id,
                proposed_at=now,
                timed_from=now,
                done_at=None,
                done_by=None,
                verified_at=None,
                verified_by=None,
                updated_at=now,
                version=1,
            )
            await items.add(connection, item)
            await rewards.filed(connection, review, place, item, now=now)
            await self._say(connection, item, "proposed", {}, actor=principal.id, now=now)
            await self._clocks.watch_item(connection, item, now=now)
            return item

    async def edit(
        self,
        principal: Principal,
        item_id: str,
        draft: ItemDraft,
        *,
        department_id: str | None = None,
        version: int | None = None,
    ) -> Improvement:
        """Other words, weights, owner, date, or another department; None keeps that.

        Raises IllegalTransition for one that is verified or dropped, InvalidInput, Conflict.
        """
        async with self._opened(principal, item_id, version) as opened:
            connection, item, now = opened.connection, opened.item, opened.now
            if item.state in _SETTLED:
                raise IllegalTransition(f"improvement {item_id} is {item.state.value}; it stays")
            draft = await checked(connection, draft, before=item, now=now)
            values: dict[str, Any] = {
                **asdict(draft),
                "kind": draft.kind.value,
                "rank": rank(draft.impact, draft.urgency, draft.effort),
            }
            if department_id is not None and department_id != item.department_id:
                await require_hand(connection, principal, department_id, monitor=item.monitor_id)
                await departments.require_enabled(connection, department_id)
                values["department_id"] = department_id
            changed = {
                name: value for name, value in values.items() if getattr(item, name) != value
            }
            if not changed:
                return item
            told = {name: _plain(value) for name, value in changed.items()}
            if "due_at" in changed:
                changed["timed_from"] = now
                told["was_due_at"] = format_instant(item.due_at)
            item = await items.change(connection, item, now=now, **changed)
            await self._say(connection, item, "edited", told, actor=principal.id, now=now)
            await self._clocks.watch_item(connection, item, now=now)
            return item

    async def move(
        self,
        principal: Principal,
        item_id: str,
        state: ItemState,
        *,
        reason: str | None = None,
        version: int | None = None,
    ) -> Improvement:
        """Into another state; said twice is said once. Verifying is worth points.

        A lead or the lead of the department accepts and drops, a lead verifies what neither they
        own nor did. Raises IllegalTransition, InvalidInput without a reason where one is needed,
        Conflict, Forbidden.
        """
        why = said(reason, most=_REASON_MAX, path="reason")
        async with self._opened(principal, item_id, version) as opened:
            connection, item, now = opened.connection, opened.item, opened.now
            if not check_move(item, state, reason=why):
                return item
            require_move(principal, item, state, leads=opened.leads)
            values: dict[str, Any] = {"state": state.value, "reason": storable(why)}
            if state is ItemState.DONE:
                values |= {"done_at": now, "done_by": principal.id}
            elif state is ItemState.VERIFIED:
                values |= {"verified_at": now, "verified_by": principal.id}
            elif item.state is ItemState.DONE:
                values |= {"done_at": None, "done_by": None}
            was = item.state.value
            item = await items.change(connection, item, now=now, **values)
            if state is ItemState.VERIFIED:
                await rewards.verified(connection, item, by=principal.id, now=now)
            told = {"from": was, "to": state.value, "reason": why}
            await self._say(connection, item, state.value, told, actor=principal.id, now=now)
            await self._clocks.watch_item(connection, item, now=now)
            return item

    async def _say(
        self,
        connection: AsyncConnection,
        item: Improvement,
        deed: str,
        told: Mapping[str, Any],
        *,
        actor: str,
        now: datetime,
    ) -> None:
        data = {"improvement": item.id, "review": item.review_id, **told}
        await trace(
            connection,
            item.incident_id,
            f"improvement_{deed}",
            data,
            now=now,
            actor=actor,
            action=f"improvement.{deed}",
        )
        await self._telling.all(
            connection,
            await incident_rows.get(connection, item.incident_id),
            EventType.IMPROVEMENT_UPDATED,
            item_details(item) | {"change": deed},
            parts=[item.id, deed, str(item.version)],
            now=now,
        )

    @asynccontextmanager
    async def _opened(
        self, principal: Principal, item_id: str, version: int | None
    ) -> AsyncIterator[_Opened]:
        principal.require(Action.READ, Resource.CAUSE_REVIEW)
        async with self._database.write() as connection:
            item = await items.get(connection, item_id, locked=True)
            leads = await require_on(connection, principal, item)
            if version is not None and version != item.version:
                raise Conflict(
                    f"improvement {item.id} has changed since version {version}: it is "
                    f"{item.state.value}, owner {item.owner or 'nobody'}, due "
                    f"{format_instant(item.due_at)}, version {item.version}; load it again"
                )
            yield _Opened(connection=connection, item=item, leads=leads, now=self._clock.now())


async def _place(connection: AsyncConnection, review: Review, department_id: str) -> Involved:
    for found in await rows.involved(connection, review.id):
        if found.department_id == department_id:
            return found
    raise Conflict(
        f"department {department_id} is not involved in review {review.id}; name it there first"
    )


def _plain(value: Any) -> Any:
    return format_instant(value) if isinstance(value, datetime) else value
