"""Stories over HTTP."""

from __future__ import annotations

import httpx
import pytest

from service.api import cursor as cursors
from service.bootstrap import Container
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "酸奶里发现塑料片，孩子吃了一口就吐了，超市拒绝退货"
OTHER = "地铁早高峰信号故障，全线晚点四十分钟，站台挤满乘客"
ENDINGS = ("求扩散", "太气人了", "谁来管管", "已经投诉到市场监管局")


@pytest.fixture(autouse=True)
async def a_story(everyone: httpx.AsyncClient, container: Container, clock: SteppingClock) -> None:
    """Four posts, pushed and put together."""
    for source, text, endings in (("weibo", TEXT, ENDINGS), ("forum", OTHER, ENDINGS[1:])):
        for number, ending in enumerate(endings):
            body = {
                "source": source,
                "native_id": f"story{number}",
                "published_at": clock.now().isoformat(),
                "text": f"{text}，{ending}，电话13812345678",
                "author": {"id": f"a{number}"},
            }
            assert (await everyone.post("/v1/posts", json=body)).status_code == 200
    await container.story_clustering.run(clock.now())


async def test_a_list_has_a_masked_headline(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get("/v1/stories?sort=volume&source=weibo")

    (item,) = answer.json()["items"]
    assert (item["posts"], item["phase"], item["sources"]) == (4, "open", {"weibo": 4})
    assert item["headline"]["text"].startswith("酸奶里发现塑料片")
    assert "13812345678" not in answer.text
    assert answer.json()["next"] is None


async def test_one_story_with_its_growth_and_posts(viewer: httpx.AsyncClient) -> None:
    listed = (await viewer.get("/v1/stories?source=weibo")).json()["items"][0]["id"]

    story = (await viewer.get(f"/v1/stories/{listed}")).json()
    first = (await viewer.get(f"/v1/stories/{listed}/posts?limit=3")).json()
    rest = (await viewer.get(f"/v1/stories/{listed}/posts?limit=3&cursor={first['next']}")).json()

    assert (story["id"], story["asked"]) == (listed, listed)
    assert sum(point["posts"] for point in story["growth"]["points"]) == 4
    assert story["growth"]["width_s"] == 300
    assert story["first_post"]["native_id"].startswith("story")
    assert story["representatives"]
    assert len(first["items"]) + len(rest["items"]) == 4
    assert rest["next"] is None


@pytest.mark.parametrize("sort", ["growth", "volume", "recency"])
async def test_pages_go_on_and_end(viewer: httpx.AsyncClient, sort: str) -> None:
    first = (await viewer.get(f"/v1/stories?limit=1&sort={sort}")).json()
    address = f"/v1/stories?limit=1&sort={sort}&cursor={first['next']}"
    second = (await viewer.get(address)).json()

    assert len({item["id"] for item in (*first["items"], *second["items"])}) == 2
    assert second["next"] is None
    assert (
        await viewer.get(address.replace(sort, "volume" if sort != "volume" else "growth"))
    ).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "/v1/stories?cursor=abc",
        "/v1/stories?sort=best",
        "/v1/stories?from=2024-03-02T00:00:00Z&to=2024-03-01T00:00:00Z",
        "/v1/stories?from=yesterday",
    ],
)
async def test_what_cannot_be_meant_is_refused(viewer: httpx.AsyncClient, address: str) -> None:
    assert (await viewer.get(address)).status_code == 422


@pytest.mark.parametrize("value", ["9" * 30, "-1e300", "nan", "inf"])
@pytest.mark.parametrize("sort", ["growth", "volume"])
async def test_a_made_up_cursor_is_refused(
    viewer: httpx.AsyncClient, sort: str, value: str
) -> None:
    scope = ("stories", None, None, None, None, sort)
    cursor = cursors.encode(scope, [value, "sto_1"])
    answer = await viewer.get(f"/v1/stories?sort={sort}&cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_an_unknown_story(viewer: httpx.AsyncClient) -> None:
    for address in ("/v1/stories/sto_none", "/v1/stories/sto_none/posts"):
        answer = await viewer.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "story_not_found")
