"""Briefings over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from service.auth import SYSTEM, Role
from service.bootstrap import Container
from service.monitors import ChannelDraft, ChannelKind, MonitorDraft
from tests.service.api.caller import person_as
from tests.support.clock import SteppingClock
from tests.support.stored_posts import stored_post

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def posts(container: Container, clock: SteppingClock) -> None:
    """Forty posts of yesterday, one of them with a telephone number."""
    await container.monitors.put(SYSTEM, MonitorDraft(id="tea", name="晨屿茶饮", query="晨屿"))
    at = clock.now() - timedelta(days=1)
    made = [
        stored_post(
            number,
            f"晨屿的杯盖漏了，致电 13812345678 无人接 {number}",
            published_at=at + timedelta(seconds=number),
            fetched_at=at + timedelta(seconds=number),
            stored_at=at + timedelta(seconds=number),
            author=f"au_{number}",
            sentiment="negative",
        )
        for number in range(1, 41)
    ]
    await container.store.upsert(made)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lead(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await person_as(app, container, "briefing-lead", Role.LEAD) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def analyst(app: FastAPI, container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with await person_as(app, container, "briefing-analyst", Role.ANALYST) as client:
        yield client


async def prepared(client: httpx.AsyncClient, clock: SteppingClock, **body: Any) -> dict[str, Any]:
    clock.step(seconds=1)
    answer = await client.post("/v1/briefings", json={"monitors": ["tea"]} | body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_briefing_is_prepared_written_approved_and_delivered(
    container: Container, clock: SteppingClock, analyst: httpx.AsyncClient, lead: httpx.AsyncClient
) -> None:
    await container.channels.put(
        SYSTEM, ChannelDraft(id="chat", kind=ChannelKind.RECORDING, name="chat")
    )
    made = await prepared(analyst, clock)
    here = f"/v1/briefings/{made['id']}"
    read = await analyst.get(here)
    assert read.headers["ETag"] == '"1"'
    assert read.json()["figures"]["volume.posts"] == "声量：40 条"
    assert "13812345678" not in read.text

    prose = {"lead": "昨日 {volume.posts}。", "comments": {"voices": "多为杯盖。"}}
    written = await analyst.put(here, json=prose, headers={"If-Match": '"1"'})
    assert (written.status_code, written.headers["ETag"]) == (200, '"2"')
    agreed = await lead.post(f"{here}/approve", headers={"If-Match": '"2"'})
    assert agreed.json()["state"] == "approved"
    sent = await analyst.post(f"{here}/deliver", json={"channels": ["chat"]})
    assert (sent.json()["state"], sent.json()["delivered_to"]) == ("delivered", ["chat"])


async def test_an_edit_of_an_old_version_is_told_what_changed(
    clock: SteppingClock, analyst: httpx.AsyncClient
) -> None:
    made = await prepared(analyst, clock)
    here = f"/v1/briefings/{made['id']}"
    await analyst.put(here, json={"lead": "甲"})
    answer = await analyst.put(here, json={"lead": "乙"}, headers={"If-Match": '"1"'})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert [item["path"] for item in answer.json()["errors"]] == ["lead"]


@pytest.mark.parametrize(
    "body",
    [
        {"lead": "共 40 条"},
        {"lead": "{volume.none}"},
        {"figures": {}},
        {"sections": []},
        {"comments": {"none": "x"}},
        {"order": ["voices", "voices"]},
        {"lead": "x" * 4_001},
    ],
)
async def test_only_words_can_be_written(
    clock: SteppingClock, analyst: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    made = await prepared(analyst, clock)
    answer = await analyst.put(f"/v1/briefings/{made['id']}", json=body)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "hourly"},
        {"kind": "special"},
        {"kind": "special", "since": "2024-02-28T00:00:00Z", "until": "2024-02-27T00:00:00Z"},
        {"kind": "daily", "day": "2099-01-01"},
        {"kind": "daily", "day": "1750-01-01"},
        {"kind": "daily", "since": "2024-02-28T00:00:00Z"},
        {"brand": "none"},
        {"monitors": ["none"]},
        {"language": "fr"},
    ],
)
async def test_what_cannot_be_meant_is_refused(
    analyst: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    answer = await analyst.post("/v1/briefings", json={"monitors": ["tea"]} | body)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


async def test_the_same_key_prepares_once(clock: SteppingClock, analyst: httpx.AsyncClient) -> None:
    clock.step(seconds=1)
    headers = {"Idempotency-Key": "brief-1"}
    body = {"monitors": ["tea"]}
    first = await analyst.post("/v1/briefings", json=body, headers=headers)
    clock.step(seconds=1)
    second = await analyst.post("/v1/briefings", json=body, headers=headers)

    assert first.status_code == second.status_code == 201
    assert first.json()["id"] == second.json()["id"]


async def test_the_list_goes_on_by_its_cursor(
    clock: SteppingClock, analyst: httpx.AsyncClient
) -> None:
    made = [(await prepared(analyst, clock, kind="weekly"))["id"] for _ in range(3)]
    query = {"kind": "weekly", "limit": "2"}
    first = (await analyst.get("/v1/briefings", params=query)).json()
    second = (await analyst.get("/v1/briefings", params=query | {"cursor": first["next"]})).json()

    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
    broken = await analyst.get("/v1/briefings", params={"cursor": first["next"]})
    assert broken.status_code == 422


async def test_a_viewer_reads_what_is_approved_and_takes_no_file(
    clock: SteppingClock,
    analyst: httpx.AsyncClient,
    lead: httpx.AsyncClient,
    viewer: httpx.AsyncClient,
) -> None:
    made = await prepared(analyst, clock)
    here = f"/v1/briefings/{made['id']}"
    assert (await viewer.get(here)).status_code == 404
    await lead.post(f"{here}/approve")

    assert (await viewer.get(here)).status_code == 200
    assert (await viewer.get(f"{here}/document")).status_code == 403


@pytest.mark.parametrize(
    ("form", "media", "magic"),
    [
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        (
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK",
        ),
        ("json", "application/json", b"{"),
    ],
)
async def test_a_briefing_is_taken_as_a_file(
    clock: SteppingClock, analyst: httpx.AsyncClient, form: str, media: str, magic: bytes
) -> None:
    made = await prepared(analyst, clock)
    answer = await analyst.get(f"/v1/briefings/{made['id']}/document", params={"format": form})

    assert answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'attachment; filename="{made["id"]}.{form}"'
    assert answer.content.startswith(magic)
    assert b"13812345678" not in answer.content


async def test_it_is_discarded_with_a_reason(
    clock: SteppingClock, analyst: httpx.AsyncClient
) -> None:
    made = await prepared(analyst, clock)
    here = f"/v1/briefings/{made['id']}"
    assert (await analyst.post(f"{here}/discard", json={"reason": " "})).status_code == 422
    gone = await analyst.post(f"{here}/discard", json={"reason": "重复"})

    assert (gone.json()["state"], gone.json()["reason"]) == ("discarded", "重复")
    assert (await analyst.put(here, json={"lead": "x"})).json()["code"] == "illegal_transition"


async def test_schedules_are_kept_and_say_when_they_come_round(
    clock: SteppingClock, analyst: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    here = "/v1/briefing-schedules/morning"
    body = {"name": "早报", "at": "08:30", "monitors": ["tea"]}
    made = await analyst.put(here, json=body, headers={"If-None-Match": "*"})
    assert made.status_code == 201, made.text
    assert made.json()["at"] == "08:30:00"
    assert made.json()["next_due_at"].endswith("T00:30:00.000Z")
    assert (await viewer.put(here, json=body)).status_code == 403
    listed = (await viewer.get("/v1/briefing-schedules")).json()["items"]
    assert [item["id"] for item in listed] == ["morning"]
    assert (await viewer.get(here)).headers["ETag"] == '"1"'

    stale = await analyst.put(here, json=body | {"name": "晨"}, headers={"If-Match": '"9"'})
    assert stale.status_code == 409
    off = await analyst.put(here, json=body | {"enabled": False})
    assert off.json()["next_due_at"] is None
    assert (await analyst.delete(here)).status_code == 204
    assert (await analyst.get(here)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "25:00"},
        {"at": 830},
        {"at": "08:00+08:00"},
        {"weekday": 0},
        {"kind": "special"},
        {"zone": "Nowhere"},
        {"channels": ["none"]},
        {"every": "day"},
    ],
)
async def test_a_schedule_that_cannot_be_meant_is_refused(
    analyst: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    answer = await analyst.put("/v1/briefing-schedules/odd", json={"name": "x"} | wrong)

    assert answer.status_code == 422, answer.text
