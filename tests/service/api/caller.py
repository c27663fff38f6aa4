"""Callers of the API in tests, each with a key or an account of its own."""

from __future__ import annotations

import httpx
from fastapi import FastAPI

from service.api.identity import SESSION_COOKIE
from service.auth import SYSTEM, Role
from service.bootstrap import Container


def client_of(app: FastAPI, *, address: str = "203.0.113.9") -> httpx.AsyncClient:
    """A client without a key; give it to `async with`."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, client=(address, 4711)),
        base_url="http://fengsui.test",
    )


async def client_as(app: FastAPI, container: Container, *roles: Role) -> httpx.AsyncClient:
    """A client with a new key of those roles; give it to `async with`."""
    made = await container.keys.create(SYSTEM, name="-".join(roles), roles=roles)
    client = client_of(app)
    client.headers["Authorization"] = f"Bearer {made.token}"
    return client


async def person_as(
    app: FastAPI, container: Container, name: str, *roles: Role
) -> httpx.AsyncClient:
    """Somebody who is signed in, with a new account of those roles; give it to `async with`."""
    made = await container.users.create(SYSTEM, name=name, roles=roles)
    await container.sign_in.change_password(
        made.user.id, old=made.password, new="a-red-kettle-on-the-stove"
    )
    client = client_of(app)
    session = await container.sessions.start(await container.users.get(made.user.id))
    client.headers["Cookie"] = f"{SESSION_COOKIE}={session}"
    return client
