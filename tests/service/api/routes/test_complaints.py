"""Complaints over HTTP: opened from a post, answered, told, rated, counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from service.auth import Role
from service.bootstrap import Container
from tests.service.api.caller import client_as
from tests.service.api.crisis import wire_post

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAID = {"channel": "weibo", "text": "您好，我在跟进", "url": "https://weibo.example/a/1"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def responder(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await client_as(app, container, Role.RESPONDER) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def monitor(everyone: httpx.AsyncClient) -> str:
    brand = await everyone.put("/v1/brands/shanlan", json={"name": "山岚"})
    assert brand.status_code in {200, 201}, brand.text
    body = {"name": "山岚", "query": "山岚酸奶", "brand": "shanlan"}
    made = await everyone.put("/v1/monitors/shanlan", json=body)
    assert made.status_code in {200, 201}, made.text
    return "shanlan"


async def opened(client: httpx.AsyncClient, number: str) -> Any:
    """A complaint that a person opens from a post that was just pushed."""
    pushed = await client.post("/v1/posts", json=wire_post(number))
    assert pushed.status_code == 200, pushed.text
    post = pushed.json()["id"]
    made = await client.post("/v1/complaints", json={"post": post})
    assert made.status_code == 201, made.text
    return made.json()


async def test_from_a_post_to_the_rating(
    everyone: httpx.AsyncClient, responder: httpx.AsyncClient, monitor: str
) -> None:
    made = await opened(everyone, "walk")
    assert (made["state"], made["clock"], made["monitor"]) == ("open", "answer", monitor)
    assert made["due_at"] == "2024-03-01T02:15:00.000Z"
    where = f"/v1/complaints/{made['id']}"

    wanted = {"template": "complaint.answer", "values": {"customer": "王女士"}}
    draft = (await everyone.post(f"{where}/draft", json=wanted)).json()
    assert made["id"] in draft["text"]
    assert draft["blocking"] > 0

    answered = await everyone.post(f"{where}/said/answer", json=SAID)
    assert answered.status_code == 200, answered.text
    second = await responder.post(f"{where}/said/answer", json=SAID)
    assert (second.status_code, second.json()["code"]) == (409, "conflict")
    assert answered.json()["assignee"] in second.json()["detail"]
    stale = await everyone.post(f"{where}/said/respond", json=SAID, headers={"If-Match": '"1"'})
    assert stale.status_code == 409

    for deed in ("respond", "resolve", "tell"):
        step = await everyone.post(f"{where}/said/{deed}", json=SAID)
        assert step.status_code == 200, step.text
    rated = await everyone.post(f"{where}/rating", json={"csat": 5, "nps": 9, "said_by": "本人"})
    assert (rated.json()["state"], rated.json()["csat"]) == ("rated", 5)
    closed = (await everyone.post(f"{where}/close", json={})).json()
    assert (closed["state"], closed["due_at"]) == ("closed", None)
    assert closed["actions"] == ["rate", "reopen", "dispute"]

    file = (await everyone.get(where)).json()
    assert [item["kind"] for item in file["answers"]] == [
        "answer",
        "response",
        "resolution",
        "told",
    ]
    assert file["answers"][0]["url"] == SAID["url"]
    assert [item["late"] for item in file["clocks"]] == [False] * 3
    assert "山岚" in file["text"]
    again = await everyone.post(f"{where}/reopen", json={"reason": "又没到账"})
    assert (again.json()["state"], again.json()["reopened"]) == ("open", 1)
    gone = await everyone.post(f"{where}/dismiss", json={"reason": "重复登记"})
    assert gone.json()["state"] == "dismissed"


async def test_the_queue_in_pages(everyone: httpx.AsyncClient, monitor: str) -> None:
    made = [(await opened(everyone, f"page{n}"))["id"] for n in range(3)]
    where: dict[str, Any] = {"monitor": monitor, "state": "open", "assignee": "nobody", "limit": 2}
    first = (await everyone.get("/v1/complaints", params=where)).json()
    rest = (await everyone.get("/v1/complaints", params=where | {"cursor": first["next"]})).json()
    assert {item["id"] for item in first["items"] + rest["items"]} >= set(made)
    assert rest["next"] is None
    foreign = await everyone.get("/v1/complaints", params={"cursor": first["next"]})
    assert foreign.status_code in {400, 422}
    other = (await everyone.get("/v1/complaints", params={"drill": True})).json()
    assert other["items"] == []


async def test_passing_on_disputing_and_relating(
    everyone: httpx.AsyncClient, responder: httpx.AsyncClient, monitor: str
) -> None:
    made = await opened(everyone, "pass")
    where = f"/v1/complaints/{made['id']}"
    free = await everyone.post(f"{where}/assign", json={"person": None})
    assert free.json()["assignee"] is None
    ghost = await everyone.post(f"{where}/assign", json={"person": "usr_ghost"})
    assert (ghost.status_code, ghost.json()["errors"][0]["path"]) == (422, "person")
    related = await everyone.post(f"{where}/incident", json={"incident": None})
    assert related.json()["incident"] is None
    await everyone.post(f"{where}/said/respond", json=SAID)
    disputed = await everyone.post(f"{where}/dispute", json={"reason": "不认可"})
    assert (disputed.json()["disputed"], disputed.json()["state"]) == (1, "responded")
    hidden = await responder.post(f"{where}/reveal", json={"reason": "要回复本人"})
    assert hidden.status_code == 403
    shown = await everyone.post(f"{where}/reveal", json={"reason": "要回复本人"})
    assert shown.json()["author"]["name"] == "小满pass"


async def test_the_report_counts(everyone: httpx.AsyncClient, monitor: str) -> None:
    await opened(everyone, "count")
    report = (await everyone.get("/v1/complaints/report", params={"monitor": monitor})).json()
    assert report["opened"] >= 1
    assert set(report["clocks"]) == {"answer", "response", "resolution"}


async def test_what_cannot_be_opened(
    everyone: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    assert (await everyone.post("/v1/complaints", json={"post": "none"})).status_code == 404
    assert (await viewer.post("/v1/complaints", json={"post": "none"})).status_code == 403
    assert (await viewer.get("/v1/complaints")).status_code == 200
    assert (await viewer.get("/v1/complaints/none")).status_code == 404


async def test_rules_are_data(everyone: httpx.AsyncClient, viewer: httpx.AsyncClient) -> None:
    (shipped,) = (await viewer.get("/v1/complaint-rules")).json()["items"]
    assert (shipped["id"], shipped["version"], shipped["confidence"]) == ("default", 0, 0.8)
    body = {"name": "门店", "counting": "service", "opens": "10:00", "per_hour": 5}
    made = await everyone.put("/v1/complaint-rules/shop", json=body)
    assert made.status_code == 201, made.text
    one = (await viewer.get("/v1/complaint-rules/shop")).json()
    assert (one["opens"], one["per_hour"], one["needs"]) == ("10:00:00", 5, "both")
    wrong = await everyone.put("/v1/complaint-rules/shop", json=body | {"confidence": 2})
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "confidence")
    assert (await everyone.delete("/v1/complaint-rules/shop")).status_code == 204
    assert (await viewer.get("/v1/complaint-rules/shop")).status_code == 404
