"""The texts that people decide about as they were sent: for a reason, and audited."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Principal, Resource
from service.auth.revealing import require_reveal
from service.clock import Clock
from service.db import Database
from service.db.tables import review_item, review_label
from service.moderation.review import repository

_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A text, and the words of the appeal against its verdict."""

    id: str
    text: str
    appeal_words: str | None


class Originals:
    """Shows an item's text to whoever works on items."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def reveal(self, principal: Principal, item_id: str, *, reason: str) -> Original:
        """The text of an item. Answers and refusals are audited alike.

        Raises Forbidden, InvalidInput without a reason, NotFound.
        """
        await require_reveal(
            self._database,
            principal,
            Resource.REVIEW,
            kind="review",
            subject_type="review_item",
            subject_id=item_id,
            reason=reason,
            at=self._clock.now(),
        )
        async with self._database.read() as connection:
            item = await repository.get(connection, item_id)
        return Original(id=item.id, text=item.text, appeal_words=item.appeal_words)


async def texts_sent(
    connection: AsyncConnection, *, caller: str, item_id: str | None, label: str
) -> tuple[str, ...]:
    """The latest texts with a label that a caller has sent under that id, or under none."""
    columns = review_item.c
    labelled = select(review_label.c.item_id).where(review_label.c.label == label)
    found = await connection.scalars(
        select(columns.text)
        .where(columns.id.in_(labelled), columns.caller == caller, columns.caller_item == item_id)
        .order_by(columns.filed_at.desc())
        .limit(_MOST)
    )
    return tuple(found)
