"""Brands, monitors, sources and channels over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from service.bootstrap import Container

pytestmark = pytest.mark.asyncio(loop_scope="module")

FEED = {"kind": "rss", "name": "News", "settings": {"url": "https://news.example/feed.xml"}}
KINDS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("brands", {"name": "山岚"}, {"name": "山岚乳业"}),
    ("monitors", {"name": "m", "query": "山岚"}, {"name": "m", "query": "山岚 -招聘"}),
    ("sources", FEED, FEED | {"interval_s": 600}),
    ("channels", {"kind": "recording", "name": "c"}, {"kind": "recording", "name": "d"}),
]


@pytest.mark.parametrize(("kind", "body", "changed"), KINDS)
async def test_a_life(
    everyone: httpx.AsyncClient, kind: str, body: dict[str, Any], changed: dict[str, Any]
) -> None:
    url = f"/v1/{kind}/life"
    made = await everyone.put(url, json=body, headers={"If-None-Match": "*"})
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert (await everyone.get(url)).json()["id"] == "life"
    edited = await everyone.put(url, json=changed, headers={"If-Match": '"1"'})
    assert (edited.status_code, edited.headers["etag"]) == (200, '"2"')
    stale = await everyone.put(url, json=body, headers={"If-Match": '"1"'})
    assert stale.status_code == 409
    assert "is at version 2, not 1" in stale.json()["detail"]
    twice = await everyone.put(url, json=body, headers={"If-None-Match": "*"})
    assert twice.status_code == 409
    assert (await everyone.delete(url, headers={"If-Match": '"1"'})).status_code == 409
    assert (await everyone.delete(url, headers={"If-Match": '"2"'})).status_code == 204
    assert (await everyone.get(url)).status_code == 404


@pytest.mark.parametrize(("kind", "body", "_changed"), KINDS)
async def test_pages(
    everyone: httpx.AsyncClient, kind: str, body: dict[str, Any], _changed: object
) -> None:
    for name in ("pa", "pb", "pc"):
        await everyone.put(f"/v1/{kind}/{name}", json=body)
    first = (await everyone.get(f"/v1/{kind}?limit=2")).json()
    second = (await everyone.get(f"/v1/{kind}?limit=200&cursor={first['next']}")).json()
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert ids == sorted(ids)
    assert {"pa", "pb", "pc"} <= set(ids)
    assert second["next"] is None


async def test_a_bad_query_is_refused_with_its_column(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.put("/v1/monitors/bad", json={"name": "x", "query": "(a | b"})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["path"] == "query"
    assert error["message"].startswith("column ")


async def test_a_monitor_of_a_brand(everyone: httpx.AsyncClient) -> None:
    await everyone.put("/v1/brands/owner", json={"name": "x", "kind": "competitor"})
    made = await everyone.put(
        "/v1/monitors/owned", json={"name": "x", "query": "a", "brand": "owner"}
    )
    assert made.json()["brand"] == "owner"
    assert made.json()["backfill"] == {"state": "running", "done": 0, "of": None}
    found = (await everyone.get("/v1/monitors?brand=owner&enabled=true")).json()["items"]
    assert [item["id"] for item in found] == ["owned"]
    used = await everyone.delete("/v1/brands/owner")
    assert (used.status_code, "monitor owned" in used.json()["detail"]) == (409, True)
    competitors = (await everyone.get("/v1/brands?kind=competitor")).json()["items"]
    assert [item["id"] for item in competitors] == ["owner"]


async def test_a_source_that_was_never_pulled(everyone: httpx.AsyncClient) -> None:
    await everyone.put("/v1/sources/never", json=FEED)
    health = (await everyone.get("/v1/sources/never")).json()["health"]
    assert (health["state"], health["last_ok_at"]) == ("never", None)


async def test_a_source_that_was_pulled(everyone: httpx.AsyncClient, container: Container) -> None:
    from crawlers import Checkpoint, Outcome

    await everyone.put("/v1/sources/pulled", json=FEED)
    await container.checkpoints.save(
        Checkpoint(
            source="pulled",
            last_outcome=Outcome.OK,
            last_outcome_at=container.clock.now(),
            last_ok_at=container.clock.now(),
        )
    )
    items = (await everyone.get("/v1/sources?kind=rss")).json()["items"]
    [health] = [item["health"] for item in items if item["id"] == "pulled"]
    assert (health["state"], health["last_outcome"]) == ("ok", "ok")


async def test_secrets_of_a_source_go_in_and_never_come_out(everyone: httpx.AsyncClient) -> None:
    body = FEED | {"secrets": {"headers": {"X-Key": "hunter2hunter2"}}}
    made = await everyone.put("/v1/sources/secret", json=body)
    read = await everyone.get("/v1/sources/secret")
    assert made.status_code == 201, made.text
    assert "hunter2" not in made.text + read.text
    assert read.json()["secret_names"] == ["headers"]


async def test_trying_a_source_out(everyone: httpx.AsyncClient, tmp_path: Any) -> None:
    stream = tmp_path / "posts.jsonl"
    stream.write_text(
        '{"source":"x","native_id":"1","published_at":"2024-03-01T01:00:00Z","text":"t"}\n{bad\n',
        encoding="utf-8",
    )
    await everyone.put(
        "/v1/sources/file", json={"kind": "jsonl", "name": "f", "settings": {"path": str(stream)}}
    )
    answer = (await everyone.post("/v1/sources/file/test")).json()
    assert (answer["outcome"], answer["posts"], len(answer["rejected"])) == ("ok", 1, 1)


async def test_kinds_of_sources(everyone: httpx.AsyncClient) -> None:
    items = (await everyone.get("/v1/sources/kinds")).json()["items"]
    rss = next(item for item in items if item["kind"] == "rss")
    assert "url" in rss["settings"]["properties"]
    assert (rss["basis"], rss["channel"], rss["rate_limit"]) == ("public_feed", "news", None)
    steam = next(item for item in items if item["kind"] == "steam")
    assert steam["rate_limit"] == {"requests": 150, "period_s": 300.0}
    assert "rating" in steam["fields"]


async def test_a_webhook_shows_its_secret_once(everyone: httpx.AsyncClient) -> None:
    body = {"kind": "webhook", "name": "w", "url": "https://hooks.example/very-secret-path"}
    made = await everyone.put("/v1/channels/hook", json=body)
    read = await everyone.get("/v1/channels/hook")
    assert made.json()["secret"].startswith("whsec_")
    assert "secret" not in read.json()
    assert "very-secret-path" not in made.text + read.text
    rotated = await everyone.post("/v1/channels/hook/rotate-secret")
    assert rotated.json()["secret"] != made.json()["secret"]


async def test_a_test_message(everyone: httpx.AsyncClient, container: Container) -> None:
    await everyone.put("/v1/channels/tested", json={"kind": "recording", "name": "t"})
    before = len(container.recorder.sent)
    answer = (await everyone.post("/v1/channels/tested/test")).json()
    assert answer["outcome"] == "sent"
    [sent] = container.recorder.sent[before:]
    assert (sent.channel_id, sent.message.data["test"]) == ("tested", True)
    trail = (await everyone.get("/v1/audit?action=channel.tested")).json()["items"]
    assert trail[0]["subject_id"] == "tested"


async def test_a_test_message_to_nowhere(everyone: httpx.AsyncClient) -> None:
    assert (await everyone.post("/v1/channels/nowhere/test")).status_code == 404
