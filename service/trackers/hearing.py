"""What trackers say is followed here: the improvement moves first, then the hand-over is written.

Killed between the two, the same word comes again, by webhook or poll, and moves nothing twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Principal, PrincipalKind, Role
from service.clock import Clock
from service.db import Database
from service.delivery.proofs import ProofKind, use, used_at
from service.errors import Conflict, Forbidden, IllegalTransition
from service.reviews import ImprovementDesk, ItemState
from service.reviews import items as item_rows
from service.trackers import rows
from service.trackers.deciding import Hearing, follow, judge, standing_of
from service.trackers.model import Handover, Heard, Standing, State, SubjectKind, Trouble
from service.trackers.sending import state_of
from service.trackers.telling import Telling, actor_of
from service.trackers.tracker import Tracker

_TRIES = 3
_WORDS = {
    Trouble.UNKNOWN_STATE: "映射里没有工单状态 {word} the mapping has no state {word}",
    Trouble.DROPPED_THERE: "工单被放弃，由负责人决定改进项 given up there: a lead decides here",
    Trouble.DISAGREES: "改进项是 {item}，不能跟随 it is {item} and cannot follow {word}",
    Trouble.DELETED_THERE: "工单已被删除 the ticket was deleted",
}
_MOVED = "工单 {key} 变为 {word} the ticket {key} is {word}"


class Listener:
    """Takes what webhooks and polls bring."""

    def __init__(
        self, database: Database, *, clock: Clock, items: ImprovementDesk, telling: Telling
    ) -> None:
        self._database = database
        self._clock = clock
        self._items = items
        self._telling = telling

    async def hear(self, tracker: Tracker, heard: Heard, *, notice: str | None = None) -> Hearing:
        """Follow it; `notice` is the event's id, by which it counts once.

        Raises Conflict where others are at it all the time: it comes again.
        """
        for _ in range(_TRIES):
            async with self._database.read() as connection:
                handover = await rows.of_key(connection, tracker.id, heard.key or "")
                if handover is None:
                    return Hearing.NOT_OURS
                if notice is not None and await used_at(
                    connection, ProofKind.TRACKER, tracker.id, notice
                ):
                    return Hearing.TWICE
            found = await self._hear(tracker, handover, heard, notice)
            if found is not None:
                return found
        raise Conflict(f"the hand-over of {heard.key} is being changed; send it again")

    async def _hear(
        self, tracker: Tracker, handover: Handover, heard: Heard, notice: str | None
    ) -> Hearing | None:
        """None where the hand-over has just become another."""
        hearing = judge(handover, heard)
        item, trouble = None, None
        of_item = handover.subject_kind is SubjectKind.IMPROVEMENT
        if hearing is Hearing.NEWS and of_item and heard.standing is not None:
            try:
                item, trouble = await self._follow(tracker, handover, heard.standing, heard.word)
            except Conflict:
                return None
        now = self._clock.now()
        async with self._database.write() as connection:
            before = await rows.get(connection, handover.id, locked=True)
            overtaken = judge(before, heard) is not hearing
            if not overtaken:
                if notice is not None and not await use(
                    connection, ProofKind.TRACKER, tracker.id, notice, subject_id=before.id, at=now
                ):
                    return Hearing.TWICE
                after = changed(before, heard, hearing, item=item, trouble=trouble)
                if after != before:
                    await rows.put(connection, after, now=now)
                    await self._tell(connection, tracker, before, after, item=item, now=now)
        if not overtaken:
            return hearing
        if item is not None and before.standing is not None:
            # What came meanwhile counts, and the improvement is where this word has left it.
            await self._follow(tracker, before, before.standing, before.word)
        return None

    async def _follow(
        self, tracker: Tracker, handover: Handover, standing: Standing, word: str | None
    ) -> tuple[ItemState, Trouble | None]:
        """Where the improvement stands then, and why it could not go along. Raises Conflict where
        somebody was faster.
        """
        async with self._database.read() as connection:
            item = await item_rows.get(connection, handover.subject_id)
        wish = follow(item.state, standing)
        if wish.to is None:
            return item.state, wish.trouble
        actor = Principal(
            id=actor_of(tracker),
            kind=PrincipalKind.LINK,
            name=f"tracker {tracker.id}",
            roles=frozenset({Role.RESPONDER}),
        )
        reason = _MOVED.format(key=handover.key, word=word)
        try:
            moved = await self._items.move(
                actor, item.id, wish.to, reason=reason, version=item.version
            )
        except (IllegalTransition, Forbidden):
            return item.state, Trouble.DISAGREES
        return moved.state, None

    async def _tell(
        self,
        connection: AsyncConnection,
        tracker: Tracker,
        before: Handover,
        after: Handover,
        *,
        item: ItemState | None,
        now: datetime,
    ) -> None:
        told = ("standing", "state", "trouble")
        if all(getattr(after, name) is getattr(before, name) for name in told):
            return
        reason = None
        if after.trouble is not None:
            shown = "?" if item is None else item.value
            reason = _WORDS.get(after.trouble, "").format(word=after.word, item=shown) or None
        change = "deleted" if after.state is State.DELETED else "heard"
        await self._telling.news(
            connection, after, change=change, actor=actor_of(tracker), now=now, reason=reason
        )


def changed(
    before: Handover,
    heard: Heard,
    hearing: Hearing,
    *,
    item: ItemState | None = None,
    trouble: Trouble | None = None,
) -> Handover:
    """The hand-over after that; `item` is where its improvement stands now, if it has one."""
    at = heard.at if before.heard_at is None else max(before.heard_at, heard.at or before.heard_at)
    match hearing:
        case Hearing.DELETED:
            return replace(before, state=State.DELETED, trouble=Trouble.DELETED_THERE, poll_at=None)
        case Hearing.UNKNOWN_STATE:
            return replace(before, word=heard.word, heard_at=at, trouble=Trouble.UNKNOWN_STATE)
        case Hearing.NEWS if heard.standing is not None:
            return replace(
                before,
                state=state_of(heard.standing),
                standing=heard.standing,
                word=heard.word,
                heard_at=at,
                wanted=_wanted(heard.standing, item),
                trouble=trouble,
            )
        case Hearing.SAME if heard.standing is not None and not heard.deleted:
            known = before.trouble is not Trouble.UNKNOWN_STATE
            return replace(
                before, word=heard.word, heard_at=at, trouble=before.trouble if known else None
            )
        case _:
            return before


def _wanted(heard: Standing, item: ItemState | None) -> Standing:
    return heard if item is None else standing_of(item)
