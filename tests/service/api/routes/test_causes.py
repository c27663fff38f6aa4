"""Causes over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.bootstrap import Container
from service.monitors import MonitorDraft
from service.series import Point
from service.stores import StoredPost
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR
from tests.support.stored_posts import stored_post

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAUSES = "/v1/indicators/causes"
CROSSED = f"{CAUSES}/crossed"


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def parcels(container: Container) -> None:
    """Forty days of posts; on every fourth day it rains, and deliveries are late."""
    await container.monitors.put(SYSTEM, MonitorDraft(id="parcels", name="外卖", query="外卖"))
    posts: list[StoredPost] = []
    rain: list[Point] = []
    for ago in range(40, 0, -1):
        wet = ago % 4 == 0
        rain.append(Point(START - ago * DAY, 12.0 if wet else 0.0))
        for number in range(10):
            at = START - ago * DAY + HOUR + number * HOUR / 60
            text = "外卖超时一个小时" if number < (6 if wet else 1) else "外卖真好吃"
            posts.append(
                stored_post(
                    len(posts),
                    text,
                    monitors=("parcels",),
                    published_at=at,
                    fetched_at=at + HOUR,
                    author=f"au_{number}",
                )
            )
    await container.store.upsert(posts)
    await container.series.write(SYSTEM, "rain", rain, unit="mm")


async def read(client: httpx.AsyncClient, path: str, **parameters: Any) -> Any:
    answer = await client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_causes_of_a_week(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, CAUSES, monitor="parcels", scenario="service_aftersales")
    (item,) = found["items"]
    assert item == {
        "cause": "late_delivery",
        "scenario": "service_aftersales",
        "name": {"zh": "送货太慢", "en": "Late delivery"},
        "posts": item["posts"],
        "share": item["posts"] / 70,
        "authors": 6,
        "complaints": 0,
    }
    assert (found["posts"], found["read"], found["named"]) == (70, 70, item["posts"])
    assert found["version"].startswith("causes-")


async def test_late_on_rainy_days(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, CROSSED, monitor="parcels", series="rain", edges=5, factor="weekday")
    assert [table["factor"] for table in found["tables"]] == ["weekday", "rain"]
    assert found["tables"][1]["bands"][1] == {
        "label": ">= 5",
        "low": 5.0,
        "high": None,
        "hours": 240,
        "posts": 100,
    }
    first = found["findings"][0]
    assert (first["cause"], first["factor"], first["band"]) == ("late_delivery", "rain", ">= 5")
    assert (first["n"], first["p_adjusted"]) == (60, pytest.approx(0.001))
    assert (found["posts"], found["read"]) == (400, 400)


async def test_without_a_factor_hours_and_weekdays_are_read(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, CROSSED, monitor="parcels")
    assert [table["factor"] for table in found["tables"]] == ["hour", "weekday"]


@pytest.mark.parametrize(
    ("path", "parameters", "status", "wrong"),
    [
        (CAUSES, {}, 422, "monitor"),
        (CAUSES, {"monitor": "nobody"}, 404, None),
        (CAUSES, {"monitor": "parcels", "scenario": "weather"}, 422, "scenario"),
        (CROSSED, {"monitor": "parcels", "series": "snow"}, 404, None),
        (CROSSED, {"monitor": "parcels", "series": "rain", "edges": [2, 1]}, 422, "edges"),
        (CROSSED, {"monitor": "parcels", "since": "2022-01-01T00:00:00Z"}, 422, "since"),
        (CROSSED, {"monitor": "parcels", "factor": "moon"}, 422, "factor[0]"),
    ],
)
async def test_what_cannot_be_meant(
    viewer: httpx.AsyncClient, path: str, parameters: Any, status: int, wrong: str | None
) -> None:
    answer = await viewer.get(path, params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    if wrong is not None:
        assert wrong in [item["path"] for item in answer.json()["errors"]]
