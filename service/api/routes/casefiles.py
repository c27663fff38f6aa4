"""The whole case of an incident, to be taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api.deps import Me, Service
from service.api.downloads import document_file
from service.casefile import case_document
from service.documents import Form

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
    made_at = service.clock.now()
    name = case["incident"]["id"]
    return await document_file(case, case_document, form, name=name, made_at=made_at)
