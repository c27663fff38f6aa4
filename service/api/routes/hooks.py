"""Inbound webhooks: posts sent by programs that speak their own JSON."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from crawlers import BadSettings, UnknownKind
from crawlers.errors import UnreadableAnswer
from crawlers.sources.webhook import WebhookSource
from service.api import examples
from service.api.answer import Json
from service.api.deps import JsonBody, Me, Service
from service.auth import Action, Resource
from service.bootstrap import Container
from service.errors import Conflict, InvalidInput, NotFound

router = APIRouter(prefix="/v1/hooks", tags=["posts"])

SourceId = Annotated[str, Path(max_length=64)]


@router.post(
    "/{source_id}",
    summary="Take what a program sends, signed as the source says; read by its mapping",
    openapi_extra=examples.body({}, {"complaints": [{"no": "T-1", "said": "三天没发货"}]}),
    responses=examples.answer(examples.HOOKED),
)
async def take(source_id: SourceId, body: JsonBody, service: Service, me: Me) -> Response:
    """For a source of kind `webhook`: a signature or its secret proves the sender, and an API key
    that may push does too. At most 1,000 rows; those that are no posts are named in `rejected`.
    """
    me.require(Action.EDIT, Resource.POST)
    source = await _source(service, source_id)
    try:
        rows = await asyncio.to_thread(source.read, body)
    except UnreadableAnswer as error:
        raise InvalidInput(
            f"nothing of what was sent can be read: {error}",
            errors=[("rows", field) for field in error.fields],
        ) from error
    stored: dict[str, Any] = {}
    if rows.posts:
        stored |= (await service.ingest.ingest(rows.posts, via=source_id)).changes
    return Json(
        {
            "items": [
                {"id": post_id, "change": change.value} for post_id, change in stored.items()
            ],
            "rejected": [{"place": place, "message": said} for place, said in rows.rejected[:100]],
        }
    )


async def _source(service: Container, source_id: str) -> WebhookSource:
    config = await service.sources.get(source_id)
    try:
        source = await service.sources.build(source_id)
    except (BadSettings, UnknownKind) as error:
        raise InvalidInput(f"source {source_id} cannot be built: {error}") from error
    if not isinstance(source, WebhookSource):
        raise NotFound(f"source {source_id} is no webhook")
    if not config.enabled:
        raise Conflict(f"source {source_id} is switched off")
    return source
