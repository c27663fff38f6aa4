"""Runs: the steps of an incident's playbook, done, skipped, taken back, given more time."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from playbooks import DelayKind
from service.api.answer import Json
from service.api.deps import Body, Me, Service
from service.api.views import run_view
from service.response import RunFile

router = APIRouter(prefix="/v1/runs", tags=["runs"])

IncidentId = Annotated[str, Path(max_length=40)]
StepId = Annotated[str, Path(max_length=64)]


class Note(Body):
    """What was done, where to find it."""

    note: str | None = None


class Reason(Body):
    """Why a step is left out; a mandatory one takes a reason."""

    reason: str | None = None


class Delay(Body):
    """More time for a step: `extend` adds it, `pause` lets the clock stand still for so long."""

    kind: DelayKind
    minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)]
    reason: Annotated[str, Field(min_length=1)]


@router.get("/{incident_id}", summary="The run of an incident")
async def one(incident_id: IncidentId, service: Service, me: Me) -> Response:
    return _answer(await service.response_desk.file(me, incident_id))


@router.post("/{incident_id}/steps/{step_id}/done", summary="A step is done")
async def done(
    incident_id: IncidentId, step_id: StepId, service: Service, me: Me, body: Note | None = None
) -> Response:
    note = body.note if body else None
    return _answer(await service.response_desk.do(me, incident_id, step_id, note=note))


@router.post("/{incident_id}/steps/{step_id}/skip", summary="Leave a step out")
async def skip(
    incident_id: IncidentId, step_id: StepId, service: Service, me: Me, body: Reason | None = None
) -> Response:
    reason = body.reason if body else None
    return _answer(await service.response_desk.skip(me, incident_id, step_id, reason=reason))


@router.post("/{incident_id}/steps/{step_id}/reopen", summary="Take back that a step was done")
async def reopen(
    incident_id: IncidentId, step_id: StepId, service: Service, me: Me, body: Note | None = None
) -> Response:
    note = body.note if body else None
    return _answer(await service.response_desk.reopen(me, incident_id, step_id, note=note))


@router.post("/{incident_id}/steps/{step_id}/delay", summary="Ask for more time")
async def ask_delay(
    incident_id: IncidentId, step_id: StepId, service: Service, me: Me, body: Delay
) -> Response:
    file = await service.response_desk.ask_delay(
        me,
        incident_id,
        step_id,
        kind=body.kind,
        lasting=timedelta(minutes=body.minutes),
        reason=body.reason,
    )
    return _answer(file)


@router.post("/{incident_id}/steps/{step_id}/delay/grant", summary="Grant more time")
async def grant_delay(
    incident_id: IncidentId, step_id: StepId, service: Service, me: Me, body: Note | None = None
) -> Response:
    return await _decided(incident_id, step_id, service, me, body, granted=True)


@router.post("/{incident_id}/steps/{step_id}/delay/refuse", summary="Refuse more time")
async def refuse_delay(
    incident_id: IncidentId, step_id: StepId, service: Service, me: Me, body: Note | None = None
) -> Response:
    return await _decided(incident_id, step_id, service, me, body, granted=False)


@router.post("/{incident_id}/steps/{step_id}/resume", summary="Let a clock go on")
async def resume(incident_id: IncidentId, step_id: StepId, service: Service, me: Me) -> Response:
    return _answer(await service.response_desk.resume(me, incident_id, step_id))


async def _decided(
    incident_id: str, step_id: str, service: Service, me: Me, body: Note | None, *, granted: bool
) -> Response:
    note = body.note if body else None
    return _answer(
        await service.response_desk.decide_delay(
            me, incident_id, step_id, granted=granted, note=note
        )
    )


def _answer(file: RunFile) -> Response:
    return Json(run_view(file), version=file.stored.version)
