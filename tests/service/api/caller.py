"""Callers of the API in tests, each with a key of its own."""

from __future__ import annotations

from typing import Any

import httpx
from fastapi import FastAPI

from service.auth import SYSTEM, Role
from service.bootstrap import Container

POST: dict[str, Any] = {
    "source": "weibo",
    "native_id": "1",
    "published_at": "2024-03-01T01:50:00Z",
    "text": "山岚酸奶喝完拉肚子，客服说不关他们的事",
    "author": {"id": "42", "name": "小满"},
}


async def client_as(app: FastAPI, container: Container, *roles: Role) -> httpx.AsyncClient:
    """A client with a new key of those roles; give it to `async with`."""
    made = await container.keys.create(SYSTEM, name="-".join(roles), roles=roles)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, client=("203.0.113.9", 4711)),
        base_url="http://fengsui.test",
        headers={"Authorization": f"Bearer {made.token}"},
    )
