"""What the file of a case has of its review: the 5-Why form, departments, improvements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.incidents import Incident
from service.reviews import items, rows
from service.reviews.model import Improvement, Involved, Review

_ITEM = (
    *("id", "title", "description", "owner", "due_at", "impact", "urgency", "effort", "rank"),
    *("reason", "proposed_by", "proposed_at", "done_at", "done_by", "verified_at", "verified_by"),
)


class ReviewChapter:
    """The key `review`; None for an incident that has none."""

    def __init__(self, *, public_url: str) -> None:
        self._public_url = public_url.rstrip("/")

    async def of(
        self, connection: AsyncConnection, principal: Principal, incident: Incident
    ) -> Mapping[str, Any]:
        """As `service.casefile.chapter.Chapter` wants it."""
        if not principal.may(Action.READ, Resource.CAUSE_REVIEW, monitor=incident.monitor_id):
            return {}
        review = await rows.of_incident(connection, incident.id)
        if review is None:
            return {"review": None}
        return {
            "review": _form(review)
            | {
                "link": f"{self._public_url}/v1/reviews/{review.id}",
                "departments": [
                    _department(item) for item in await rows.involved(connection, review.id)
                ],
                "improvements": [
                    _improvement(item) for item in await items.of_review(connection, review.id)
                ],
            }
        }


def _form(review: Review) -> dict[str, Any]:
    form = review.form
    return {
        "id": review.id,
        "state": review.state.value,
        "owner": review.owner,
        "due_at": review.due_at,
        "opened_at": review.opened_at,
        "closed_at": review.closed_at,
        "closed_by": review.closed_by,
        "whys": [
            {
                "question": why.question,
                "answer": why.answer,
                "evidence": [{"kind": link.kind.value, "ref": link.ref} for link in why.evidence],
            }
            for why in form.whys
        ],
        "stopped_early": form.stopped_early,
        "root_cause": form.root_cause,
        "cause_class": form.cause_class,
    }


def _department(item: Involved) -> dict[str, Any]:
    return {
        "department": item.department_id,
        "filed_at": item.filed_at,
        "excused": item.excused,
        "excused_by": item.excused_by,
    }


def _improvement(item: Improvement) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _ITEM} | {
        "department": item.department_id,
        "kind": item.kind.value,
        "state": item.state.value,
    }
