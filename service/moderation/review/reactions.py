"""What must happen elsewhere in the transaction of a verdict; bootstrap says who does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from service.moderation.backlog import Backlog
from service.moderation.review.lifecycle import Ruling


class HoldDecisions(Protocol):
    """Holds, of posts and of advertisements: a block confirms one, a pass lifts it.

    The verdict of a later line may turn that round.
    """

    async def decided(
        self, connection: AsyncConnection, hold_id: str, verdict: Ruling, *, by: str, now: datetime
    ) -> None: ...


class AuthorRecord(Protocol):
    """The account of an author. `overturned` is a pass on appeal: the block did them wrong."""

    async def judged(
        self,
        connection: AsyncConnection,
        author: str,
        verdict: Ruling,
        *,
        overturned: bool,
        now: datetime,
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """Who hears of a verdict; None: nobody keeps that."""

    holds: HoldDecisions | None = None
    authors: AuthorRecord | None = None


class BacklogAlarm(Protocol):
    """Opens a `backlog` incident of a queue, or brings the open one up to date."""

    async def report(
        self, connection: AsyncConnection, backlog: Backlog, *, now: datetime
    ) -> object: ...
