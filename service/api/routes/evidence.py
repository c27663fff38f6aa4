"""Frozen evidence of an incident: its screenshots, and the proof that it is untouched."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import ConfigDict, Field
from starlette.responses import Response

from service.api import examples
from service.api.answer import Json
from service.api.deps import Body, Me, Service
from service.api.views import evidence_view, plain
from service.errors import InvalidInput
from service.evidence import MAX_BYTES, Screenshot

router = APIRouter(prefix="/v1/incidents", tags=["evidence"])

IncidentId = Annotated[str, Path(max_length=40)]
PostId = Annotated[str, Path(max_length=40)]
Sha256 = Annotated[str, Path(max_length=64)]
_MOST_DIGITS = (MAX_BYTES + 2) // 3 * 4
"""Of base64."""


class Picture(Body):
    """A PNG, JPEG or WebP file in base64; what it is, is told by its first bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=_MOST_DIGITS)

    content: str = Field(max_length=_MOST_DIGITS)


@router.get("/{incident_id}/evidence", summary="Frozen posts, with their screenshots")
async def frozen(incident_id: IncidentId, service: Service, me: Me) -> Response:
    found = await service.evidence.frozen(me, incident_id)
    return Json(
        {
            "incident": found.incident.id,
            "items": [
                evidence_view(item)
                | {
                    "screenshots": [
                        _screenshot(incident_id, shot)
                        for shot in found.screenshots
                        if shot.post_id == item.post_id
                    ]
                }
                for item in found.evidence
            ],
        }
    )


@router.post(
    "/{incident_id}/evidence/verify",
    summary="Compute every hash of the evidence anew",
    responses=examples.answer(examples.VERIFICATION),
)
async def verify(incident_id: IncidentId, service: Service, me: Me) -> Response:
    """`intact` is true when nothing has changed since it was frozen. The check is on the timeline
    and in the audit trail.
    """
    done = await service.evidence.verify(me, incident_id)
    return Json(
        {
            "incident": incident_id,
            "at": plain(done.at),
            "intact": not done.changed,
            "items": [
                {
                    "post": item.post_id,
                    "screenshot": item.screenshot,
                    "sha256": item.kept,
                    "computed": item.computed,
                    "finding": item.finding.value,
                }
                for item in done.items
            ],
        }
    )


@router.post(
    "/{incident_id}/evidence/{post_id}/screenshots",
    summary="Add a screenshot of a frozen post",
    status_code=201,
)
async def add_screenshot(
    incident_id: IncidentId, post_id: PostId, body: Picture, service: Service, me: Me
) -> Response:
    """At most 3,000,000 bytes, five of a post; the same picture twice is one."""
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        problem = "not base64: send the bytes of the file in it"
        raise InvalidInput(problem, errors=[("content", problem)]) from error
    shot = await service.evidence.add_screenshot(me, incident_id, post_id, content)
    return Json(_screenshot(incident_id, shot), status=201)


@router.get(
    "/{incident_id}/evidence/{post_id}/screenshots/{sha256}", summary="A screenshot as it was sent"
)
async def screenshot(
    incident_id: IncidentId, post_id: PostId, sha256: Sha256, service: Service, me: Me
) -> Response:
    """Its bytes; a browser is told to trust nothing in them."""
    shot, content = await service.evidence.screenshot(me, incident_id, post_id, sha256)
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'inline; filename="{shot.sha256[:16]}"',
    }
    return Response(content, media_type=shot.media_type, headers=headers)


def _screenshot(incident_id: str, shot: Screenshot) -> dict[str, Any]:
    place = f"/v1/incidents/{incident_id}/evidence/{shot.post_id}/screenshots/{shot.sha256}"
    return {**plain(shot), "url": place}
