"""Alive, ready, counted."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from service.bootstrap import Container
from service.ingest.gate import StoreGate
from service.stores.errors import StoreReadOnly
from tests.service.api.caller import client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_alive(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/healthz")).json()["status"] == "ok"


async def test_ready(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


async def test_metrics_for_this_machine(app: FastAPI) -> None:
    async with client_of(app, address="127.0.0.1") as client:
        assert "fengsui_http_requests_total" in (await client.get("/metrics")).text


@pytest.mark.parametrize("address", ["203.0.113.9", "not an address"])
async def test_metrics_for_nobody_else(app: FastAPI, address: str) -> None:
    async with client_of(app, address=address) as client:
        assert (await client.get("/metrics")).status_code == 401


async def test_a_proxy_on_this_machine_speaks_for_others(app: FastAPI) -> None:
    async with client_of(app, address="127.0.0.1") as client:
        answer = await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 401


async def test_metrics_with_a_key(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/metrics")).status_code == 200


async def test_a_store_that_takes_no_posts_is_told_without_its_reason(
    stranger: httpx.AsyncClient, container: Container
) -> None:
    assert (await stranger.get("/readyz")).json()["ingest"] == "open"
    gate = StoreGate(store=container.store, database=container.database, clock=container.clock)
    await gate.failed(StoreReadOnly("the disk of es-1.example is full"))
    answer = await stranger.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ingest"].startswith("paused since ")
    assert "es-1.example" not in answer.text
    await gate.succeeded()
    assert (await stranger.get("/readyz")).json()["ingest"] == "open"


async def test_not_ready_on_an_old_schema(
    stranger: httpx.AsyncClient, container: Container
) -> None:
    async with container.database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = await stranger.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"state": "schema_outdated", "posts": "ok"}
    assert answer.headers["retry-after"] == "5"
