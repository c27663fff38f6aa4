"""API keys (admin). The key itself is shown once and kept nowhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service
from service.api.views import plain
from service.auth import Role

router = APIRouter(prefix="/v1/keys", tags=["keys"])


class NewKey(Body):
    name: str = Field(examples=["moderation gateway"])
    roles: tuple[Role, ...] = Field(examples=[["classifier"]])
    expires_at: Instant | None = None


@router.get("", summary="Keys by id, revoked ones included")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    scope = ("keys",)
    found = await service.keys.page(me, after=cursors.after(scope, cursor), limit=limit)
    return page(plain(found.items), cursors.following(scope, found.next))


@router.post("", summary="Make a key; answers it this once", status_code=201)
async def create(body: NewKey, service: Service, me: Me) -> Response:
    made = await service.keys.create(
        me, name=body.name, roles=body.roles, expires_at=body.expires_at
    )
    return Json(plain(made.key) | {"key": made.token}, status=201)


@router.delete("/{key_id}", summary="Revoke a key at once")
async def revoke(key_id: Annotated[str, Path(max_length=40)], service: Service, me: Me) -> Response:
    return Json(plain(await service.keys.revoke(me, key_id)))
