"""Indicators over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.bootstrap import Container
from service.monitors import MonitorDraft
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR
from tests.support.stored_posts import stored_post

pytestmark = pytest.mark.asyncio(loop_scope="module")

VALUES = "/v1/indicators/values"
THRESHOLD = "/v1/indicators/thresholds/drinks/negative_share"


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def drinks(container: Container) -> None:
    """A monitor with forty posts of an hour ago, and twenty of the day before."""
    await container.monitors.put(SYSTEM, MonitorDraft(id="drinks", name="饮品", query="青柚茶"))
    posts = [
        stored_post(
            number,
            monitors=("drinks",),
            published_at=START - (HOUR if number < 40 else 25 * HOUR),
            fetched_at=START,
            sentiment="negative" if number < 30 else "positive",
        )
        for number in range(60)
    ]
    await container.store.upsert(posts)


async def read(client: httpx.AsyncClient, path: str, **parameters: Any) -> Any:
    answer = await client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def span() -> dict[str, str]:
    return {"since": (START - DAY).isoformat(), "until": START.isoformat()}


async def test_the_catalogue(viewer: httpx.AsyncClient) -> None:
    items = (await read(viewer, "/v1/indicators"))["items"]
    assert len(items) == 15
    negative = next(item for item in items if item["id"] == "negative_share")
    assert negative["name"]["zh"] == "负面占比"
    assert negative["levels"] == {"yellow": 0.3, "orange": 0.45, "red": 0.6}
    assert (negative["least"], negative["watched_s"]) == (30, 86_400)


async def test_values_with_course_change_and_links(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, VALUES, monitor="drinks", bucket="day", **span())
    assert len(found["items"]) == 15
    by_id = {item["id"]: item for item in found["items"]}
    negative = by_id["negative_share"]
    assert (negative["value"], negative["n"], negative["reason"]) == (0.75, 40, None)
    assert negative["before"]["previous"]["reason"] == "not_enough_data"
    assert by_id["volume"]["before"]["previous"]["ratio"] == 1.0
    assert sum(item["value"] or 0 for item in by_id["volume"]["series"]) == 40
    for item in (by_id["volume"], negative):
        for link in item["links"]:
            assert (await viewer.get(link["href"])).json()["total"] == link["count"]
    assert by_id["topic_mix"]["reason"] == "no_topics"
    assert by_id["share_of_voice"]["reason"] == "no_rivals"


async def test_one_indicator_of_the_last_week(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, VALUES, monitor="drinks", indicator="volume")
    (item,) = found["items"]
    assert (item["value"], item["series"], found["bucket"]) == (60, [], None)


@pytest.mark.parametrize(
    ("parameters", "status", "path"),
    [
        ({}, 422, "monitor"),
        ({"monitor": "nobody"}, 404, None),
        ({"monitor": "drinks", "indicator": "mood"}, 422, "indicator[0]"),
        ({"monitor": "drinks", "bucket": "month"}, 422, "bucket"),
        (
            {"monitor": "drinks", "since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
            422,
            "since",
        ),
        (
            {"monitor": "drinks", "since": "2010-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
            422,
            "since",
        ),
        ({"monitor": "drinks", "until": "0001-01-02T00:00:00Z"}, 422, "until"),
        (
            {
                "monitor": "drinks",
                "since": "2024-01-02T00:00:00Z",
                "until": "2026-01-01T00:00:00Z",
                "bucket": "hour",
            },
            422,
            "bucket",
        ),
    ],
)
async def test_what_cannot_be_meant(
    viewer: httpx.AsyncClient, parameters: dict[str, str], status: int, path: str | None
) -> None:
    answer = await viewer.get(VALUES, params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if path is not None:
        assert path in [item["path"] for item in answer.json()["errors"]]


async def test_a_window_before_the_first_post_is_said(viewer: httpx.AsyncClient) -> None:
    found = await read(
        viewer, VALUES, monitor="drinks", since="2020-01-01T00:00:00Z", until="2020-01-08T00:00:00Z"
    )
    assert {item["reason"] for item in found["items"]} == {
        "before_first_post",
        "not_enough_data",
    }


async def test_attribution_sums_to_the_change(viewer: httpx.AsyncClient) -> None:
    path = "/v1/indicators/attribution"
    share = await read(viewer, path, monitor="drinks", measure="net_sentiment", **span())
    assert share["change"] == pytest.approx(-1.5)
    total = sum(share["dimensions"].values()) + share["rate"]
    assert total == pytest.approx(share["change"], abs=1e-9)
    for parts in share["values"].values():
        assert sum(item["part"] for item in parts) == pytest.approx(share["change"], abs=1e-9)
    volume = await read(
        viewer, path, monitor="drinks", measure="volume", authors="familiarity", **span()
    )
    assert volume["values"]["author"][0]["part"] == 20
    empty = await read(
        viewer, path, monitor="drinks", since="2020-01-01T00:00:00Z", until="2020-01-08T00:00:00Z"
    )
    assert (empty["reason"], empty["change"]) == ("not_enough_data", None)
    assert (await viewer.get(path)).status_code == 422
    assert (await viewer.get(path, params={"monitor": "nobody"})).status_code == 404


async def test_thresholds_are_set_and_set_back(
    everyone: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    every = "/v1/indicators/thresholds/drinks"
    assert len((await read(viewer, every))["items"]) == 15
    sent = {"yellow": 0.2, "red": 0.5, "alert": True}
    saved = await everyone.put(THRESHOLD, json=sent, headers={"If-Match": '"0"'})
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"1"')
    assert (saved.json()["yellow"], saved.json()["orange"], saved.json()["least"]) == (
        0.2,
        None,
        30,
    )
    late = await everyone.put(THRESHOLD, json={}, headers={"If-Match": '"0"'})
    assert late.status_code == 409
    bad = await everyone.put(THRESHOLD, json={"yellow": 0.5, "orange": 0.4})
    assert (bad.status_code, bad.json()["errors"][0]["path"]) == (422, "orange")
    assert (await viewer.put(THRESHOLD, json={})).status_code == 403
    assert (await everyone.delete(THRESHOLD)).status_code == 204
    assert (await everyone.delete(THRESHOLD)).status_code == 404
    unknown = await everyone.put("/v1/indicators/thresholds/drinks/mood", json={})
    assert unknown.status_code == 404


async def test_crossings_by_page(container: Container, viewer: httpx.AsyncClient) -> None:
    (watch,) = container.indicators.jobs
    await watch.run(container.clock.now())
    path = "/v1/indicators/crossings"
    first = await read(viewer, path, monitor="drinks", limit=1)
    assert first["items"][0]["after"] in {"yellow", "orange", "red"}
    second = await read(viewer, path, monitor="drinks", limit=1, cursor=first["next"])
    assert second["items"][0]["id"] < first["items"][0]["id"]
    assert (await viewer.get(path, params={"cursor": "abc"})).status_code == 422
