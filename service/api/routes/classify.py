"""Classify: texts in, pass, review or block out, and why."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.api import examples
from service.api.answer import Json
from service.api.classification import Classification
from service.api.deps import JsonBody, Me
from service.auth import Action, Resource

router = APIRouter(prefix="/v1/classify", tags=["classify"])


@router.post(
    "",
    summary="Classify one text, or up to 100 as {items: […]}",
    openapi_extra=examples.CLASSIFY,
    responses=examples.answer(examples.CLASSIFIED),
)
async def classify(body: JsonBody, request: Request, me: Me) -> Response:
    """A batch is answered in order; an item that fails has an `error` and the rest are answered."""
    me.require(Action.RUN, Resource.CLASSIFICATION)
    classification: Classification = request.app.state.classification
    if isinstance(body, dict) and "items" in body:
        return Json({"items": await classification.many(body)})
    return Json(await classification.one(body))
