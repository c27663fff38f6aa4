"""What the file of a case has of complaints: each ticket with its clocks, answers and ratings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.complaints import records, repository
from service.complaints.model import Answer, ClockRow, Complaint, ComplaintFilter, Rating
from service.incidents import Incident

MOST = 1_000
_TICKET = (
    *("id", "cause", "scenario", "source", "url", "text", "author", "posts", "posted_at"),
    *("opened_at", "assignee", "reopened", "disputed", "breaches", "csat", "nps", "ended_at"),
)
_CLOCK = ("round", "started_at", "due_at", "met_at", "breached_at", "dropped_at")
_ANSWER = ("round", "channel", "url", "text", "published_at", "at", "by")
_RATING = ("round", "csat", "nps", "words", "said_by", "said_at", "at", "by")


class ComplaintChapter:
    """The keys `complaints`, by their opening, and `complaints_cut`: there were more than `MOST`.

    Those of incidents that were merged into it are among them.
    """

    def __init__(self, *, public_url: str) -> None:
        self._public_url = public_url.rstrip("/")

    async def of(
        self, connection: AsyncConnection, principal: Principal, incident: Incident
    ) -> Mapping[str, Any]:
        """As `service.casefile.chapter.Chapter` wants it."""
        if not principal.may(Action.READ, Resource.COMPLAINT, monitor=incident.monitor_id):
            return {}
        wanted = ComplaintFilter(
            incidents=(incident.id,), drill=incident.drill, reach=principal.monitors
        )
        found = await repository.page(connection, wanted, after=None, limit=MOST + 1)
        ids = [item.id for item in found[:MOST]]
        clocks = await records.clocks_of_each(connection, ids)
        answers = await records.answers_of_each(connection, ids)
        ratings = await records.ratings_of_each(connection, ids)
        tickets = [
            _ticket(item)
            | {
                "link": f"{self._public_url}/v1/complaints/{item.id}",
                "clocks": [_clock(row) for row in clocks.get(item.id, ())],
                "answers": [_answer(row) for row in answers.get(item.id, ())],
                "ratings": [_rating(row) for row in ratings.get(item.id, ())],
            }
            for item in sorted(found[:MOST], key=lambda item: (item.opened_at, item.id))
        ]
        return {"complaints": tickets, "complaints_cut": len(found) > MOST}


def _ticket(item: Complaint) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _TICKET} | {
        "state": item.state.value,
        "monitor": item.monitor_id,
        "post": item.post_id,
    }


def _clock(row: ClockRow) -> dict[str, Any]:
    named = {name: getattr(row, name) for name in _CLOCK}
    return named | {"clock": row.clock.value, "late": row.is_late}


def _answer(row: Answer) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _ANSWER} | {"kind": row.kind.value}


def _rating(row: Rating) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _RATING}
