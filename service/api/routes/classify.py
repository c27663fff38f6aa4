"""Classify: texts in, pass, review or block out, and why."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.api import examples
from service.api.answer import Json
from service.api.classification import Classification
from service.api.departure import ClientGone, unless_gone
from service.api.deps import json_of, principal_of
from service.auth import Action, Principal, Resource

PATH = "/v1/classify"
_CLIENT_GONE = 499

router = APIRouter(prefix=PATH, tags=["classify"])


@router.post(
    "",
    summary="Classify one text, or up to 100 as {items: […]}",
    openapi_extra=examples.CLASSIFY,
    responses=examples.answer(examples.CLASSIFIED),
)
async def classify(request: Request) -> Response:
    """A batch is answered in order; an item that fails has an `error` and the rest are answered."""
    me = principal_of(request)
    me.require(Action.RUN, Resource.CLASSIFICATION)
    work = _answers(request.app.state.classification, json_of(request), me)
    try:
        return Json(await unless_gone(work, request.receive))
    except ClientGone:
        # Nobody reads it; the log and the metrics tell it from an answer.
        return Response(status_code=_CLIENT_GONE)


async def _answers(classification: Classification, body: Any, me: Principal) -> dict[str, Any]:
    if isinstance(body, dict) and "items" in body:
        return {"items": await classification.many(body, principal=me.id)}
    return await classification.one(body, principal=me.id)
