"""Accounts of people (admin). A password is made here, shown once, and changed at first sign-in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.api.views import plain
from service.auth import Action, NewPassword, Resource, Role, User

router = APIRouter(prefix="/v1/users", tags=["users"])

UserId = Annotated[str, Path(max_length=40)]


class NewUser(Body):
    name: str = Field(examples=["wang.min"])
    roles: tuple[Role, ...] = Field(min_length=1)


class Roles(Body):
    roles: tuple[Role, ...]


@router.get("", summary="Users by name")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    me.require(Action.READ, Resource.USER)
    scope = ("users",)
    found = await service.users.page(after=cursors.after(scope, cursor), limit=limit)
    return page([_view(user) for user in found.items], cursors.following(scope, found.next))


@router.post("", summary="Make an account; answers its one-time password", status_code=201)
async def create(body: NewUser, service: Service, me: Me) -> Response:
    return _password(await service.users.create(me, name=body.name, roles=body.roles), status=201)


@router.get("/{user_id}", summary="One user")
async def one(user_id: UserId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.USER)
    return _answer(await service.users.get(user_id))


@router.put("/{user_id}/roles", summary="Give a user these roles and no others")
async def set_roles(
    user_id: UserId, body: Roles, service: Service, me: Me, version: Version
) -> Response:
    me.require(Action.EDIT, Resource.USER)
    if version is None:
        version = (await service.users.get(user_id)).version
    return _answer(await service.users.set_roles(me, user_id, roles=body.roles, version=version))


@router.post("/{user_id}/reset", summary="A new one-time password; ends every session")
async def reset(user_id: UserId, service: Service, me: Me) -> Response:
    return _password(await service.users.reset(me, user_id))


@router.post("/{user_id}/disable", summary="Close an account and end its sessions")
async def disable(user_id: UserId, service: Service, me: Me) -> Response:
    return _answer(await service.users.set_disabled(me, user_id, disabled=True))


@router.post("/{user_id}/enable", summary="Open an account again")
async def enable(user_id: UserId, service: Service, me: Me) -> Response:
    return _answer(await service.users.set_disabled(me, user_id, disabled=False))


def _view(user: User) -> dict[str, Any]:
    view: dict[str, Any] = plain(user)
    return view


def _answer(user: User) -> Response:
    return Json(_view(user), version=user.version)


def _password(made: NewPassword, *, status: int = 200) -> Response:
    return Json(
        _view(made.user) | {"one_time_password": made.password},
        status=status,
        version=made.user.version,
    )
