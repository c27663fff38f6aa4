"""Whatever is sent wherever, it is refused by name and never a fault of ours."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODIES = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'""',
    b"0",
    b"{",
    b"\xff",
    b'{"\\u0000": "\\u0000"}',
    b'{"text": "\\ud800", "name": "\\udfff", "reason": "\\u0000\\ud800", "id": "\\ud800"}',
    b'{"items": [null, 1, "x", [], {}, {"text": null}, {"text": "\\ud83d", "id": "\\ud83d"}]}',
    b'{"posts": [null, 1, "x", [], {}, {"source": "\\ud800"}]}',
    b'{"posts": {}, "items": {}}',
    b'{"name": "x", "kind": "rss", "settings": {"url": "file:///etc/passwd"}, "query": "(("}',
    b'{"roles": ["god"], "name": 1e400, "expires_at": "0001-01-01T00:00:00+14:00"}',
    b'{"roles": ["viewer"], "name": "x", "expires_at": "9999-12-31T23:59:59-14:00"}',
    b'{"kind": "webhook", "name": "x", "url": "http://[", "events": ["x"], "secrets": ["y"]}',
    b'{"name": "x", "kind": "jsonl", "settings": ' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"}",
    b'{"tier": "\xe7\xba\xa2", "reason": "\xe7\xba\xa2", "scenario": "x", "into": "x"}',
)
NAMES = ("x", "..", "%F0%9F%98%80", "a%2Fb", "x" * 500, "%ED%A0%80", "1e9", "-1", "%25%s")
QUERIES = (
    "limit=0",
    "limit=201",
    "limit=99999999999999999999",
    "cursor=%00",
    "cursor=abc",
    "cursor=" + "A" * 999,
    "since=0001-01-01T00:00:00%2B14:00",
    "since=9999-12-31T23:59:59-14:00&until=0001-01-01T00:00:00Z",
    "since=2024-01-01",
    "state=%F0%9F%98%80&kind=1&tier=%27%22--",
    "q=%22%22%28%28OR%20NEAR/%2A&sort=relevance",
    "q=%ED%A0%80&interval=1m&severity=-1",
    "opened_at=9999-12-31T23:59:59Z&tier=red",
    "subject_id=" + "x" * 129,
)


def addresses(app: FastAPI) -> list[tuple[str, str]]:
    return [
        (method.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    ]


def filled(path: str, name: str) -> str:
    parts = [name if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


async def test_garbage_bodies(everyone: httpx.AsyncClient, app: FastAPI, incident: str) -> None:
    for method, path in addresses(app):
        if method == "GET":
            continue
        for body in BODIES:
            answer = await everyone.request(
                method,
                filled(path, incident),
                content=body,
                headers={"Content-Type": "application/json"},
            )
            assert answer.status_code < 500, (method, path, body, answer.text)


async def test_garbage_names(everyone: httpx.AsyncClient, app: FastAPI) -> None:
    for method, path in addresses(app):
        if "{" not in path:
            continue
        for name in NAMES:
            answer = await everyone.request(method, filled(path, name), json={})
            assert answer.status_code < 500, (method, path, name, answer.text)


async def test_garbage_parameters(everyone: httpx.AsyncClient, app: FastAPI) -> None:
    for method, path in addresses(app):
        if method != "GET":
            continue
        for query in QUERIES:
            answer = await everyone.get(f"{filled(path, 'unclassified')}?{query}")
            assert answer.status_code < 500, (path, query, answer.text)


@pytest.mark.parametrize("value", ["", "x", '"1', "W/", '"99999999999999999999"', "1, 2", "é"])
async def test_garbage_versions(everyone: httpx.AsyncClient, value: str) -> None:
    for header in (b"If-Match", b"If-None-Match"):
        answer = await everyone.put(
            "/v1/brands/versions", json={"name": "x"}, headers={header: value.encode()}
        )
        assert answer.status_code == 422, (header, value)


@given(path=st.text(max_size=30), body=st.binary(max_size=60))
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_address_and_body(everyone: httpx.AsyncClient, path: str, body: bytes) -> None:
    answer = await everyone.post(
        f"/v1/{quote(path.encode('utf-8', 'surrogatepass'))}",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code < 500
