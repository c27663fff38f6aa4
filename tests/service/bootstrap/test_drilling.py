"""Tapes of streams and of stored posts, and a whole drill in virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers import Post
from service.bootstrap import build
from service.bootstrap.drilling import stream_tape
from service.drill import DrillPreparation, Script, Tape
from service.drill.model import Opens
from service.errors import InvalidInput
from service.replay import configure, drill_virtually
from service.settings import Settings, load_settings
from tests.support.clock import SteppingClock
from tests.support.watch_scene import HURT, open_watch

BEGAN = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
CONFIG = """
brands: [{id: shanlan, name: 山岚}]
monitors: [{id: shanlan, name: 山岚, query: 山岚, brand: shanlan}]
"""
_WORDS = ("食物中毒住院了", "上吐下泻送急诊", "洗胃输液", "全家送医院")


def settings(folder: Path) -> Settings:
    return load_settings(
        {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_SECRET_KEY": "drill-test-" * 4,
            "FENGSUI_ENCODER": "lexical",
        }
    )


def stream(count: int, text: str = "喝了山岚酸奶") -> list[Post]:
    return [
        Post(
            source="weibo",
            native_id=str(number),
            published_at=BEGAN + timedelta(seconds=10 * number),
            text=f"{text}，{_WORDS[number % len(_WORDS)]}（第{number}瓶）",
        )
        for number in range(count)
    ]


def config(folder: Path) -> Path:
    path = folder / "config.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


async def taped(folder: Path, posts: list[Post]) -> Tape:
    file = config(folder)
    return await stream_tape(
        posts,
        settings=settings(folder),
        build=build,
        configure=lambda container: configure(container, file),
        tell=lambda stage, done, of: None,
    )


async def test_a_stream_is_taped_and_drilled(tmp_path: Path) -> None:
    tape = await taped(tmp_path, stream(40))
    first = tape.moves[0].deed
    assert isinstance(first, Opens)
    assert first.opening.monitor_id == "shanlan"
    assert first.opening.explanation is not None
    assert not list((tmp_path / "backtests").glob("backtest-*"))

    people = [{"id": "anna", "name": "安娜"}]
    acts = [{"at": "2m", "by": "anna", "act": "acknowledge"}]
    answer = await drill_virtually(
        tape,
        Script.model_validate({"people": people, "acts": acts}),
        stream="test",
        config=tmp_path / "config.yaml",
        tail=timedelta(hours=1),
    )
    assert answer["state"] == "done"
    assert answer["channels"] == ["drill"]
    incident = answer["sheet"]["incidents"][0]
    assert incident["acknowledged_by"] == {"id": "anna", "name": "安娜"}
    assert incident["pages"]["sent"] == incident["pages"]["made"] > 0
    assert answer["refused"] == []


async def test_a_stream_that_opens_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="open no incident"):
        await taped(tmp_path, [replace(stream(1)[0], text="山岚好喝")])


async def test_stored_posts_are_taped_under_the_rules_in_force(tmp_path: Path) -> None:
    async with open_watch(tmp_path, SteppingClock()) as watch:
        await watch.say("青柚茶好喝", HURT)
        await watch.wait(minutes=5)
        job = next(job for job in watch.container.upkeep if job.name == "drill-preparation")
        assert isinstance(job, DrillPreparation)
        make = await job.prepare({"from": None, "to": None, "of": None})
        tape = await asyncio.to_thread(make)
    assert {move.deed.key for move in tape.moves}
