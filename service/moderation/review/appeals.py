"""A user objects to a block; the caller's system speaks for them. Once, to the next line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from nlp import normalize
from nlp.spread import copy_key
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, InvalidInput, NotFound
from service.moderation.case import Case
from service.moderation.review import lifecycle, records, repository
from service.moderation.review.entry import Entry
from service.moderation.review.intake import Intake, case_id
from service.moderation.review.model import Origin, ReviewItem
from service.moderation.review.trail import trace

LONGEST = 5_000
"""Characters of a user's words."""


class Appeals:
    """Takes appeals against people's verdicts, and against blocks that no person has seen."""

    def __init__(self, *, database: Database, clock: Clock, entry: Entry, intake: Intake) -> None:
        self._database = database
        self._clock = clock
        self._entry = entry
        self._intake = intake

    async def against_verdict(
        self, principal: Principal, item_id: str, *, words: str, version: int | None = None
    ) -> ReviewItem:
        """The item, on the next line.

        Callers appeal for what they sent themselves, people for any. Raises IllegalTransition
        where an appeal is not heard, NotFound, Forbidden.
        """
        principal.require(Action.APPEAL, Resource.REVIEW)
        words = _checked(words)
        async with self._database.write() as connection:
            item = await repository.get(connection, item_id, locked=True)
            if item.is_opinion or not _is_theirs(item, principal):
                raise NotFound(f"there is no review item {item_id!r} of yours")
            if version is not None and version != item.version:
                raise Conflict(repository.changed(item, version))
            return await self._heard(connection, item, principal, words, now=self._clock.now())

    async def against_machine(
        self, principal: Principal, *, text: str, item_id: str | None, kind: str, words: str
    ) -> ReviewItem:
        """File a text that the machine has blocked, on the second line (legal: advertisements).

        A text that people know already is appealed as `against_verdict` does.
        """
        principal.require(Action.APPEAL, Resource.REVIEW)
        words = _checked(words)
        now = self._clock.now()
        case = _case(text, item_id=item_id, kind=kind, caller=principal.id, now=now)
        async with self._database.write() as connection:
            known = await repository.find(connection, case_id(case))
            if known is not None:
                return await self._heard(connection, known, principal, words, now=now)
            item = await self._intake.take(
                connection, case, origin=Origin.APPEAL, now=now, appeal=(words, principal.id)
            )
            if item.appeal_words != words:
                # Somebody has filed the text since we looked: it is theirs that is appealed.
                return await self._heard(connection, item, principal, words, now=now)
            data = {"from": "machine", "to": item.line.value}
            await trace(connection, item.id, "appealed", data, actor=principal.id, now=now)
            return item

    async def _heard(
        self,
        connection: AsyncConnection,
        item: ReviewItem,
        principal: Principal,
        words: str,
        *,
        now: datetime,
    ) -> ReviewItem:
        verdicts = await records.verdicts_of(connection, item.id)
        after = lifecycle.appeal(item.standing(verdicts), words=words)
        moved = await self._entry.move(
            connection,
            item,
            after,
            now=now,
            appealed_at=now,
            appeal_words=words,
            appealed_by=principal.id,
        )
        data = {"from": item.line.value, "to": moved.line.value}
        await trace(connection, item.id, "appealed", data, actor=principal.id, now=now)
        return moved


def _is_theirs(item: ReviewItem, principal: Principal) -> bool:
    return item.caller == principal.id or principal.may(Action.READ, Resource.REVIEW)


def _checked(words: str) -> str:
    if not 0 < len(words.strip()) <= LONGEST:
        problem = f"1 to {LONGEST} characters of the user's own words"
        raise InvalidInput(f"words: {problem}", errors=[("words", problem)])
    return words.strip()


def _case(text: str, *, item_id: str | None, kind: str, caller: str, now: datetime) -> Case:
    """What is known of a text that comes with an appeal: nothing but itself."""
    return Case(
        text=text,
        item_id=item_id,
        kind=kind,
        caller=caller,
        policy="appeal",
        suggestion="block",
        held=False,
        hold_id=None,
        risk_level="none",
        labels=(),
        copy_key=copy_key(normalize(text).text),
        author=None,
        at=now,
    )
