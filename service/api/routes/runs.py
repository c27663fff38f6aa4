"""Runs: the steps of an incident's playbook, done, skipped, taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

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


def _answer(file: RunFile) -> Response:
    return Json(run_view(file), version=file.stored.version)
