"""A reviewer's work: what lies before them, what they decided, and ten seconds to think better.

A verdict is told to its caller in the transaction that makes it, and cannot be called back. So it
waits here for ten seconds before it is given, in which it can be undone; whoever leaves the page
gives what they have decided at once. Until then the claim keeps the item from everybody else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.auth import Principal
from service.bootstrap import Container
from service.console.dialogs import UNDO_S
from service.console.pages.review.prepared import Prepared, prepare
from service.errors import Conflict, Forbidden, IllegalTransition, NotFound, ServiceError
from service.moderation.review import ReviewItem, Ruling, VerdictDraft
from service.moderation.review.model import HumanVerdict

AHEAD = 4
"""Items that are claimed and made ready, the one on the page among them."""
_REMEMBERED = 8
_RENEW_SHARE = 3


class Fate(StrEnum):
    """What became of something that was decided."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(slots=True, kw_only=True)
class Decided:
    """One decision: a verdict, or an escalation with its `reason`. `due` is monotonic, in s."""

    prepared: Prepared
    at: datetime
    due: float
    draft: VerdictDraft | None = None
    reason: str = ""
    fate: Fate = Fate.WAITING
    problem: ServiceError | None = None
    before: tuple[HumanVerdict, ...] = ()
    """What other lines had decided; known once the own verdict is given."""

    @property
    def item(self) -> ReviewItem:
        return self.prepared.item

    @property
    def agrees(self) -> bool | None:
        """Whether machine and person say the same; None where the machine asked for a person."""
        if self.draft is None or self.item.suggestion == "review":
            return None
        return (self.item.suggestion == "block") is (self.draft.ruling is Ruling.BLOCK)


@dataclass(slots=True)
class Work:
    """`who` answers the reviewer with their roles of this moment, and raises once they left."""

    container: Container
    who: Callable[[], Awaitable[Principal]]
    wanted: str | None = None
    """An item to begin with, if it can be had."""
    ready: deque[Prepared] = field(default_factory=deque)
    decided: deque[Decided] = field(default_factory=deque)
    count: int = 0
    skipped: set[str] = field(default_factory=set)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def current(self) -> Prepared | None:
        """What lies before the reviewer."""
        return self.ready[0] if self.ready else None

    @property
    def waiting(self) -> list[Decided]:
        """What can still be undone, oldest first."""
        return [one for one in self.decided if one.fate is Fate.WAITING]

    async def fill(self) -> bool:
        """Claim and make ready what is missing ahead; answers whether anything came.

        Raises Forbidden for who works on no line.
        """
        async with self._turn:
            missing = AHEAD - len(self.ready)
            if missing <= 0:
                return False
            principal = await self.who()
            # What was decided is claimed until it is sent: it must not come back before that.
            known = {one.item.id for one in self.ready} | {one.item.id for one in self.waiting}
            items: list[ReviewItem] = []
            if self.wanted is not None:
                items += await self._wanted(principal)
            items += await self.container.review.stream.take(
                principal,
                missing - len(items),
                besides=known | self.skipped | {item.id for item in items},
            )
            self.ready += await prepare(self.container, principal, items)
            return bool(items)

    async def _wanted(self, principal: Principal) -> list[ReviewItem]:
        wanted, self.wanted = self.wanted or "", None
        try:
            return [await self.container.review.desk.claim(principal, wanted)]
        except (NotFound, Conflict, Forbidden, IllegalTransition):
            return []

    def decide(self, draft: VerdictDraft) -> None:
        """Rule on what lies before the reviewer; the next one comes."""
        self._put(draft=draft)

    def escalate(self, reason: str) -> None:
        """Leave it to the line above, with a reason."""
        self._put(reason=reason)

    def _put(self, *, draft: VerdictDraft | None = None, reason: str = "") -> None:
        clock = self.container.clock
        prepared = self.ready.popleft()
        due = clock.monotonic() + UNDO_S
        self.decided.append(
            Decided(prepared=prepared, at=clock.now(), due=due, draft=draft, reason=reason)
        )
        self.count += 1
        while len(self.decided) > _REMEMBERED and self.decided[0].fate is not Fate.WAITING:
            self.decided.popleft()

    def undo(self) -> Decided | None:
        """Take back the last decision that was not sent; its item lies before them again. None
        where everything was sent."""
        for one in reversed(self.decided):
            if one.fate is Fate.WAITING:
                self.decided.remove(one)
                self.ready.appendleft(one.prepared)
                self.count -= 1
                return one
        return None

    async def skip(self) -> None:
        """Give what lies before them back to the others; it does not come again here."""
        prepared = self.ready.popleft()
        self.skipped.add(prepared.item.id)
        await self._release(await self.who(), prepared)

    async def send(self, *, everything: bool = False) -> list[Decided]:
        """Give the verdicts whose ten seconds are over, or all; answers those it was tried with."""
        async with self._turn:
            now = self.container.clock.monotonic()
            due = [one for one in self.waiting if everything or one.due <= now]
            principal = await self.who() if due else None
            for one in due:
                if principal is not None:
                    await self._send(principal, one)
            return due

    async def _send(self, principal: Principal, one: Decided) -> None:
        desk = self.container.review.desk
        try:
            if one.draft is None:
                await desk.escalate(principal, one.item.id, reason=one.reason)
            else:
                await desk.decide(principal, one.item.id, one.draft)
                file = await desk.file(principal, one.item.id)
                one.before = tuple(
                    verdict for verdict in file.verdicts if verdict.reviewer != principal.id
                )
            one.fate = Fate.SENT
        except ServiceError as error:
            one.fate, one.problem = Fate.FAILED, error

    async def keep(self, *, active: bool) -> bool:
        """Renew claims of somebody who is at work, and let go of what is not held any longer;
        answers whether what lies before them is another now."""
        async with self._turn:
            principal = await self.who()
            now = self.container.clock.now()
            lease = self.container.settings.review_lease_min * 60
            before, kept = self.current, deque[Prepared]()
            for prepared in self.ready:
                until = prepared.item.lease_until
                left = 0.0 if until is None else (until - now).total_seconds()
                if left > lease * (_RENEW_SHARE - 1) / _RENEW_SHARE or (left > 0 and not active):
                    kept.append(prepared)
                    continue
                if not active:
                    continue
                try:
                    renewed = await self.container.review.desk.claim(principal, prepared.item.id)
                except (Conflict, Forbidden, IllegalTransition):
                    continue
                kept.append(prepared.renewed(renewed))
            self.ready = kept
            after = self.current
            return (before and before.item.id) != (after and after.item.id)

    async def leave(self) -> None:
        """Somebody goes: send what they decided, give back what lay ahead."""
        await self.send(everything=True)
        principal = await self.who()
        async with self._turn:
            while self.ready:
                await self._release(principal, self.ready.popleft())

    async def _release(self, principal: Principal, prepared: Prepared) -> None:
        try:
            await self.container.review.desk.release(principal, prepared.item.id)
        except (Conflict, IllegalTransition):
            return  # the claim ran out, or a copy was decided and this with it
