"""A flood of complaints that names two makers of cars and blames one: only that one has a crisis.

Through a replay with a configuration, as `fengsui replay --config` does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers import Author, Post
from service.replay import Stream, replay_stream

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
BRANDS = {"jichuan": "极川", "yunfan": "云帆"}
CONFIG = """
brands:
  - {id: jichuan, name: 极川汽车, kind: own, aliases: [极川]}
  - {id: yunfan, name: 云帆汽车, kind: competitor, aliases: [云帆]}
monitors:
  - {id: jichuan, name: 极川全网, query: 极川, brand: jichuan}
  - {id: yunfan, name: 竞品云帆, query: 云帆, brand: yunfan}
"""
FAULTS = ("刹车异响", "车机死机", "车漆起泡", "天窗漏水", "变速箱顿挫", "中控黑屏")
PLACES = ("城东店", "江湾店", "南站店", "大学城店", "湖滨店")
TURNS = (
    "{bad}汽车{fault}，质量太差，{place}投诉无门，早知道买{good}",
    "{bad}汽车{fault}，{place}售后扯皮，隔壁{good}就没这毛病，差评",
    "{bad}真是垃圾，{fault}修了三次，{place}还推诿，{good}至少实在",
)


def flood(bad: str, good: str) -> Stream:
    """A quiet day on both, then 45 complaints in as many minutes; nobody says it like another."""
    minute = timedelta(minutes=1)
    quiet = [(hour * 60, f"{good}和{bad}都试驾过，第{hour}天打卡") for hour in range(24)]
    angry = [
        (
            1500 + number,
            TURNS[number % 3].format(
                bad=bad,
                good=good,
                fault=FAULTS[number % len(FAULTS)],
                place=PLACES[number % len(PLACES)],
            )
            + f"，第{number * 37}单",
        )
        for number in range(45)
    ]
    posts = tuple(
        Post(
            source="weibo",
            native_id=str(number),
            published_at=START + at * minute,
            text=text,
            author=Author(id=f"u{number}"),
        )
        for number, (at, text) in enumerate((*quiet, *angry))
    )
    return Stream(posts, ())


async def replayed(folder: Path, *, bad: str, good: str) -> Mapping[str, Any]:
    """The answer of the flood that blames `bad`, without how long it took."""
    config = folder / "config.yaml"
    config.write_text(CONFIG, "utf-8")
    answer = dict(await replay_stream(flood(BRANDS[bad], BRANDS[good]), config=config))
    del answer["totals"]
    return answer


@pytest.mark.parametrize(("bad", "good"), [("yunfan", "jichuan"), ("jichuan", "yunfan")])
async def test_only_who_is_blamed_has_an_incident(tmp_path: Path, bad: str, good: str) -> None:
    answer = await replayed(tmp_path, bad=bad, good=good)
    assert {incident["monitor"] for incident in answer["incidents"]} == {bad}


async def test_the_same_flood_has_the_same_answer(tmp_path: Path) -> None:
    first = await replayed(tmp_path, bad="yunfan", good="jichuan")
    assert await replayed(tmp_path, bad="yunfan", good="jichuan") == first
