"""Corrections: what people say a post should have been read as."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Limit, Me, Service
from service.incidents import format_instant
from service.learning import Correction

router = APIRouter(prefix="/v1/posts/{post_id}/corrections", tags=["posts"])

PostId = Annotated[str, Path(max_length=64)]


class CorrectionBody(Body):
    """The right label of one head: sentiment, emotion, intent, abuse or scenario."""

    head: str = Field(max_length=64)
    label: str = Field(max_length=64)
    note: str | None = Field(default=None, max_length=1_000)


@router.get("", summary="What people said of how a post was read, oldest first")
async def every(
    post_id: PostId, service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    scope = ("corrections", post_id)
    found = await service.learning.corrections.of_post(
        me, post_id, after=cursors.number(scope, cursor, most=2**62) or 0, limit=limit + 1
    )
    items = found[:limit]
    following = cursors.encode(scope, [items[-1].id]) if len(found) > limit else None
    return page([_view(item) for item in items], following)


@router.post("", summary="Say what a post should have been read as", status_code=201)
async def correct(post_id: PostId, body: CorrectionBody, service: Service, me: Me) -> Response:
    """The post stays as it was read; the word goes into the next training set."""
    made = await service.learning.corrections.correct(
        me, post_id, head=body.head, label=body.label, note=body.note
    )
    return Json(_view(made), status=201)


def _view(correction: Correction) -> dict[str, Any]:
    return {
        "id": correction.id,
        "post": correction.post_id,
        "head": correction.head.value,
        "label": correction.label,
        "machine": correction.machine,
        "versions": dict(correction.versions),
        "note": correction.note,
        "author": correction.author,
        "at": format_instant(correction.at),
    }
