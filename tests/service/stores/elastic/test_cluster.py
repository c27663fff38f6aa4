"""The door to Elasticsearch, against a loopback server that answers what a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import orjson
import pytest

from service.stores.elastic.cluster import Cluster, kind_of
from service.stores.errors import (
    StoreBusy,
    StoreError,
    StoreMismatch,
    StoreReadOnly,
    StoreUnreachable,
)
from tests.support.elasticsearch import elastic_store

Reply = Callable[[str], tuple[int, object]]


@asynccontextmanager
async def answering(
    reply: Reply, *, product: str = "Elasticsearch", delay_s: float = 0.0
) -> AsyncIterator[str]:
    """A server that answers each "METHOD path" with a status and JSON."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readline():
            method, path, _ = head.decode().split(" ")
            length = 0
            while (line := await reader.readline()).strip():
                name, _, value = line.decode().partition(":")
                if name.lower() == "content-length":
                    length = int(value)
            await reader.readexactly(length)
            await asyncio.sleep(delay_s)
            status, answer = reply(f"{method} {path}")
            body = orjson.dumps(answer)
            writer.write(
                f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
                f"X-Elastic-Product: {product}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def error(kind: str) -> dict[str, object]:
    return {"error": {"root_cause": [{"type": kind, "reason": "a post's text"}], "type": "outer"}}


@pytest.mark.parametrize(
    ("status", "kind", "raised", "advice"),
    [
        (401, "security_exception", StoreMismatch, "credentials"),
        (403, "security_exception", StoreMismatch, "lacks a privilege"),
        (403, "cluster_block_exception", StoreReadOnly, "set to read only"),
        (429, "cluster_block_exception", StoreReadOnly, "disk is full"),
        (429, "circuit_breaking_exception", StoreBusy, "overloaded"),
        (400, "strict_dynamic_mapping_exception", StoreMismatch, "store migrate"),
        (404, "index_not_found_exception", StoreMismatch, "fengsui migrate"),
        (413, "", StoreMismatch, "http.max_content_length"),
        (503, "no_shard_available_action_exception", StoreUnreachable, "health"),
        (500, "null_pointer_exception", StoreUnreachable, "log"),
        (400, "script_exception", StoreError, "log"),
    ],
)
async def test_refusals_say_what_to_do_and_no_text(
    status: int, kind: str, raised: type[StoreError], advice: str
) -> None:
    async with answering(lambda _asked: (status, error(kind))) as url:
        cluster = Cluster([url])
        with pytest.raises(raised) as refused:
            await cluster.call("POST", "/x/_search", body={})
        await cluster.close()
    assert advice in str(refused.value)
    assert url in str(refused.value)
    assert "text" not in str(refused.value)
    assert (refused.value.status, refused.value.code) == (503, "store_unavailable")
    assert refused.value.retry_after == 10


async def test_statuses_that_are_asked_for_come_back() -> None:
    async with answering(lambda asked: (404, {"asked": asked})) as url:
        cluster = Cluster([url])
        answer = await cluster.call("GET", "/x/_doc/1", accept=(404,))
        await cluster.close()
    assert (answer.status, answer.body) == (404, {"asked": "GET /x/_doc/1"})


async def test_another_engine_is_refused() -> None:
    async with answering(lambda _asked: (200, {}), product="Other") as url:
        cluster = Cluster([url])
        with pytest.raises(StoreMismatch, match="is not Elasticsearch"):
            await cluster.call("GET", "/")
        await cluster.close()


async def test_a_server_that_is_too_slow_is_unreachable() -> None:
    async with answering(lambda _asked: (200, {}), delay_s=0.4) as url:
        cluster = Cluster([url], request_s=0.05)
        with pytest.raises(StoreUnreachable, match="no answer in time"):
            await cluster.call("GET", "/")
        await asyncio.sleep(0.4)
        await cluster.close()


@pytest.mark.parametrize("version", ["7.17.28", "8.14.3", "6.8.0-SNAPSHOT"])
async def test_a_server_that_is_too_old_is_refused(version: str) -> None:
    async with answering(lambda _asked: (200, {"version": {"number": version}})) as url:
        store = elastic_store(Cluster([url]))
        with pytest.raises(StoreMismatch, match=r"needs 8\.15 or later"):
            await store.check()
        with pytest.raises(StoreMismatch, match=version):
            await store.migrate()
        await store.close()


async def test_a_password_in_the_address_is_never_shown() -> None:
    cluster = Cluster(["http://elastic:hunter2@127.0.0.1:1"])
    with pytest.raises(StoreUnreachable) as refused:
        await cluster.call("GET", "/")
    await cluster.close()
    assert "hunter2" not in str(refused.value)
    assert "127.0.0.1:1" in str(refused.value)


@pytest.mark.parametrize("body", [None, [], {}, {"error": "plain"}, {"error": {}}])
def test_an_error_without_a_kind_has_none(body: object) -> None:
    assert kind_of(body) == ""
