"""What surrounds every request."""

from __future__ import annotations

import httpx
import pytest
import structlog
from fastapi import FastAPI
from prometheus_client import REGISTRY
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from service.api.envelope import Envelope
from tests.service.api.caller import client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_given_request_id_comes_back(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/healthz", headers={"X-Request-ID": "trace-1.a"})
    assert answer.headers["x-request-id"] == "trace-1.a"


async def test_a_hostile_request_id_is_replaced(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/healthz", headers={"X-Request-ID": "a b\t<c>"})
    assert len(answer.headers["x-request-id"]) == 16


async def test_headers_that_keep_browsers_safe(stranger: httpx.AsyncClient) -> None:
    headers = (await stranger.get("/healthz")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]


async def test_the_console_sets_its_own_policy(stranger: httpx.AsyncClient) -> None:
    headers = (await stranger.get("/console/queue")).headers
    assert "content-security-policy" not in headers
    assert headers["x-content-type-options"] == "nosniff"


async def test_requests_are_counted_by_route(everyone: httpx.AsyncClient) -> None:
    labels = {"method": "GET", "route": "/v1/brands/{brand_id}", "status": "404"}
    before = REGISTRY.get_sample_value("fengsui_http_requests_total", labels) or 0
    await everyone.get("/v1/brands/made-up-by-a-stranger")
    assert REGISTRY.get_sample_value("fengsui_http_requests_total", labels) == before + 1


async def test_the_log_has_neither_query_nor_path(everyone: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        await everyone.get("/v1/brands/tok-in-path?cursor=tok-in-query")
    assert [line["route"] for line in logs] == ["/v1/brands/{brand_id}"]
    assert "tok-in" not in str(logs)


@pytest.mark.parametrize("address", ["/v1/brands/a%00b", "/v1/posts?q=%00", "/%00"])
async def test_nul_in_the_address(everyone: httpx.AsyncClient, address: str) -> None:
    assert (await everyone.get(address)).status_code == 422


async def test_what_nobody_foresaw_is_a_500_without_a_trace() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("password=hunter2")

    app = FastAPI()
    app.mount("/", Envelope(broken, monotonic=lambda: 0.0))
    async with client_of(app) as client:
        with capture_logs() as logs:
            answer = await client.get("/anything")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "hunter2" not in answer.text
    assert logs[0]["event"] == "http.failed"
    assert structlog.contextvars.get_contextvars() == {}
