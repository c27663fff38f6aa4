"""Recurring duties over HTTP: made, planned, done, deleted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
BODY: dict[str, Any] = {
    "name": "风险排查",
    "owner": {"kind": "everybody"},
    "starts_on": "2024-01-01",
    "every_months": 3,
    "day": 5,
    "working_day": True,
    "at": "09:30",
}


async def test_a_duty_is_made_and_planned(everyone: httpx.AsyncClient) -> None:
    made = await everyone.put("/v1/recurring/risk", json=BODY)
    assert made.status_code == 201, made.text
    read = (await everyone.get("/v1/recurring/risk")).json()
    assert (read["at"], read["warn_days"], read["owner"]) == (
        "09:30:00",
        7,
        {"kind": "everybody", "id": ""},
    )
    listed = (await everyone.get("/v1/recurring")).json()["items"]
    assert "risk" in [item["id"] for item in listed]

    (planned,) = (await everyone.get("/v1/recurring/risk/rounds")).json()["items"]
    assert (planned["state"], planned["due_at"]) == ("open", "2024-04-08T01:30:00.000Z")
    address = f"/v1/recurring/risk/rounds/{planned['id']}/done"
    done = await everyone.post(address, json={"note": "已查", "evidence": "https://a.example/1"})
    assert (done.json()["state"], done.json()["late"]) == ("done", False)
    assert len((await everyone.get("/v1/recurring/risk/rounds")).json()["items"]) == 2

    etag = {"If-Match": made.headers["etag"]}
    assert (await everyone.delete("/v1/recurring/risk", headers=etag)).status_code == 204
    assert (await everyone.get("/v1/recurring/risk")).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"every_months": 0}, {"owner": {"kind": "person", "id": "ghost"}}, {"at": 9.5}]
)
async def test_mistakes_are_refused(everyone: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    answer = await everyone.put("/v1/recurring/wrong", json=BODY | wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_a_viewer_reads_and_changes_nothing(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/v1/recurring")).status_code == 200
    assert (await viewer.put("/v1/recurring/risk", json=BODY)).status_code == 403
