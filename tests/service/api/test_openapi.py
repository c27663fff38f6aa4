"""The OpenAPI document says what a caller needs to know of every operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.asyncio(loop_scope="module")


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


async def test_it_is_served(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/openapi.json")
    assert answer.json()["info"] == {
        "title": "Fengsui",
        "version": "1.2.3",
        "summary": "Sentiment and crisis monitoring for brands",
    }


async def test_every_operation_has_a_summary_and_a_tag(app: FastAPI) -> None:
    for method, path, operation in operations(app):
        assert operation["summary"], (method, path)
        assert operation["tags"], (method, path)


async def test_every_operation_of_v1_takes_a_key(app: FastAPI) -> None:
    for method, path, operation in operations(app):
        assert ("security" in operation) is path.startswith("/v1/"), (method, path)


async def test_every_refusal_is_a_problem(app: FastAPI) -> None:
    for method, path, operation in operations(app):
        if path.startswith("/v1/"):
            for status in ("401", "403", "422"):
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], (method, path)


async def test_every_write_takes_an_idempotency_key(app: FastAPI) -> None:
    for method, path, operation in operations(app):
        names = [item["name"] for item in operation.get("parameters", ())]
        assert ("Idempotency-Key" in names) is (method != "get"), (method, path)


async def test_operation_ids_differ(app: FastAPI) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(app)]
    assert len(ids) == len(set(ids))


async def test_references_lead_somewhere(app: FastAPI) -> None:
    document = app.openapi()
    known = set(document["components"]["schemas"])

    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"].rpartition("/")[2]
            for item in value.values():
                yield from references(item)
        elif isinstance(value, list):
            for item in value:
                yield from references(item)

    assert set(references(document)) <= known
