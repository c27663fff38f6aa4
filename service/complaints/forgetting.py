"""Who is erased leaves their complaints, and old words go: what was measured stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.complaints import repository
from service.complaints.intake import JOINED, POST_EVENTS
from service.db import Database, tables
from service.ids import stable_id

_AT_ONCE = 500


class ComplaintForgetting:
    """Takes out who it was, what they wrote and said, and what was written to them."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def forget_author(self, author: str) -> int:
        """Anonymise the complaints of an author, and their copies in others'; how many it were.

        States, clocks, ratings in figures and who of us did what stay. One that is not settled
        stays in the queue: whoever has it may know the person from elsewhere.
        """
        complaint, post = tables.complaint, tables.complaint_post
        now = self._clock.now()
        async with self._database.write() as connection:
            rows = await connection.execute(
                select(complaint.c.id)
                .where(complaint.c.author == author)
                .order_by(complaint.c.id)
                .with_for_update()
            )
            found = list(rows.scalars())
            await _leave_others(connection, author, own=found)
            await connection.execute(delete(post).where(post.c.author == author))
            for complaint_id in found:
                await repository.mark(
                    connection,
                    complaint_id,
                    # A person who comes back is another one: nothing leads from the old ticket.
                    subject=stable_id("csb", "erased", complaint_id),
                    ordinal=1,
                    author=None,
                    post_id=None,
                    url=None,
                    text=None,
                    erased_at=now,
                )
                answer, rating, event = (
                    tables.complaint_answer,
                    tables.complaint_rating,
                    tables.complaint_event,
                )
                await connection.execute(
                    update(answer)
                    .where(answer.c.complaint_id == complaint_id)
                    .values(url=None, text=None)
                )
                await connection.execute(
                    update(rating)
                    .where(rating.c.complaint_id == complaint_id)
                    .values(words=None, said_by=None)
                )
                of = event.c.complaint_id == complaint_id
                await connection.execute(update(event).where(of).values(note=None))
                await connection.execute(
                    update(event).where(of, event.c.kind.in_(POST_EVENTS)).values(data={})
                )
        return len(found)

    async def forget_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int:
        """Settled tickets lose the words of posts published before; how many did.

        Their posts have left the post store, except the kept ids, which tickets keep as well.
        """
        table, kept, forgotten, after = tables.complaint, set(keep), 0, ""
        while True:
            async with self._database.write(quiet=True) as connection:
                rows = (
                    await connection.execute(
                        select(table.c.id, table.c.post_id)
                        .where(
                            table.c.id > after,
                            table.c.posted_at < instant,
                            table.c.resting == 1,
                            table.c.text.is_not(None),
                        )
                        .order_by(table.c.id)
                        .limit(_AT_ONCE)
                    )
                ).all()
                gone = [row.id for row in rows if row.post_id not in kept]
                await connection.execute(
                    update(table)
                    # Asked again: it may have been opened anew since it was read.
                    .where(table.c.id.in_(gone), table.c.resting == 1)
                    .values(url=None, text=None)
                )
            forgotten += len(gone)
            if len(rows) < _AT_ONCE:
                return forgotten
            after = rows[-1].id


async def _leave_others(connection: AsyncConnection, author: str, *, own: Sequence[str]) -> None:
    """Histories of tickets of other people name the copies by this author no more."""
    post, event = tables.complaint_post, tables.complaint_event
    theirs = await connection.execute(
        select(post.c.complaint_id, post.c.post_id).where(
            post.c.author == author, post.c.complaint_id.not_in(own)
        )
    )
    for complaint_id, post_id in theirs.all():
        events = await connection.execute(
            select(event.c.id, event.c.data).where(
                event.c.complaint_id == complaint_id, event.c.kind == JOINED
            )
        )
        for row in events.all():
            if row.data.get("post") == post_id:
                left = {name: value for name, value in row.data.items() if name != "post"}
                await connection.execute(
                    update(event).where(event.c.id == row.id).values(data=left, note=None)
                )
