"""Under /v1 nobody passes unnamed."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from service.api import SESSION_COOKIE
from service.auth import SYSTEM, Role
from service.bootstrap import Container
from tests.service.api.caller import client_as, client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def session_of(container: Container, name: str, *, changed: bool = True) -> str:
    """The token of a signed-in lead."""
    made = await container.users.create(SYSTEM, name=name, roles=[Role.LEAD])
    user = made.user
    if changed:
        await container.sign_in.change_password(
            user.id, old=made.password, new="a fairly long pass phrase 42"
        )
        user = await container.users.get(user.id)
    return await container.sessions.start(user)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer fsk_nope", "Bearer fsk_abc_def", "fsk_a_b"],
)
async def test_keys_that_open_nothing(stranger: httpx.AsyncClient, authorization: str) -> None:
    answer = await stranger.get("/v1/me", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="fengsui"'


async def test_no_address_under_v1_is_open(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/v1/there-is-no-such-thing")).status_code == 401


async def test_a_key_opens(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get("/v1/me")
    assert answer.json()["roles"] == ["viewer"]
    assert "read:incident" in answer.json()["permissions"]
    assert "edit:user" not in answer.json()["permissions"]


async def test_a_revoked_key_opens_nothing(app: FastAPI, container: Container) -> None:
    async with await client_as(app, container, Role.VIEWER) as client:
        me = (await client.get("/v1/me")).json()
        await container.keys.revoke(SYSTEM, me["id"])
        assert (await client.get("/v1/me")).json()["code"] == "bad_credentials"


async def test_a_session_of_the_console_opens(app: FastAPI, container: Container) -> None:
    token = await session_of(container, "lead.one")
    async with client_of(app) as client:
        answer = await client.get("/v1/me", headers={"Cookie": f"{SESSION_COOKIE}={token}"})
    assert answer.json()["name"] == "lead.one"


async def test_a_one_time_password_must_be_changed_first(
    app: FastAPI, container: Container
) -> None:
    token = await session_of(container, "lead.two", changed=False)
    async with client_of(app) as client:
        answer = await client.get("/v1/me", headers={"Cookie": f"{SESSION_COOKIE}={token}"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://evil.example", 403),
        ("null", 403),
        ("http://fengsui.test", 201),
        ("http://127.0.0.1:8600", 200),
        (None, 200),
    ],
)
async def test_other_sites_cannot_write_with_a_session(
    app: FastAPI, container: Container, origin: str | None, status: int
) -> None:
    token = await session_of(container, f"lead.{status}.{str(origin)[-4:].strip('/')}")
    headers = {"Cookie": f"{SESSION_COOKIE}={token}"}
    if origin is not None:
        headers["Origin"] = origin
    async with client_of(app) as client:
        answer = await client.put("/v1/brands/origin", json={"name": "x"}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("cookie", ["fengsui_session=", "fengsui_session=nope", "a b;;=", "x=\x7f"])
async def test_cookies_that_open_nothing(stranger: httpx.AsyncClient, cookie: str) -> None:
    answer = await stranger.get("/v1/me", headers={"Cookie": cookie})
    assert answer.status_code == 401
