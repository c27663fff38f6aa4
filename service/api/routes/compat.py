"""Drop-in endpoints for callers of OpenAI's moderation and of Perspective.

They are not in the OpenAPI document: their shapes are other people's, and docs/compat.md has them.
"""

from __future__ import annotations

import secrets
from collections.abc import Coroutine
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from service.api.answer import Json
from service.api.body import parse_json
from service.api.classification import Classification
from service.api.compat import openai, perspective
from service.api.compat.comment import AnalyzeRequest
from service.api.compat.errors import BadComment, NotServed
from service.api.compat.findings import Findings
from service.api.departure import ClientGone, unless_gone
from service.api.deps import principal_of
from service.api.problems import refusal_of
from service.errors import ServiceError

_CLIENT_GONE = 499

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/compat", include_in_schema=False)


@router.post(openai.PATH.removeprefix("/compat"))
async def moderations(request: Request) -> Response:
    """OpenAI's moderation of one text or up to 100."""
    return await _spoken(_moderated(request), request)


@router.post(f"{perspective.BASE.removeprefix('/compat')}/comments:analyze")
async def analyze(request: Request) -> Response:
    """Perspective's scores of one comment."""
    return await _spoken(_analyzed(request), request)


@router.post(f"{perspective.BASE.removeprefix('/compat')}/comments:suggestscore")
async def suggest_score(request: Request) -> Response:
    """Refused: a correction without a name and a rubric is no label here."""
    return await _spoken(_suggested(), request)


async def _moderated(request: Request) -> Response:
    me = principal_of(request)
    asked = openai.ModerationRequest.from_json(_json(request))
    classification: Classification = request.app.state.classification
    answers = await classification.many(asked.batch, principal=me.id)
    found = [Findings.from_answer(answer) for answer in answers]
    body = openai.response(found, request_id=secrets.token_hex(16))
    return Json(body, headers=openai.notes(found))


async def _analyzed(request: Request) -> Response:
    me = principal_of(request)
    if request.query_params.get("alt", "json") != "json":
        raise BadComment("only alt=json is answered")
    asked = AnalyzeRequest.from_json(_json(request))
    classification: Classification = request.app.state.classification
    answer = await classification.one(asked.item, principal=me.id)
    return Json(perspective.response(asked, Findings.from_answer(answer)))


async def _suggested() -> Response:
    raise NotServed("comments:suggestscore is not served; appeal a verdict under /v1/reviews")


async def _spoken(work: Coroutine[Any, Any, Response], request: Request) -> Response:
    """The answer, every error in the caller's own dialect, which the door has chosen."""
    refusal = refusal_of(request.scope)
    try:
        return await unless_gone(work, request.receive)
    except ClientGone:
        return Response(status_code=_CLIENT_GONE)
    except ServiceError as error:
        if error.status == 500:
            log.error("http.fault", code=error.code, detail=error.detail)
        return refusal(error)
    except Exception:
        log.exception("compat.failed")
        return refusal(ServiceError("something went wrong here"))


def _json(request: Request) -> Any:
    # The middleware has read it; whoever awaited it here would race the watch for the client.
    return parse_json(request.state.body)
