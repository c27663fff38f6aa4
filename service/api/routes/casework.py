"""Around an incident: whose it is, who watches it, what it has to do with others."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import examples
from service.api.answer import Json, NoContent
from service.api.deps import Body, Me, Service, Version
from service.api.views import incident_item, plain
from service.bootstrap import Container
from service.cases import Casework, LinkKind, Precedent, Topic
from service.cases.likeness import WEIGHTS
from service.cases.topics import DEFAULT
from service.incidents import Action, Incident

router = APIRouter(prefix="/v1/incidents", tags=["casework"])

IncidentId = Annotated[str, Path(max_length=40)]
OtherId = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Path(ge=1, le=2**53)]


class NextOwner(Body):
    """The id of a user (`usr_…`), and what they should know."""

    person: str = Field(max_length=64)
    note: str | None = None


class Words(Body):
    note: str | None = None


class WatchedTopics(Body):
    topics: tuple[Topic, ...] = Field(default=DEFAULT, max_length=len(Topic))


class NewLink(Body):
    """What this incident is to the other one."""

    to: str = Field(max_length=40)
    kind: LinkKind
    note: str | None = None


class SplitPosts(Body):
    """Posts of the evidence, some and not all."""

    posts: tuple[str, ...] = Field(max_length=200)
    reason: str
    title: str | None = Field(default=None, max_length=200)


class ReopenReason(Body):
    reason: str


@router.get(
    "/{incident_id}/casework",
    summary="Hand-overs, watchers and links of an incident",
    responses=examples.answer(examples.CASEWORK),
)
async def casework(incident_id: IncidentId, service: Service, me: Me) -> Response:
    """`links` say what this incident is to the other; `watching` is what the caller chose."""
    found = await service.cases.casework(me, incident_id)
    return Json(_view(found, me.id), version=found.incident.version)


@router.get(
    "/{incident_id}/similar",
    summary="Past incidents that it is like, and what came of them",
    responses=examples.answer(examples.SIMILAR),
)
async def similar(
    incident_id: IncidentId, service: Service, me: Me, limit: Annotated[int, Query(ge=1, le=20)] = 5
) -> Response:
    """The score is the sum of `parts` times `weights`; `null` where there is nothing to compare."""
    found = await service.precedents.like(me, incident_id, limit=limit)
    return Json(
        {
            "incident": incident_id,
            "weights": {part.value: weight for part, weight in WEIGHTS.items()},
            "items": [_precedent(item) for item in found],
        }
    )


@router.post("/{incident_id}/assign", summary="Name the next owner, who has to say yes")
async def assign(
    incident_id: IncidentId, body: NextOwner, service: Service, me: Me, version: Version
) -> Response:
    done = await service.cases.assign(me, incident_id, body.person, note=body.note, version=version)
    return _answer(service, done)


@router.post("/{incident_id}/handovers/{number}/accept", summary="Take what is offered")
async def accept(
    incident_id: IncidentId, number: Number, body: Words, service: Service, me: Me, version: Version
) -> Response:
    done = await service.cases.answer(
        me, incident_id, number, accept=True, note=body.note, version=version
    )
    return _answer(service, done)


@router.post(
    "/{incident_id}/handovers/{number}/decline", summary="Leave it, or take the offer back"
)
async def decline(
    incident_id: IncidentId, number: Number, body: Words, service: Service, me: Me, version: Version
) -> Response:
    done = await service.cases.answer(
        me, incident_id, number, accept=False, note=body.note, version=version
    )
    return _answer(service, done)


@router.put("/{incident_id}/watch", summary="Hear of its news at the channels of your contact")
async def watch(incident_id: IncidentId, body: WatchedTopics, service: Service, me: Me) -> Response:
    found = await service.cases.watch(me, incident_id, body.topics)
    return Json({"incident": incident_id, "topics": plain(found.topics)})


@router.delete("/{incident_id}/watch", summary="Hear no more of it", status_code=204)
async def unwatch(incident_id: IncidentId, service: Service, me: Me) -> Response:
    await service.cases.unwatch(me, incident_id)
    return NoContent()


@router.post("/{incident_id}/links", summary="Say what it has to do with another", status_code=201)
async def link(incident_id: IncidentId, body: NewLink, service: Service, me: Me) -> Response:
    await service.cases.link(me, incident_id, body.to, body.kind, note=body.note)
    found = await service.cases.casework(me, incident_id)
    return Json(_view(found, me.id), status=201)


@router.delete(
    "/{incident_id}/links/{kind}/{other_id}", summary="Take a link back", status_code=204
)
async def unlink(
    incident_id: IncidentId, kind: LinkKind, other_id: OtherId, service: Service, me: Me
) -> Response:
    await service.cases.unlink(me, incident_id, other_id, kind)
    return NoContent()


@router.post(
    "/{incident_id}/split", summary="Some of its posts are another incident", status_code=201
)
async def split(
    incident_id: IncidentId, body: SplitPosts, service: Service, me: Me, version: Version
) -> Response:
    """Answers the new incident: its own run, its clocks from the first of its posts."""
    made = await service.cases.split(
        me, incident_id, body.posts, reason=body.reason, title=body.title, version=version
    )
    return _answer(service, made, status=201)


@router.post("/{incident_id}/reopen", summary="It was not over; say why")
async def reopen(
    incident_id: IncidentId, body: ReopenReason, service: Service, me: Me, version: Version
) -> Response:
    """Steps that nobody did are asked for again, with deadlines from now; done ones stay done. A
    crisis takes posts again, unless another one takes them by now.
    """
    done = await service.desk.act(
        me, incident_id, Action.REOPEN, reason=body.reason, version=version
    )
    return _answer(service, done)


def _answer(service: Container, incident: Incident, *, status: int = 200) -> Response:
    view = incident_item(incident, public_url=service.settings.public_url)
    return Json(view, status=status, version=incident.version)


def _view(found: Casework, me: str) -> dict[str, Any]:
    mine = next((watch for watch in found.watchers if watch.person == me), None)
    return {
        "incident": found.incident.id,
        "assignee": found.incident.assignee,
        "handovers": [
            {
                "number": item.id,
                "from": item.from_person,
                "to": item.to_person,
                "offered_by": item.offered_by,
                "note": item.note,
                "state": item.state.value,
                "offered_at": plain(item.offered_at),
                "answered_at": plain(item.answered_at),
                "answer": item.answer,
            }
            for item in found.hand_overs
        ],
        "watchers": [watch.person for watch in found.watchers],
        "watching": None if mine is None else plain(mine.topics),
        "links": [
            {
                "kind": item.seen_from(found.incident.id)[0],
                "incident": item.seen_from(found.incident.id)[1],
                "note": item.note,
                "by": item.by,
                "at": plain(item.at),
            }
            for item in found.links
        ],
    }


def _precedent(item: Precedent) -> dict[str, Any]:
    """A past incident with how like it is and what came of it."""
    return {
        "incident": item.incident.id,
        "title": item.incident.title,
        "monitor": item.incident.monitor_id,
        "scenario": item.incident.scenario,
        "tier": item.incident.tier,
        "opened_at": plain(item.incident.opened_at),
        "score": round(item.likeness.score, 4),
        "parts": {part.value: value for part, value in item.likeness.parts.items()},
        "shared_terms": list(item.likeness.shared_terms),
        "shared_causes": list(item.likeness.shared_causes),
        "outcome": {
            "handling_s": plain(item.outcome.handling),
            "acknowledged_after_s": plain(item.outcome.acknowledged_after),
            "statements": plain(item.outcome.statements),
            "breached": plain(item.outcome.breached),
            "review": item.outcome.review,
        },
    }
