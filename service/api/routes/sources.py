"""Sources: where posts are pulled from, how well that goes, and a pull to try one out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from crawlers import BadSettings, UnknownKind, assess_health, kinds
from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.api.views import hidden, plain
from service.auth import Action, Resource
from service.bootstrap import Container
from service.errors import InvalidInput
from service.ingest.trial import try_source
from service.monitors import SourceConfig, SourceDraft

router = APIRouter(prefix="/v1/sources", tags=["sources"])

SourceId = Annotated[str, Path(max_length=64)]


class SourceBody(Body):
    """A source. `secrets` are settings that nobody may read; leave them out to keep them."""

    kind: str = Field(max_length=32, examples=["rss"])
    name: str = Field(examples=["Consumer news"])
    settings: dict[str, Any] = Field(
        default_factory=dict, examples=[{"url": "https://news.example/feed.xml"}]
    )
    secrets: dict[str, Any] | None = None
    interval_s: int = 300
    enabled: bool = True


@router.get("", summary="Sources by id, each with its health")
async def every(
    service: Service,
    me: Me,
    kind: Annotated[str | None, Query(max_length=32)] = None,
    enabled: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    me.require(Action.READ, Resource.SOURCE)
    scope = ("sources", kind, enabled)
    found = await service.sources.page(
        after=cursors.after(scope, cursor), limit=limit, kind=kind, enabled=enabled
    )
    items = [_view(item) | await _health(service, item) for item in found.items]
    return page(items, cursors.following(scope, found.next))


@router.get("/kinds", summary="Kinds of sources, with the schema of their settings")
async def every_kind(me: Me) -> Response:
    me.require(Action.READ, Resource.SOURCE)
    items = [
        {
            "kind": name,
            "summary": kind.summary,
            "basis": kind.basis.value,
            "channel": kind.channel.value,
            "rate_limit": None
            if kind.rate_limit is None
            else {
                "requests": kind.rate_limit.requests,
                "period_s": kind.rate_limit.period.total_seconds(),
            },
            "fields": list(kind.fields),
            "settings": kind.settings_schema(),
        }
        for name, kind in sorted(kinds().items())
    ]
    return page(items, None)


@router.get("/{source_id}", summary="One source with its health")
async def one(source_id: SourceId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.SOURCE)
    item = await service.sources.get(source_id)
    return Json(_view(item) | await _health(service, item), version=item.version)


@router.put("/{source_id}", summary="Create or change a source")
async def put(
    source_id: SourceId, body: SourceBody, service: Service, me: Me, version: Version
) -> Response:
    draft = SourceDraft(
        id=source_id,
        kind=body.kind,
        name=body.name,
        settings=body.settings,
        secrets=body.secrets,
        interval_s=body.interval_s,
        enabled=body.enabled,
    )
    return await save(service.sources, me, draft, version=version, view=_view)


@router.delete("/{source_id}", summary="Delete a source; its posts stay", status_code=204)
async def remove(source_id: SourceId, service: Service, me: Me, version: Version) -> Response:
    await service.sources.delete(me, source_id, version=version)
    return NoContent()


@router.post("/{source_id}/test", summary="Pull once; nothing is stored and no cursor moves")
async def test(source_id: SourceId, service: Service, me: Me) -> Response:
    me.require(Action.EDIT, Resource.SOURCE)
    try:
        source = await service.sources.build(source_id)
    except (BadSettings, UnknownKind) as error:
        raise InvalidInput(f"source {source_id} cannot be built: {error}") from error
    trial = await try_source(source, service.fetcher, monotonic=service.clock.monotonic)
    return Json(
        {
            "outcome": trial.outcome.value,
            "reason": trial.reason,
            "fields": list(trial.fields),
            "refused": trial.refused,
            "more": trial.more,
            "took_s": trial.took_s,
            "posts": len(trial.posts),
            "newest": [
                {
                    "published_at": plain(post.published_at),
                    "title": hidden(post.title),
                    "url": post.url,
                }
                for post in trial.posts[-5:]
            ],
            "rejected": [
                {"place": place, "reason": reason} for place, reason in trial.rejected[:20]
            ],
        }
    )


async def _health(service: Container, item: SourceConfig) -> dict[str, Any]:
    checkpoint = await service.checkpoints.load(item.id)
    interval = timedelta(seconds=item.interval_s)
    health = plain(assess_health(checkpoint, service.clock.now(), interval))
    for name in ("last_outcome", "last_outcome_at", "last_ok_at", "next_due_at", "failures"):
        health[name] = None if checkpoint is None else plain(getattr(checkpoint, name))
    return {"health": health}


def _view(item: SourceConfig) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    return view
