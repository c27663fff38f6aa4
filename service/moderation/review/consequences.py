"""Verdicts carried to the holds and to the accounts of authors."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import NotFound
from service.moderation.accounts import Accounts
from service.moderation.holds import Holds
from service.moderation.policies import Indicator
from service.moderation.review.lifecycle import Ruling

log = structlog.get_logger(__name__)


class HoldVerdicts:
    """A block confirms the hold, a pass lifts it."""

    def __init__(self, holds: Holds) -> None:
        self._holds = holds

    async def decided(
        self, connection: AsyncConnection, hold_id: str, verdict: Ruling, *, by: str, now: datetime
    ) -> None:
        """One that is gone covers nothing any more: the verdict stands without it."""
        decide = self._holds.confirm if verdict is Ruling.BLOCK else self._holds.lift
        try:
            await decide(connection, hold_id, by=by, at=now)
        except NotFound:
            log.warning("review.hold_gone", hold=hold_id)


class AuthorVerdicts:
    """A block counts against the author, an appeal that is won for them, a plain pass not."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def judged(
        self,
        connection: AsyncConnection,
        author: str,
        verdict: Ruling,
        *,
        overturned: bool,
        now: datetime,
    ) -> None:
        if verdict is Ruling.BLOCK:
            await self._accounts.note(connection, author, Indicator.VERDICT_AGAINST, at=now)
        elif overturned:
            await self._accounts.note(connection, author, Indicator.APPEAL_WON, at=now)
