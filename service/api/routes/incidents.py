"""Incidents: the queue, the list, the file, and what people do with one."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Reveal, Service, Version
from service.api.explanation import explanation_view
from service.api.views import incident_file_view, incident_item, plain
from service.auth import Principal
from service.bootstrap import Container
from service.coverage.view import statement_view
from service.incidents import Action, Incident, Kind, State
from service.incidents.repository import IncidentFilter

router = APIRouter(prefix="/v1/incidents", tags=["incidents"])

_BEFORE = timedelta(hours=24)
"""A source that was dark shortly before may hide that it all began earlier."""

IncidentId = Annotated[str, Path(max_length=40)]
Names = Annotated[tuple[str, ...], Query(max_length=50)]


class Reason(Body):
    """Why; required where an incident leaves the queue without its playbook being worked."""

    reason: str | None = None


class MergeInto(Body):
    into: str
    reason: str


class NewTier(Body):
    tier: str
    reason: str


class NamedScenario(Body):
    scenario: str


class Comment(Body):
    text: str


class NotAboutUs(Body):
    post: str


class RevealPost(Reveal):
    """A post of the evidence."""

    post: str = Field(max_length=64)


@router.get("", summary="Incidents, newest first", responses=examples.answer(examples.INCIDENT))
async def newest(
    service: Service,
    me: Me,
    state: Annotated[tuple[State, ...], Query()] = (),
    kind: Annotated[tuple[Kind, ...], Query()] = (),
    monitor: Names = (),
    scenario: Names = (),
    tier: Names = (),
    drill: bool | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Filters are ANDed, values inside one are ORed; `since` and `until` bound the opening time."""
    wanted = IncidentFilter(
        states=state,
        kinds=kind,
        monitors=monitor,
        scenarios=scenario,
        tiers=tier,
        drill=drill,
        opened_since=since,
        opened_until=until,
    )
    scope = ("incidents", wanted)
    found = await service.desk.newest(
        me, wanted, limit=limit + 1, before=cursors.dated(scope, cursor)
    )
    items = found[:limit]
    following = None
    if len(found) > limit:
        last = items[-1]
        following = cursors.encode(scope, [last.opened_at.isoformat(), last.id])
    return page([_item(service, item) for item in items], following)


@router.get("/queue", summary="Open incidents by tier, then by time to the next breach")
async def queue(
    service: Service,
    me: Me,
    monitor: Names = (),
    drill: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Each with the step that falls due next. The order moves with time: a page further on may
    repeat an incident, or lack one that has just been raised.
    """
    scope = ("queue", monitor, drill)
    offset = cursors.number(scope, cursor) or 0
    wanted = IncidentFilter(monitors=monitor, drill=drill)
    items, total = await service.desk.queue(me, wanted, limit=limit, offset=offset)
    steps = await service.response_desk.next_steps([item.id for item in items])
    end = offset + len(items)
    following = cursors.encode(scope, [end]) if items and end < total else None
    public_url = service.settings.public_url
    return page(
        [
            incident_item(item, public_url=public_url, next_step=steps.get(item.id))
            for item in items
        ],
        following,
        total=total,
    )


@router.get("/{incident_id}", summary="One incident: tiers, evidence, timeline")
async def one(incident_id: IncidentId, service: Service, me: Me) -> Response:
    return await _file(service, me, incident_id)


@router.get(
    "/{incident_id}/explanation",
    summary="Why it has its tier, and what would have made it worse",
    responses=examples.answer(examples.EXPLANATION),
)
async def explanation(incident_id: IncidentId, service: Service, me: Me) -> Response:
    """Frozen at each tier that the rules gave; `null` where a person decided. `next` has the rules
    for the tier above, the nearest first, with the comparisons that did not hold (`reached`: the
    share of the threshold); texts are those of the evidence, masked.
    """
    return Json(explanation_view(await service.desk.file(me, incident_id)))


@router.post("/{incident_id}/acknowledge", summary="Somebody has read it and takes it")
async def acknowledge(
    incident_id: IncidentId, service: Service, me: Me, version: Version
) -> Response:
    return _answer(
        service, await service.desk.act(me, incident_id, Action.ACKNOWLEDGE, version=version)
    )


@router.post("/{incident_id}/respond", summary="The response has begun, or begins again")
async def respond(incident_id: IncidentId, service: Service, me: Me, version: Version) -> Response:
    return _answer(
        service, await service.desk.act(me, incident_id, Action.RESPOND, version=version)
    )


@router.post("/{incident_id}/monitor", summary="Nothing more to do but watch")
async def monitor_on(
    incident_id: IncidentId, service: Service, me: Me, version: Version
) -> Response:
    return _answer(
        service, await service.desk.act(me, incident_id, Action.MONITOR, version=version)
    )


@router.post("/{incident_id}/resolve", summary="It is over; the review is still to come")
async def resolve(incident_id: IncidentId, service: Service, me: Me, version: Version) -> Response:
    return _answer(
        service, await service.desk.act(me, incident_id, Action.RESOLVE, version=version)
    )


@router.post("/{incident_id}/close", summary="Close the file (lead)")
async def close(incident_id: IncidentId, service: Service, me: Me, version: Version) -> Response:
    return _answer(service, await service.desk.act(me, incident_id, Action.CLOSE, version=version))


@router.post("/{incident_id}/false-positive", summary="It never was one; say why")
async def false_positive(
    incident_id: IncidentId, body: Reason, service: Service, me: Me, version: Version
) -> Response:
    done = await service.desk.act(
        me, incident_id, Action.MARK_FALSE_POSITIVE, reason=body.reason, version=version
    )
    return _answer(service, done)


@router.post("/{incident_id}/merge", summary="It is the same as another open one; say why")
async def merge(
    incident_id: IncidentId, body: MergeInto, service: Service, me: Me, version: Version
) -> Response:
    """The other one takes its evidence, an earlier first post, and its tier where it is graver."""
    done = await service.desk.act(
        me,
        incident_id,
        Action.MERGE,
        reason=body.reason,
        merge_into=body.into,
        version=version,
    )
    return _answer(service, done)


@router.post("/{incident_id}/tier", summary="Raise the tier, or lower it (lead), with a reason")
async def set_tier(
    incident_id: IncidentId, body: NewTier, service: Service, me: Me, version: Version
) -> Response:
    done = await service.desk.set_tier(
        me, incident_id, body.tier, reason=body.reason, version=version
    )
    return _answer(service, done)


@router.post("/{incident_id}/scenario", summary="Say what a crisis is about; the run is re-planned")
async def name_scenario(
    incident_id: IncidentId, body: NamedScenario, service: Service, me: Me, version: Version
) -> Response:
    done = await service.desk.name_scenario(me, incident_id, body.scenario, version=version)
    return _answer(service, done)


@router.post("/{incident_id}/comments", summary="Add a comment to the timeline", status_code=201)
async def comment(incident_id: IncidentId, body: Comment, service: Service, me: Me) -> Response:
    await service.desk.comment(me, incident_id, body.text)
    return await _file(service, me, incident_id, status=201)


@router.post("/{incident_id}/not-about-us", summary="A post of the evidence is about somebody else")
async def not_about_us(
    incident_id: IncidentId, body: NotAboutUs, service: Service, me: Me
) -> Response:
    await service.desk.mark_not_about_us(me, incident_id, body.post)
    return await _file(service, me, incident_id)


@router.post("/{incident_id}/reveal", summary="Text and author of a post, for an audited reason")
async def reveal(incident_id: IncidentId, body: RevealPost, service: Service, me: Me) -> Response:
    """To the rota of a person at risk; of other incidents to lead and legal."""
    found = await service.revealing.evidence(me, incident_id, body.post, reason=body.reason)
    return Json(plain(found))


async def _file(
    service: Container, me: Principal, incident_id: str, *, status: int = 200
) -> Response:
    file = await service.desk.file(me, incident_id)
    view = incident_file_view(file, public_url=service.settings.public_url)
    incident = file.incident
    seen = await service.coverage.statement(
        since=incident.first_post_at - _BEFORE, until=incident.closed_at
    )
    view["coverage"] = statement_view(seen)
    return Json(view, status=status, version=file.incident.version)


def _item(service: Container, incident: Incident) -> dict[str, object]:
    return incident_item(incident, public_url=service.settings.public_url)


def _answer(service: Container, incident: Incident) -> Response:
    return Json(_item(service, incident), version=incident.version)
