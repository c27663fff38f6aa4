"""More time for a step over HTTP: one asks, another person grants."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service.auth import Role
from service.bootstrap import Container
from tests.service.api.caller import client_as, person_as

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = {"kind": "extend", "minutes": 90, "reason": "检测报告明早才出"}


def team(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    [step] = [item for item in answer.json()["steps"] if item["id"] == "first_response"]
    return step


async def test_more_time_is_asked_for_granted_and_shown(
    app: FastAPI, container: Container, incident: str
) -> None:
    path = f"/v1/runs/{incident}/steps/first_response"
    async with (
        await client_as(app, container, Role.RESPONDER) as responder,
        await client_as(app, container, Role.LEAD) as program,
        await person_as(app, container, "mei", Role.LEAD) as lead,
    ):
        before = team(await responder.post(f"{path}/delay", json=ASKED))
        refused = await program.post(f"{path}/delay/grant")
        after = team(await lead.post(f"{path}/delay/grant", json={"note": "可以"}))
        again = await lead.post(f"{path}/delay/grant")

        asked = before["delay"]["asked"]
        assert (asked["kind"], asked["lasting_s"], asked["reason"]) == (
            "extend",
            5400.0,
            ASKED["reason"],
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert after["due_at"] > before["due_at"]
        assert [grant["lasting_s"] for grant in after["delay"]["granted"]] == [5400.0]
        assert (again.status_code, "nobody has asked" in again.json()["detail"]) == (409, True)

        await responder.post(f"{path}/delay", json={**ASKED, "kind": "pause"})
        still = team(await lead.post(f"{path}/delay/grant"))
        going = team(await responder.post(f"{path}/resume"))
        assert (still["due_at"], still["delay"]["resumes_at"] is None) == (None, False)
        assert (going["due_at"] >= after["due_at"], going["delay"]["paused_at"]) == (True, None)

        await responder.post(f"{path}/delay", json=ASKED)
        kept = team(await lead.post(f"{path}/delay/refuse", json={"note": "不行"}))
        assert (kept["due_at"], kept["delay"]["asked"]) == (going["due_at"], None)


@pytest.mark.parametrize(
    "wrong", [{"kind": "stop"}, {"minutes": 0}, {"minutes": 10_081}, {"reason": ""}]
)
async def test_a_bad_request_is_named(
    everyone: httpx.AsyncClient, incident: str, wrong: dict[str, Any]
) -> None:
    path = f"/v1/runs/{incident}/steps/first_response/delay"
    answer = await everyone.post(path, json=ASKED | wrong)

    assert answer.status_code == 422
    assert [item["path"] for item in answer.json()["errors"]] == list(wrong)
