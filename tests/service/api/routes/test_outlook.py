"""Authors, what is to be expected and needs over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.bootstrap import Container
from service.monitors import MonitorDraft
from service.stores import StoredPost
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR
from tests.support.stored_posts import stored_post

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/v1/indicators"


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def cups(container: Container) -> None:
    """A hundred days of five questions a day, each day by the same five authors."""
    for name in ("cups", "new"):
        await container.monitors.put(SYSTEM, MonitorDraft(id=name, name=name, query="杯"))
    posts: list[StoredPost] = []
    for ago in range(100, 0, -1):
        for number in range(5 + ago % 2):
            at = START - ago * DAY + HOUR + number * HOUR / 60
            posts.append(
                stored_post(
                    len(posts),
                    "售后电话没人接，我的是 13800138000，杯子漏水怎么办",
                    monitors=("cups",),
                    published_at=at,
                    fetched_at=at + HOUR,
                    author=f"au_{number}",
                    analysis={"intent": {"label": "question"}},
                )
            )
    await container.store.upsert(posts)


async def read(client: httpx.AsyncClient, path: str, **parameters: Any) -> Any:
    answer = await client.get(f"{PATH}/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_authors_are_numbers(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, "authors", monitor="cups")
    assert (found["now"]["distinct"], found["now"]["returning"]) == (6, 6)
    assert found["now"]["window"]["until"] == "2024-03-01T02:00:00.000Z"
    assert found["before"]["posts"] == found["now"]["posts"] - found["changes"]["posts"]
    assert "au_" not in str(found)


async def test_ninety_days_ahead(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, "outlook", monitor="cups", minutes=30, shift_h=12)
    assert [found["days"][0]["day"], found["days"][89]["day"]] == ["2024-03-01", "2024-05-29"]
    assert len(found["days"]) == 90
    assert (found["load"]["minutes"], found["load"]["share"]) == (30, 1.0)
    assert [shift["starts_h"] for shift in found["days"][0]["shifts"]] == [0, 12]
    assert found["accuracy"]["seasonal_naive"]["mase"] is not None
    assert found["served"] in found["accuracy"]
    assert found["history_since"] == "2023-11-22"


async def test_needs_with_masked_quotes(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, "needs", monitor="cups", limit=1)
    (item,) = found["items"]
    assert (item["kind"], item["cause"], item["name"]) == (
        "question",
        "no_answer",
        {"zh": "客服不回", "en": "No answer"},
    )
    assert (item["authors"], found["reason"]) == (6, None)
    quote = item["quotes"][0]
    assert "13800138000" not in quote["text"]
    assert (await viewer.get(quote["href"])).json()["id"] == quote["post"]


async def test_a_monitor_without_posts(viewer: httpx.AsyncClient) -> None:
    found = await read(viewer, "needs", monitor="new")
    assert (found["reason"], found["items"]) == ("not_enough_data", [])
    refused = await viewer.get(f"{PATH}/outlook", params={"monitor": "new"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    assert "0 whole days" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("path", "parameters", "status"),
    [
        ("authors", {}, 422),
        ("authors", {"monitor": "nobody"}, 404),
        ("outlook", {"monitor": "cups", "shift_h": 5}, 422),
        ("outlook", {"monitor": "cups", "minutes": "nan"}, 422),
        ("needs", {"monitor": "cups", "limit": 0}, 422),
    ],
)
async def test_what_cannot_be_meant(
    viewer: httpx.AsyncClient, path: str, parameters: dict[str, Any], status: int
) -> None:
    answer = await viewer.get(f"{PATH}/{path}", params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
