"""Who the caller is here, and what they may do."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from service.api.answer import Json
from service.api.deps import Me, Service
from service.auth import PERMISSIONS, allows
from service.version import VERSION

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("", summary="The caller: name, roles, permissions")
async def me(service: Service, me: Me) -> Response:
    return Json(
        {
            "id": me.id,
            "kind": me.kind.value,
            "name": me.name,
            "roles": sorted(role.value for role in me.roles),
            "monitors": None if me.monitors is None else sorted(me.monitors),
            "permissions": sorted(
                f"{action.value}:{resource.value}"
                for action, resource in PERMISSIONS
                if allows(me.roles, action, resource)
            ),
            "timezone": service.settings.timezone,
            "version": VERSION,
        }
    )
