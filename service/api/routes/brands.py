"""Brands, our own and competitors'."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.api.views import plain
from service.auth import Action, Resource
from service.monitors import Brand, BrandDraft, BrandKind

router = APIRouter(prefix="/v1/brands", tags=["brands"])

BrandId = Annotated[str, Path(max_length=64)]


class BrandBody(Body):
    """A brand; `aliases` are other names under which people write of it."""

    name: str = Field(examples=["山岚乳业"])
    kind: BrandKind = BrandKind.OWN
    aliases: tuple[str, ...] = Field(default=(), max_length=100, examples=[["山岚", "shanlan"]])


@router.get("", summary="Brands by id")
async def every(
    service: Service,
    me: Me,
    kind: BrandKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    me.require(Action.READ, Resource.BRAND)
    scope = ("brands", kind)
    found = await service.brands.page(after=cursors.after(scope, cursor), limit=limit, kind=kind)
    return page([_view(item) for item in found.items], cursors.following(scope, found.next))


@router.get("/{brand_id}", summary="One brand")
async def one(brand_id: BrandId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.BRAND)
    item = await service.brands.get(brand_id)
    return Json(_view(item), version=item.version)


@router.put("/{brand_id}", summary="Create or change a brand")
async def put(
    brand_id: BrandId, body: BrandBody, service: Service, me: Me, version: Version
) -> Response:
    draft = BrandDraft(id=brand_id, name=body.name, kind=body.kind, aliases=body.aliases)
    return await save(service.brands, me, draft, version=version, view=_view)


@router.delete("/{brand_id}", summary="Delete a brand that no monitor belongs to", status_code=204)
async def remove(brand_id: BrandId, service: Service, me: Me, version: Version) -> Response:
    await service.brands.delete(me, brand_id, version=version)
    return NoContent()


def _view(item: Brand) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    return view
