"""Measures of handling over HTTP."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import httpx
import pytest

from service.bootstrap import Container
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_table_of_the_last_quarter(
    viewer: httpx.AsyncClient, incident: str, container: Container
) -> None:
    answer = await viewer.get("/v1/handling", params={"by": ["tier", "team"]})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["by"], body["least"], body["scenario"]) == (["tier", "team"], 5, None)
    assert body["total"]["crises"] >= 1
    assert body["items"][0]["team"] is None
    assert body["total"]["measures"]["detect"]["reason"] == "not_enough_data"
    every = (await viewer.get("/v1/handling")).json()
    assert every["by"] == ["tier", "scenario", "team"]


async def test_one_by_one_with_pages(
    viewer: httpx.AsyncClient, incident: str, container: Container, clock: SteppingClock
) -> None:
    other = await open_crisis(container, clock, name="yunpu")
    first = (await viewer.get("/v1/handling/incidents", params={"limit": 1})).json()
    rest = await viewer.get(
        "/v1/handling/incidents", params={"limit": 200, "cursor": first["next"]}
    )
    found = [item["id"] for item in (*first["items"], *rest.json()["items"])]
    assert found[0] == other
    assert incident in found
    assert len(found) == len(set(found))
    wrong = await viewer.get(
        "/v1/handling/incidents", params={"cursor": first["next"], "tier": "red"}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize("path", ["", "/incidents"])
async def test_as_a_file(viewer: httpx.AsyncClient, incident: str, path: str) -> None:
    answer = await viewer.get(f"/v1/handling{path}", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows
    assert {"tier", "scenario"} <= rows[0].keys()


async def test_what_a_crisis_cost(
    everyone: httpx.AsyncClient, viewer: httpx.AsyncClient, incident: str
) -> None:
    path = f"/v1/handling/incidents/{incident}/cost"
    before = (await viewer.get(path)).json()
    entry = {"kind": "hours", "role": "legal", "hours": "1.5", "note": "审声明"}
    made = await everyone.post(path, json=entry)
    assert made.status_code == 201, made.text
    (kept,) = made.json()["entries"]
    assert (kept["role"], kept["hours"], kept["note"]) == ("legal", "1.5", "审声明")
    assert "legal: 1.5 h × 300 CNY" in made.json()["working"]
    lost = await everyone.post(path, json={"kind": "loss", "amount": "10.5"})
    assert lost.json()["entries"][1]["money"] == {"amount": "10.5", "currency": "CNY"}
    for item in lost.json()["entries"]:
        left = await everyone.post(f"{path}/{item['id']}/withdraw", json={"reason": "试"})
    assert left.json() == before
    timeline = (await viewer.get(f"/v1/incidents/{incident}")).json()["timeline"]
    assert [item["kind"] for item in timeline].count("cost_withdrawn") == 2


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({"kind": "hours", "role": "pr", "hours": 2}, "hours"),
        ({"kind": "hours", "role": "pr", "hours": "1e3"}, "hours"),
        ({"kind": "loss", "amount": "1", "currency": "usd"}, "currency"),
        ({"kind": "loss", "amount": "1", "currency": "USD"}, "currency"),
        ({"kind": "loss", "amount": "1", "hours": "1"}, "hours"),
        ({"kind": "compensation", "amount": "1"}, "promise"),
    ],
)
async def test_what_is_no_entry_is_refused_by_name(
    everyone: httpx.AsyncClient, incident: str, entry: dict[str, object], path: str
) -> None:
    answer = await everyone.post(f"/v1/handling/incidents/{incident}/cost", json=entry)
    assert answer.status_code == 422, answer.text
    assert path in {error["path"] for error in answer.json()["errors"]}


async def test_what_the_measures_mean(viewer: httpx.AsyncClient) -> None:
    body = (await viewer.get("/v1/handling/measures")).json()
    assert [item["id"] for item in body["measures"]][-1] == "handling"
    assert body["cost"]["currency"] == "CNY"


@pytest.mark.parametrize(
    "query", [{"tier": "purple"}, {"scenario": "x"}, {"by": "person"}, {"since": "yesterday"}]
)
async def test_questions_that_have_no_answer(
    viewer: httpx.AsyncClient, query: dict[str, str]
) -> None:
    assert (await viewer.get("/v1/handling", params=query)).status_code == 422


async def test_an_empty_window_is_refused(viewer: httpx.AsyncClient, clock: SteppingClock) -> None:
    now = clock.now()
    query = {"since": now.isoformat(), "until": (now - timedelta(days=1)).isoformat()}
    assert (await viewer.get("/v1/handling", params=query)).status_code == 422
