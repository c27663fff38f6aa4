"""Who may send to an inbound webhook, over HTTP; and what becomes of what was sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio
from fastapi import FastAPI
from starlette.types import Message, Scope

from service.auth import Role
from service.bootstrap import Container
from service.delivery.signing import generate_secret, signed_headers
from tests.service.api.caller import client_as
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "a-secret-of-two-dozen-letters"
STANDARD = generate_secret()
JSON = {"Content-Type": "application/json"}
MAPPING = {
    "platform": "tickets",
    "rows": "complaints",
    "fields": {"native_id": "no", "published_at": "at", "text": "said", "author.id": "by"},
}
ROW = {"no": "T-1", "at": "2024-02-01 08:00", "said": "三天没发货", "by": "u1"}
BODY = orjson.dumps({"complaints": [ROW]})


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def hooks(everyone: httpx.AsyncClient) -> None:
    for name, proof, secret in (
        ("bearer", "bearer", f"an-older-secret-of-it {SECRET}"),
        ("signed", "hmac", SECRET),
        ("standard", "standard", STANDARD),
        ("off", "bearer", SECRET),
    ):
        draft = {
            "kind": "webhook",
            "name": name,
            "settings": {**MAPPING, "proof": proof},
            "secrets": {"secret": secret},
            "enabled": name != "off",
        }
        answer = await everyone.put(f"/v1/sources/{name}", json=draft)
        assert answer.status_code == 201, answer.text
    bare = {**MAPPING, "proof": "hmac", "timestamp_header": None}
    draft = {"kind": "webhook", "name": "bare", "settings": bare, "secrets": {"secret": SECRET}}
    assert (await everyone.put("/v1/sources/bare", json=draft)).status_code == 201


def signed(
    clock: SteppingClock, body: bytes = BODY, *, secret: str = SECRET, age_s: int = 0
) -> dict[str, str]:
    stamp = str(int(clock.now().timestamp()) - age_s)
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return {**JSON, "X-Timestamp": stamp, "X-Signature-256": f"sha256={digest.hexdigest()}"}


async def send(
    client: httpx.AsyncClient, name: str, headers: Mapping[str, str], body: bytes = BODY
) -> httpx.Response:
    return await client.post(f"/v1/hooks/{name}", content=body, headers=headers)


async def test_a_signed_body_is_stored(
    stranger: httpx.AsyncClient, everyone: httpx.AsyncClient, clock: SteppingClock
) -> None:
    answer = await send(stranger, "signed", signed(clock))
    assert answer.status_code == 200, answer.text
    [item] = answer.json()["items"]
    assert item["change"] in {"new", "unchanged"}
    post = (await everyone.get(f"/v1/posts/{item['id']}")).json()
    assert (post["source"], post["via"], post["text"]) == ("tickets", "signed", "三天没发货")
    assert post["author"].startswith("au_")
    again = await send(stranger, "signed", signed(clock))
    assert again.json()["items"][0]["change"] == "unchanged"


async def test_standard_webhooks(stranger: httpx.AsyncClient, clock: SteppingClock) -> None:
    headers = signed_headers([STANDARD], message_id="msg_1", at=clock.now(), body=BODY)
    assert (await send(stranger, "standard", {**JSON, **headers})).status_code == 200
    old = signed_headers(
        [STANDARD], message_id="msg_1", at=clock.now() - timedelta(minutes=6), body=BODY
    )
    assert (await send(stranger, "standard", {**JSON, **old})).status_code == 401
    other = signed_headers([generate_secret()], message_id="m", at=clock.now(), body=BODY)
    assert (await send(stranger, "standard", {**JSON, **other})).status_code == 401


@pytest.mark.parametrize("secret", [SECRET, "an-older-secret-of-it"])
async def test_a_bearer_of_either_secret(stranger: httpx.AsyncClient, secret: str) -> None:
    headers = {**JSON, "Authorization": f"Bearer {secret}"}
    assert (await send(stranger, "bearer", headers)).status_code == 200


async def test_a_signature_in_base64_and_times_in_milliseconds(
    stranger: httpx.AsyncClient, clock: SteppingClock
) -> None:
    stamp = str(int(clock.now().timestamp() * 1_000))
    digest = hmac.new(SECRET.encode(), stamp.encode() + b"." + BODY, hashlib.sha256).digest()
    headers = {
        **JSON,
        "X-Timestamp": stamp,
        "X-Signature-256": base64.b64encode(digest).decode(),
    }
    assert (await send(stranger, "signed", headers)).status_code == 200


async def test_a_body_signed_alone_where_the_source_says_so(stranger: httpx.AsyncClient) -> None:
    digest = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest().upper()
    headers = {**JSON, "X-Signature-256": digest}
    assert (await send(stranger, "bare", headers)).status_code == 200
    assert (await send(stranger, "bare", headers, BODY + b" ")).status_code == 401


async def test_strangers_are_all_told_the_same(
    stranger: httpx.AsyncClient, clock: SteppingClock
) -> None:
    good = signed(clock)
    stamp = str(int(clock.now().timestamp()))
    tries: list[tuple[str, dict[str, str], bytes]] = [
        ("signed", JSON, BODY),
        ("signed", good, BODY.replace(b"T-1", b"T-2")),
        ("signed", signed(clock, secret="another-secret-of-the-sort"), BODY),
        ("signed", signed(clock, age_s=301), BODY),
        ("signed", signed(clock, age_s=-301), BODY),
        ("signed", {**good, "X-Timestamp": "soon"}, BODY),
        ("signed", {**good, "X-Timestamp": "9" * 40}, BODY),
        ("signed", {**good, "X-Signature-256": ""}, BODY),
        ("signed", {**good, "X-Signature-256": "é"}, BODY),
        ("signed", {**good, "X-Signature-256": "x" * 2_000}, BODY),
        ("signed", {**JSON, "Authorization": f"Bearer {SECRET}"}, BODY),
        ("bearer", {**JSON, "Authorization": "Bearer "}, BODY),
        ("bearer", {**JSON, "Authorization": "Bearer é"}, BODY),
        ("bearer", {**JSON, "Authorization": f"Basic {SECRET}"}, BODY),
        ("off", {**JSON, "Authorization": f"Bearer {SECRET}"}, BODY),
        ("none", good, BODY),
        ("Bad Name", good, BODY),
        ("standard", JSON, BODY),
    ]
    made_up = {"webhook-id": "m", "webhook-timestamp": stamp, "webhook-signature": "v1,eA=="}
    hmac_like = {"X-Timestamp": stamp, "X-Signature-256": "0" * 64}
    for name, proof in (("standard", made_up), ("signed", hmac_like), ("none", made_up)):
        tries += [
            (name, {**proof, "Content-Type": "text/plain"}, BODY),
            (name, {**proof, **JSON, "Content-Encoding": "gzip"}, BODY),
            (name, {**proof, **JSON}, b"{"),
            (name, {**proof, **JSON}, b""),
            (name, {**proof, **JSON}, b"x" * 1_000_001),
        ]
    told = set()
    for name, headers, body in tries:
        raw = {key: value.encode("utf-8") for key, value in headers.items()}
        answer = await stranger.post(f"/v1/hooks/{name}", content=body, headers=raw)
        assert answer.status_code == 401, (name, headers, answer.text)
        told.add((answer.text, answer.headers["WWW-Authenticate"]))
    assert len(told) == 1


async def exchanged(
    app: FastAPI, name: str, headers: Mapping[str, str], chunks: int
) -> tuple[list[str], dict[bytes, bytes]]:
    """What passes between a stranger and us, in order, and the headers of the answer."""
    passed: list[str] = []
    told: dict[bytes, bytes] = {}

    async def receive() -> Message:
        passed.append("read")
        more = passed.count("read") < chunks
        return {"type": "http.request", "body": b"x" * 200_000, "more_body": more}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            passed.append(str(message["status"]))
            told.update(message["headers"])

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": f"/v1/hooks/{name}",
        "raw_path": f"/v1/hooks/{name}".encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    await app(scope, receive, send)
    return passed, told


@pytest.mark.parametrize("chunks", [1, 3])
async def test_the_moment_of_a_refusal_tells_no_names(
    app: FastAPI, clock: SteppingClock, chunks: int
) -> None:
    stamp = str(int(clock.now().timestamp()))
    made_up = {**JSON, "X-Timestamp": stamp, "X-Signature-256": "0" * 64}
    for name in ("signed", "none", "off", "standard", "Bad Name", "bearer"):
        for headers in (made_up, JSON):
            passed, _ = await exchanged(app, name, headers, chunks)
            assert passed == ["read"] * chunks + ["401"], (name, headers)


async def test_of_an_endless_body_no_more_is_read_than_may_be(
    app: FastAPI, clock: SteppingClock
) -> None:
    stamp = str(int(clock.now().timestamp()))
    made_up = {**JSON, "X-Timestamp": stamp, "X-Signature-256": "0" * 64}
    for name in ("signed", "none"):
        passed, told = await exchanged(app, name, made_up, 1_000)
        assert passed == ["read"] * 6 + ["401"]
        assert told[b"connection"] == b"close"


async def test_a_signed_body_that_cannot_be_read_is_told_so(
    stranger: httpx.AsyncClient, clock: SteppingClock
) -> None:
    assert (await send(stranger, "signed", signed(clock, b"{"), b"{")).status_code == 422
    plain = {**signed(clock), "Content-Type": "text/plain"}
    assert (await send(stranger, "signed", plain)).status_code == 415


async def test_other_methods_need_a_key_as_everywhere(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/v1/hooks/signed")).status_code == 401
    assert (await stranger.delete("/v1/hooks/signed")).status_code == 401


async def test_a_sender_reaches_nothing_else(
    stranger: httpx.AsyncClient, clock: SteppingClock
) -> None:
    headers = {**JSON, "Authorization": f"Bearer {SECRET}"}
    for path in ("/v1/posts", "/v1/hooks/bearer/x", "/v1/classify", "/v1/hooks/"):
        answer = await stranger.post(path, content=BODY, headers=headers)
        assert answer.status_code == 401, path


async def test_a_key_that_may_push_may_send(app: FastAPI, container: Container) -> None:
    async with await client_as(app, container, Role.CLASSIFIER) as client:
        assert (await client.post("/v1/hooks/signed", content=BODY, headers=JSON)).is_success
        assert (await client.post("/v1/hooks/none", json={})).status_code == 404
        assert (await client.post("/v1/hooks/off", json={})).status_code == 409
    async with await client_as(app, container, Role.VIEWER) as client:
        assert (await client.post("/v1/hooks/signed", json={})).status_code == 403


async def test_a_source_of_another_kind_is_no_webhook(everyone: httpx.AsyncClient) -> None:
    feed = {"kind": "rss", "name": "n", "settings": {"url": "https://news.example/feed"}}
    await everyone.put("/v1/sources/feed", json=feed)
    answer = await everyone.post("/v1/hooks/feed", json={})
    assert (answer.status_code, "is no webhook" in answer.json()["detail"]) == (404, True)


@pytest.mark.parametrize(
    ("data", "status", "items", "rejected"),
    [
        ({"complaints": [ROW, {**ROW, "said": None}, 7]}, 200, 1, 2),
        ({"ping": 1}, 200, 0, 0),
        ({"complaints": [{**ROW, "said": None}]}, 422, 0, 0),
        ({"complaints": [ROW] * 1_001}, 422, 0, 0),
    ],
)
async def test_what_is_read(
    stranger: httpx.AsyncClient, data: Any, status: int, items: int, rejected: int
) -> None:
    headers = {**JSON, "Authorization": f"Bearer {SECRET}"}
    answer = await send(stranger, "bearer", headers, orjson.dumps(data))
    assert answer.status_code == status, answer.text
    assert len(answer.json().get("items", ())) == items
    assert len(answer.json().get("rejected", ())) == rejected


async def test_bodies_are_bounded_for_senders_too(
    stranger: httpx.AsyncClient, clock: SteppingClock
) -> None:
    headers = {**JSON, "Authorization": f"Bearer {SECRET}"}
    assert (await send(stranger, "bearer", headers, b"x" * 1_000_001)).status_code == 413
    assert (await send(stranger, "bearer", headers, b"{")).status_code == 422
    no_json = {"Authorization": f"Bearer {SECRET}", "Content-Type": "text/plain"}
    assert (await send(stranger, "bearer", no_json)).status_code == 415


async def test_a_key_of_idempotency_is_the_senders_own(
    stranger: httpx.AsyncClient, clock: SteppingClock
) -> None:
    headers = {**JSON, "Authorization": f"Bearer {SECRET}", "Idempotency-Key": "k1"}
    first = await send(stranger, "bearer", headers)
    again = await send(stranger, "bearer", headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json() == again.json()


async def test_the_secret_is_shown_to_nobody(everyone: httpx.AsyncClient) -> None:
    shown = (await everyone.get("/v1/sources/bearer")).text
    assert SECRET not in shown
    assert '"secret_names":["secret"]' in shown
