"""Authors who are erased leave their complaints: what was measured stays, the person does not."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from service.clock import Clock
from service.complaints import repository
from service.complaints.intake import POST_EVENTS
from service.db import Database, tables
from service.ids import stable_id


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
