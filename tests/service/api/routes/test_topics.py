"""Topics over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.bootstrap import Container
from tests.support.clock import SteppingClock
from tests.support.stored_topics import LATER, themed_posts
from tests.support.topic_scene import RAIN

pytestmark = pytest.mark.asyncio(loop_scope="module")
SPAN = {"from": "2026-03-02T12:00:00Z", "to": "2026-03-02T16:00:00Z"}


async def fitted(everyone: httpx.AsyncClient, container: Container, **body: Any) -> int:
    """The number of a version that was asked for over HTTP, and fitted by the runner."""
    asked = await everyone.post("/v1/topics", json={"topics": 3} | body)
    assert asked.status_code == 202, asked.text
    assert asked.headers["Location"] == f"/v1/topics/{asked.json()['number']}"
    number: int = asked.json()["number"]
    version = await container.topics.desk.get(SYSTEM, number)
    await container.topics.runner.run(version)
    return number


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def posts(container: Container, clock: SteppingClock) -> None:
    clock.advance_to(LATER)
    phone = themed_posts(text="酸奶 变质 打 13800138000 问问")[:1]
    await container.store.upsert([*phone, *themed_posts()[1:]])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def number(everyone: httpx.AsyncClient, container: Container) -> int:
    return await fitted(everyone, container)


async def test_a_version_with_its_topics(everyone: httpx.AsyncClient, number: int) -> None:
    found = (await everyone.get(f"/v1/topics/{number}")).json()
    topic = found["findings"]["topics"][0]
    assert (found["state"], found["topics"], found["active"]) == ("ready", 3, False)
    assert found["progress"]["stage"] == "describing" or found["progress"]["stage"]
    assert topic["label"].count(" · ") == 2
    assert {"word", "relevance", "share"} == set(topic["terms"][0])
    assert {"id", "text"} == set(topic["posts"][0])
    texts = [post["text"] for item in found["findings"]["topics"] for post in item["posts"]]
    assert not any("13800138000" in text for text in texts)


async def test_pages(everyone: httpx.AsyncClient, number: int) -> None:
    await everyone.post("/v1/topics", json={})
    first = (await everyone.get("/v1/topics?limit=1")).json()
    second = (await everyone.get(f"/v1/topics?limit=1&cursor={first['next']}")).json()
    assert first["items"][0]["number"] > second["items"][0]["number"]
    assert "findings" not in first["items"][0]
    elsewhere = await everyone.get(f"/v1/topics?monitor=tea&cursor={first['next']}")
    assert elsewhere.status_code == 422


async def test_the_mood_by_topic(everyone: httpx.AsyncClient, number: int) -> None:
    found = await everyone.get(f"/v1/topics/{number}/series", params=SPAN | {"interval": "1h"})
    body = found.json()
    assert (body["posts"], body["counted"], body["emotion"]) == (120, 120, "angry")
    assert sum(bucket["posts"] for bucket in body["buckets"]) == 120
    assert body["carriers"][0]["of_emotion"] > 0.9
    assert body["carriers"][0]["label"]
    assert body["buckets"][0]["start"] == "2026-03-02T12:00:00.000Z"
    week = (await everyone.get(f"/v1/topics/{number}/series")).json()
    assert week["counted"] == 120


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        (SPAN | {"interval": "1w"}, "interval"),
        (SPAN | {"interval": "0h"}, "interval"),
        ({"from": "2020-01-01T00:00:00Z", "interval": "1m"}, "interval"),
        ({"from": SPAN["to"], "to": SPAN["from"]}, "from"),
        ({"to": "0001-01-03T00:00:00Z"}, "to"),
    ],
)
async def test_a_question_that_cannot_be_meant(
    everyone: httpx.AsyncClient, number: int, parameters: dict[str, str], path: str
) -> None:
    refused = await everyone.get(f"/v1/topics/{number}/series", params=parameters)
    assert refused.status_code == 422
    assert [item["path"] for item in refused.json()["errors"]] == [path]


async def test_posts_that_fit_nothing(
    everyone: httpx.AsyncClient, container: Container, number: int
) -> None:
    calm = (await everyone.get(f"/v1/topics/{number}/novelty", params=SPAN)).json()
    assert (calm["alarm"], calm["terms"]) == (False, [])
    await container.store.upsert(themed_posts(RAIN, each=70, start=1_500, seed=4))
    span = {"from": "2026-03-03T12:00:00Z", "to": "2026-03-03T20:00:00Z"}
    new = (await everyone.get(f"/v1/topics/{number}/novelty", params=span)).json()
    assert new["alarm"]
    assert {term["word"] for term in new["terms"]} <= set(RAIN)
    for span in ({"from": SPAN["to"], "to": SPAN["from"]}, {"to": "0001-01-01T05:00:00Z"}):
        refused = await everyone.get(f"/v1/topics/{number}/novelty", params=span)
        assert refused.status_code == 422


async def test_activation_marks_what_comes_next(everyone: httpx.AsyncClient, number: int) -> None:
    assert (await everyone.post(f"/v1/topics/{number}/activate")).json()["active"]
    pushed = await everyone.post(
        "/v1/posts",
        json={
            "source": "weibo",
            "native_id": "topic-1",
            "published_at": "2026-03-04T08:00:00+08:00",
            "text": "酸奶变质，食品发霉有异味",
        },
    )
    post_id = pushed.json()["id"]
    post = (await everyone.get(f"/v1/posts/{post_id}")).json()
    (mark,) = post["analysis"]["topics"]
    assert (mark["version"], mark["monitor"]) == (number, None)
    assert mark["topic"] is not None


async def test_a_fit_is_stopped(everyone: httpx.AsyncClient) -> None:
    asked = (await everyone.post("/v1/topics", json={"range": [2, 4]})).json()["number"]
    stopped = await everyone.post(f"/v1/topics/{asked}/cancel")
    assert stopped.json()["state"] == "cancelled"
    again = await everyone.post(f"/v1/topics/{asked}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    waiting = (await everyone.get(f"/v1/topics/{asked}/series")).json()
    assert waiting["code"] == "conflict"
    assert (await everyone.get(f"/v1/topics/{asked}")).json()["findings"] is None
    assert (await everyone.delete(f"/v1/topics/{asked}")).status_code == 204
    assert (await everyone.get(f"/v1/topics/{asked}")).status_code == 404


async def test_of_another_monitor(
    everyone: httpx.AsyncClient, container: Container, number: int
) -> None:
    await everyone.put("/v1/monitors/tea", json={"name": "tea", "query": "茶"})
    of_tea = await fitted(everyone, container, monitor="tea")
    refused = await everyone.get(f"/v1/topics/{of_tea}/series?monitor=cars")
    assert refused.json()["errors"][0]["path"] == "monitor"
    narrowed = await everyone.get(f"/v1/topics/{number}/series", params=SPAN | {"monitor": "tea"})
    assert narrowed.json()["counted"] == 120


@pytest.mark.parametrize(
    "body",
    [{"topics": 1}, {"pooling": "magic"}, {"range": [5]}, {"range": [9, 3]}, {"unknown": 1}],
)
async def test_a_fit_that_cannot_be_meant(
    everyone: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    assert (await everyone.post("/v1/topics", json=body)).status_code == 422


async def test_viewers_look(viewer: httpx.AsyncClient, number: int) -> None:
    assert (await viewer.get(f"/v1/topics/{number}")).status_code == 200
    assert (await viewer.post("/v1/topics", json={})).status_code == 403
