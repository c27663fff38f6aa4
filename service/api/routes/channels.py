"""Channels: where people are paged. Addresses and signing secrets go in and never come out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save, saved
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.api.views import plain
from service.auth import Action, Resource
from service.monitors import ChannelConfig, ChannelDraft, ChannelKind
from service.monitors.channel_trial import try_channel

router = APIRouter(prefix="/v1/channels", tags=["channels"])

ChannelId = Annotated[str, Path(max_length=64)]


class ChannelBody(Body):
    """A channel. Leave `url` and `secrets` out to keep what is stored; no `events` means all."""

    kind: ChannelKind
    name: str = Field(examples=["Duty officer"])
    url: str | None = Field(default=None, examples=["https://hooks.example/fengsui"])
    secrets: tuple[str, ...] | None = Field(default=None, max_length=3)
    settings: dict[str, Any] = Field(default_factory=dict)
    events: tuple[str, ...] = Field(default=(), max_length=50)
    minimum_tier: str | None = None
    drill: bool = False
    enabled: bool = True


@router.get("", summary="Channels by id")
async def every(
    service: Service,
    me: Me,
    kind: ChannelKind | None = None,
    enabled: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    me.require(Action.READ, Resource.CHANNEL)
    scope = ("channels", kind, enabled)
    found = await service.channels.page(
        after=cursors.after(scope, cursor), limit=limit, kind=kind, enabled=enabled
    )
    return page([_view(item) for item in found.items], cursors.following(scope, found.next))


@router.get("/{channel_id}", summary="One channel")
async def one(channel_id: ChannelId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.CHANNEL)
    item = await service.channels.get(channel_id)
    return Json(_view(item), version=item.version)


@router.put("/{channel_id}", summary="Create or change a channel; a new signing secret shows once")
async def put(
    channel_id: ChannelId, body: ChannelBody, service: Service, me: Me, version: Version
) -> Response:
    draft = ChannelDraft(
        id=channel_id,
        kind=body.kind,
        name=body.name,
        url=body.url,
        secrets=body.secrets,
        settings=body.settings,
        events=body.events,
        minimum_tier=body.minimum_tier,
        drill=body.drill,
        enabled=body.enabled,
    )
    return await save(service.channels, me, draft, version=version, view=_view)


@router.delete("/{channel_id}", summary="Delete a channel", status_code=204)
async def remove(channel_id: ChannelId, service: Service, me: Me, version: Version) -> Response:
    await service.channels.delete(me, channel_id, version=version)
    return NoContent()


@router.post("/{channel_id}/rotate-secret", summary="Sign with a new secret, which shows once")
async def rotate(channel_id: ChannelId, service: Service, me: Me) -> Response:
    return saved(await service.channels.rotate_secret(me, channel_id), view=_view)


@router.post("/{channel_id}/test", summary="Send a test message now and say what came back")
async def test(channel_id: ChannelId, service: Service, me: Me) -> Response:
    """The message is a `service.heartbeat` marked as a test: receivers may ignore it."""
    message, result = await try_channel(
        me,
        channel_id,
        channels=service.channels,
        trials=service.trials,
        database=service.database,
    )
    return Json(
        {
            "message": message.id,
            "outcome": result.outcome.value,
            "status": result.status,
            "answer": result.answer[:2_048],
            "reason": result.reason,
            "duration_ms": round(result.duration_ms, 1),
        }
    )


def _view(item: ChannelConfig) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    return view
