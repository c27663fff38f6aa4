"""Spread over HTTP: who passed a post on, and the same of an incident."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from crawlers import PostKey
from service.bootstrap import Container
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "山茶牌电热水壶漏电，家里老人被电到了，电话13812345678"


@pytest.fixture(autouse=True)
async def passed_on(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    """A post, thirty who share it, one who shares a share, one who pastes it."""
    began = clock.now() - timedelta(minutes=80)
    lines: list[tuple[str, str, str | None]] = [
        ("root", TEXT, None),
        ("pasted", f"大家快看：{TEXT}", None),
    ]
    lines += [(f"share{number}", "转发微博", "root") for number in range(30)]
    lines += [("deep", "太吓人了吧这质量", "share3")]
    for minute, (name, text, repost_of) in enumerate(lines):
        body = {
            "source": "weibo",
            "native_id": f"spread-{name}",
            "published_at": (began + timedelta(minutes=minute)).isoformat(),
            "text": text,
            "author": {"id": f"h{name}", "name": f"真名{name}", "followers": 100},
        }
        if repost_of is not None:
            body["repost_of"] = f"spread-{repost_of}"
        assert (await everyone.post("/v1/posts", json=body)).status_code == 200


def post_id(name: str) -> str:
    return PostKey("weibo", f"spread-{name}").id


async def test_a_repost_leads_to_the_whole_tree(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get(f"/v1/posts/{post_id('deep')}/spread")

    spread = answer.json()
    assert answer.status_code == 200
    assert spread["root"]["post"] == post_id("root")
    assert (spread["complete"], spread["posts"], spread["nodes_total"]) == (True, 33, 33)
    assert (spread["depth_levels"], spread["breadth_posts"]) == (2, 31)
    assert (spread["edges_observed"], spread["edges_inferred"]) == (31, 1)
    assert spread["reach"] == {
        "followers": 3300,
        "authors": 33,
        "authors_of_unknown_reach": 0,
    }
    assert spread["speed"]["posts_per_10_min_peak"] == 10
    assert [one["post"] for one in spread["spreaders"]] == [post_id("root"), post_id("share3")]
    assert spread["predicted"]["low_posts"] <= spread["predicted"]["final_posts"]
    assert spread["copies"]["distinct_texts"] == 3


async def test_neither_names_nor_numbers_leave(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get(f"/v1/posts/{post_id('root')}/spread")

    assert "真名" not in answer.text
    assert "13812345678" not in answer.text
    assert answer.json()["root"]["text"].startswith("山茶牌电热水壶漏电")


async def test_what_is_shown_is_limited_and_still_a_tree(viewer: httpx.AsyncClient) -> None:
    spread = (await viewer.get(f"/v1/posts/{post_id('root')}/spread?limit=4")).json()

    assert (len(spread["nodes"]), spread["nodes_total"]) == (4, 33)
    assert [node["post"] for node in spread["nodes"][:2]] == [post_id("root"), post_id("share3")]
    shown = {node["post"] for node in spread["nodes"]}
    assert len(spread["edges"]) == 3
    assert all({edge["parent"], edge["child"]} <= shown for edge in spread["edges"])


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/v1/posts/nobody/spread", 404, "post_not_found"),
        ("/v1/posts/nobody/spread?limit=0", 422, "invalid_input"),
        ("/v1/posts/nobody/spread?limit=1001", 422, "invalid_input"),
        ("/v1/incidents/nothing/spread", 404, "not_found"),
    ],
)
async def test_refusals(viewer: httpx.AsyncClient, address: str, status: int, code: str) -> None:
    answer = await viewer.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_nobody_without_a_key(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get(f"/v1/posts/{post_id('root')}/spread")).status_code == 401


async def test_an_incident_shows_its_copies_with_the_parts_of_the_score(
    viewer: httpx.AsyncClient, incident: str
) -> None:
    spread = (await viewer.get(f"/v1/incidents/{incident}/spread")).json()

    assert (spread["incident"], spread["posts_total"]) == (incident, spread["posts_read"])
    sizes = [group["posts"] for group in spread["copy_groups"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 1
    parts = spread["copy_groups"][0]["coordination"]["parts"]
    assert [part["sign"] for part in parts] == [
        "accounts",
        "timing",
        "pasted",
        "repeats",
        "handles",
    ]
