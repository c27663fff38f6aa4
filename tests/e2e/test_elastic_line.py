"""The same stream gives the same incidents, whichever engine keeps the posts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers import Author, Engagement, Post
from service.replay import Stream, replay_stream
from service.settings import load_settings
from tests.support.clock import START
from tests.support.elasticsearch import MISSING, elasticsearch_url, opened_cluster
from tests.support.watch_scene import FINE, HURT, complaint

pytestmark = [pytest.mark.elastic, pytest.mark.slow, pytest.mark.timeout(600)]
CONFIG = """
brands:
  - {id: qingyou, name: 青柚, aliases: [青柚]}
  - {id: chengyu, name: 澄屿, aliases: [澄屿]}
monitors:
  - {id: tea, name: 青柚茶, query: 青柚茶, brand: qingyou}
  - {id: all, name: 全部, query: "*"}
"""


def crisis() -> Stream:
    """A day of praise, a burst of complaints with copies and reposts, two people hurt."""
    texts = [(hour * 60, f"{FINE}，第{hour}天打卡", None) for hour in range(30)]
    texts += [(1900 + number, complaint(number % 30), None) for number in range(40)]
    texts += [(1941 + number // 4, "转发微博", "35") for number in range(12)]
    texts += [(1950, HURT, None), (1960, f"{HURT}，我也是", None), (1965, "今天天气不错", None)]
    posts = [
        Post(
            source="weibo",
            native_id=str(number),
            published_at=START + timedelta(minutes=at),
            text=text,
            repost_of=shares,
            author=Author(id=f"u{number % 25}", followers=number * 1_000),
            engagement=Engagement(likes=number % 7, reposts=number % 3),
        )
        for number, (at, text, shares) in enumerate(texts)
    ]
    return Stream(tuple(sorted(posts, key=lambda post: post.published_at)), ())


async def leftovers() -> object:
    """The indices that a replay left behind."""
    async with opened_cluster() as cluster:
        return (await cluster.call("GET", "/fengsui-scratch-*")).body


def _without_terms(incidents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Words that stand out are looked for by each engine in its own way."""
    return [
        one
        | {
            "tiers": [
                tier | {"explanation": (tier["explanation"] or {}) | {"terms": None}}
                for tier in one["tiers"]
            ]
        }
        for one in incidents
    ]


async def test_a_crisis_is_the_same_on_both_engines(tmp_path: Path) -> None:
    if (url := elasticsearch_url()) is None:
        pytest.skip(MISSING)
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    embedded = await replay_stream(crisis(), config=config)
    there = load_settings({"FENGSUI_POSTS_URL": url})
    elastic = await replay_stream(crisis(), config=config, elasticsearch=there)
    assert embedded["incidents"]
    assert _without_terms(elastic["incidents"]) == _without_terms(embedded["incidents"])
    assert elastic["alerts"] == embedded["alerts"]
    assert await leftovers() == {}
