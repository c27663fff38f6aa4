"""The same key with the same request is done once."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from service.auth import Role
from service.bootstrap import Container
from service.db.tables import idempotency
from tests.service.api.caller import client_as
from tests.service.api.crisis import wire_post

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_key_is_made_once_and_shown_again(everyone: httpx.AsyncClient) -> None:
    body = {"name": "gateway", "roles": ["classifier"]}
    first = await everyone.post("/v1/keys", json=body, headers={"Idempotency-Key": "make-1"})
    again = await everyone.post("/v1/keys", json=body, headers={"Idempotency-Key": "make-1"})
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"


async def test_the_entity_tag_is_shown_again(everyone: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "tag-1"}
    first = await everyone.put("/v1/brands/tagged", json={"name": "x"}, headers=headers)
    again = await everyone.put("/v1/brands/tagged", json={"name": "x"}, headers=headers)
    assert first.headers["etag"] == again.headers["etag"] == '"1"'
    assert again.headers["content-type"] == "application/json"


async def test_another_body_is_refused(everyone: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "mismatch-1"}
    await everyone.put("/v1/brands/m1", json={"name": "x"}, headers=headers)
    answer = await everyone.put("/v1/brands/m1", json={"name": "y"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_mismatch")


async def test_another_if_match_is_another_request(everyone: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "match-1"}
    await everyone.put("/v1/brands/m2", json={"name": "x"}, headers=headers)
    headers["If-Match"] = '"1"'
    answer = await everyone.put("/v1/brands/m2", json={"name": "x"}, headers=headers)
    assert answer.json()["code"] == "idempotency_mismatch"


async def test_a_refused_request_may_be_corrected(everyone: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "fix-1"}
    refused = await everyone.put("/v1/brands/m3", json={"name": ""}, headers=headers)
    mended = await everyone.put("/v1/brands/m3", json={"name": "x"}, headers=headers)
    assert (refused.status_code, mended.status_code) == (422, 201)


async def test_of_many_at_once_one_is_done(everyone: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(
            everyone.post(
                "/v1/users",
                json={"name": "once", "roles": ["viewer"]},
                headers={"Idempotency-Key": "race-1"},
            )
            for _ in range(5)
        )
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) >= 1
    assert set(statuses) <= {201, 409}
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes <= {"in_progress"}


@pytest.mark.parametrize("key", ["", " ", "a b", "ü", "x" * 201])
async def test_keys_that_are_none(everyone: httpx.AsyncClient, key: str) -> None:
    answer = await everyone.put(
        "/v1/brands/k", json={"name": "x"}, headers={b"Idempotency-Key": key.encode()}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_reads_and_classifying_need_no_memory(
    everyone: httpx.AsyncClient, container: Container
) -> None:
    async def remembered() -> int:
        async with container.database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(idempotency)) or 0

    before = await remembered()
    headers = {"Idempotency-Key": "none-1"}
    await everyone.get("/v1/me", headers=headers)
    answer = await everyone.post("/v1/classify", json={"text": "好"}, headers=headers)
    assert answer.status_code == 200
    assert await remembered() == before


async def test_a_reveal_is_audited_each_time(
    everyone: httpx.AsyncClient, container: Container
) -> None:
    await everyone.post("/v1/posts", json=wire_post("reveal"))
    found = await everyone.get("/v1/posts?q=reveal")
    author = found.json()["items"][0]["author"]
    for _ in range(2):
        answer = await everyone.post(
            f"/v1/authors/{author}/reveal",
            json={"reason": "court order 42"},
            headers={"Idempotency-Key": "reveal-1"},
        )
        assert answer.json()["name"] == "小满reveal"
    trail = await everyone.get(f"/v1/audit?subject_id={author}&action=handle.revealed")
    assert len(trail.json()["items"]) == 2


async def test_keys_of_different_callers_do_not_meet(app: FastAPI, container: Container) -> None:
    for name in ("one", "two"):
        async with await client_as(app, container, Role.ADMIN) as client:
            answer = await client.put(
                f"/v1/brands/{name}", json={"name": name}, headers={"Idempotency-Key": "same"}
            )
        assert answer.status_code == 201
