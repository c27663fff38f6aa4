"""Playbooks: what there is, and what a run of one would ask for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from playbooks import Anchors, PlannedStep, Playbook, UnknownContent, plan
from service.api.answer import Json, page
from service.api.deps import Instant, Me, Service
from service.api.views import plain
from service.auth import Action, Resource
from service.bootstrap import Container
from service.errors import InvalidInput, NotFound

router = APIRouter(prefix="/v1/playbooks", tags=["playbooks"])

PlaybookId = Annotated[str, Path(max_length=64)]


@router.get("", summary="Every playbook of the content")
async def every(service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.PLAYBOOK)
    library = service.library
    items = [
        {
            "id": item.id,
            "name": plain(item.name),
            "kind": item.kind.value,
            "scenario": item.scenario,
            "steps": len(item.steps),
            "tiers": list(item.tiers),
        }
        for item in sorted(library.playbooks.values(), key=lambda item: item.id)
    ]
    return page(items, None, version=library.version)


@router.get("/{playbook_id}", summary="One playbook with its steps")
async def one(playbook_id: PlaybookId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.PLAYBOOK)
    return Json(plain(_find(service, playbook_id)))


@router.get("/{playbook_id}/plan", summary="The steps of a tier with their deadlines")
async def preview(
    playbook_id: PlaybookId,
    service: Service,
    me: Me,
    tier: Annotated[str, Query(max_length=32)],
    opened_at: Instant | None = None,
    first_post_at: Instant | None = None,
) -> Response:
    """For an incident opened now, unless `opened_at` says otherwise."""
    me.require(Action.READ, Resource.PLAYBOOK)
    playbook = _find(service, playbook_id)
    if tier not in playbook.tiers:
        known = ", ".join(playbook.tiers)
        raise InvalidInput(f"unknown tier {tier!r}", errors=[("tier", f"one of {known}")])
    opened = opened_at or service.clock.now()
    anchors = Anchors.at_opening(tier=tier, opened=opened, first_post=first_post_at)
    try:
        steps = plan(playbook, anchors)
    except OverflowError as error:
        raise InvalidInput(
            "a deadline would lie outside the calendar", errors=[("opened_at", "too far away")]
        ) from error
    return page([_step(step) for step in steps], None, playbook=playbook.id, tier=tier)


def _find(service: Container, playbook_id: str) -> Playbook:
    try:
        return service.library.playbook(playbook_id)
    except UnknownContent as error:
        raise NotFound(str(error)) from error


def _step(step: PlannedStep) -> dict[str, Any]:
    return {
        "id": step.id,
        "title": plain(step.step.title),
        "instructions": plain(step.instructions),
        "role": step.step.role.value,
        "anchor": step.step.anchor,
        "mandatory": step.step.mandatory,
        "needs": list(step.step.needs),
        "offset_s": plain(step.offset),
        "due_at": plain(step.due_at),
        "warn_at": plain(step.warn_at),
        "escalate_at": plain(step.escalate_at),
        "clock": step.step.clock.value,
        "unknown_years": list(step.unknown_years),
    }
