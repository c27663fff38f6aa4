"""Spread: who passed a post on, its copies, how large it will get; and the same of an incident."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api import examples, spread_examples
from service.api.answer import Json
from service.api.deps import Me, Service
from service.api.spread import crowd_spread_view, post_spread_view
from service.auth import Action, Resource
from service.incidents import Kind
from service.incidents.model import UNCLASSIFIED
from service.posts import CrowdSpread, incident_query

router = APIRouter(prefix="/v1", tags=["spread"])

_TICK = timedelta(seconds=1)


@router.get(
    "/posts/{post_id}/spread",
    summary="The tree of reposts and copies that a post is part of",
    responses=examples.answer(spread_examples.POST_SPREAD),
)
async def of_post(
    post_id: Annotated[str, Path(max_length=64)],
    service: Service,
    me: Me,
    limit: Annotated[int, Query(ge=1, le=1000, description="Nodes shown")] = 200,
) -> Response:
    """From where it began, by what sites state (`observed`) and by equal texts (`inferred`).
    10,000 reposts and 10,000 copies are read; `complete` is false where there are more, and then
    nothing is predicted. Authors are pseudonyms; personal information in texts is masked.
    """
    me.require(Action.READ, Resource.POST)
    found = await service.spreads.of_post(post_id, now=service.clock.now())
    return Json(post_spread_view(found, limit=limit))


@router.get(
    "/incidents/{incident_id}/spread",
    summary="The largest copy groups and trees of an incident's posts",
    responses=examples.answer(spread_examples.INCIDENT_SPREAD),
)
async def of_incident(
    incident_id: Annotated[str, Path(max_length=40)], service: Service, me: Me
) -> Response:
    """Of the first 10,000 posts that the crisis took: five of each, with the coordination score of
    every copy group and its parts. An incident of another kind has no posts.
    """
    me.require(Action.READ, Resource.POST)
    incident = (await service.desk.file(me, incident_id)).incident
    now = service.clock.now()
    if incident.kind is not Kind.CRISIS:
        nothing = CrowdSpread(as_of=now, posts=0, read=0, groups=(), trees=())
        return Json(crowd_spread_view(incident_id, nothing))
    query = incident_query(
        incident.monitor_id,
        incident.segment or UNCLASSIFIED,
        since=incident.first_post_at,
        until=(incident.taking_ended_at or now) + _TICK,
        every_mood=incident.every_mood,
    )
    return Json(crowd_spread_view(incident_id, await service.spreads.of_posts(query, now=now)))
