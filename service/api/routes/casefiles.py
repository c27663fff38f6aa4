"""The whole case of an incident, to be taken away."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.api.deps import Me, Service
from service.casefile import case_document
from service.documents import MEDIA_TYPES, Form, written

router = APIRouter(prefix="/v1/incidents", tags=["casework"])

IncidentId = Annotated[str, Path(max_length=40)]
AskedForm = Annotated[Form, Query(alias="format")]


@router.get("/{incident_id}/export", summary="The whole case as JSON, HTML or DOCX")
async def export(
    incident_id: IncidentId, service: Service, me: Me, form: AskedForm = Form.JSON
) -> Response:
    """Personal information is masked, drills are marked, every quote and number has an address.
    Who took which case is in the audit trail.
    """
    case = await service.casefiles.case(me, incident_id, form=form.value)
    # A thread, as a long case takes its time and others wait for this loop.
    content = await run_in_threadpool(
        partial(written, case, case_document, form, made_at=service.clock.now())
    )
    headers = {
        "Content-Disposition": f'attachment; filename="{case["incident"]["id"]}.{form.value}"',
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
