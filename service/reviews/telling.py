"""News of reviews and improvements for the outside, and words to those whom they wait for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.cases.telling import tell_all, tell_person
from service.events import EventType
from service.incidents import Incident, format_instant
from service.oncall.books import load_roster
from service.reviews.model import Improvement, Review


class Telling:
    """Writes messages into the outbox, inside the caller's transaction."""

    def __init__(self, *, public_url: str) -> None:
        self._public_url = public_url

    async def all(
        self,
        connection: AsyncConnection,
        incident: Incident,
        event: EventType,
        details: Mapping[str, Any],
        *,
        parts: Sequence[str],
        now: datetime,
    ) -> None:
        """To every channel that wants events of that type."""
        await tell_all(
            connection,
            incident,
            event,
            details,
            parts=[*parts, now.isoformat()],
            now=now,
            public_url=self._public_url,
        )

    async def those(
        self,
        connection: AsyncConnection,
        incident: Incident,
        event: EventType,
        people: Iterable[str | None],
        details: Mapping[str, Any],
        *,
        parts: Sequence[str],
        now: datetime,
    ) -> bool:
        """To each of the users at a channel of theirs; whether anybody was reached."""
        roster = await load_roster(connection)
        reached = False
        for person in sorted({person for person in people if person is not None}):
            reached |= await tell_person(
                connection,
                incident,
                person,
                event,
                details,
                parts=[*parts, now.isoformat()],
                now=now,
                public_url=self._public_url,
                roster=roster,
            )
        return reached


def review_details(review: Review, awaited: Sequence[str] = ()) -> dict[str, Any]:
    """A review as messages tell of it; `awaited` are the departments that have not filed."""
    return {
        "review": {
            "id": review.id,
            "state": review.state.value,
            "owner": review.owner,
            "due_at": format_instant(review.due_at),
            "cause_class": review.form.cause_class,
            "awaited": list(awaited),
        }
    }


def item_details(item: Improvement) -> dict[str, Any]:
    """An improvement as messages tell of it."""
    return {
        "improvement": {
            "id": item.id,
            "name": item.title,
            "review": item.review_id,
            "department": item.department_id,
            "kind": item.kind.value,
            "owner": item.owner,
            "due_at": format_instant(item.due_at),
            "rank": item.rank,
            "state": item.state.value,
            "reason": item.reason,
        }
    }
