"""A whole replay: one stream, one answer, always the same, in the shape of the contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers import Author, Post
from service.monitors.errors import BadConfig
from service.replay import Progress, Stream, replay_stream
from tests.support.clock import START
from tests.support.watch_scene import FINE, HURT, complaint

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CONFIG = """
brands:
  - {id: chengyu, name: 澄屿, aliases: [澄屿]}
monitors:
  - {id: tea, name: 青柚茶, query: 青柚茶, brand: chengyu}
"""
STATES = {"pending", "done", "skipped", "breached", "cancelled"}


def make_stream() -> Stream:
    """A day of praise, a burst of complaints, two people hurt, one post of something else."""
    minute = timedelta(minutes=1)
    texts = [(hour * 60, f"{FINE}，第{hour}天打卡") for hour in range(30)]
    texts += [(1900 + number, complaint(number)) for number in range(40)]
    texts += [(1950, HURT), (1960, f"{HURT}，我也是"), (1965, "今天天气不错")]
    posts = [
        Post(
            source="weibo" if number % 3 else "appstore",
            native_id=str(number),
            published_at=START + at * minute,
            text=text,
            author=Author(id=f"u{number}"),
        )
        for number, (at, text) in enumerate(texts)
    ]
    return Stream(tuple(sorted(posts, key=lambda post: post.published_at)), ())


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "watch.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


def steady(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer without what the machine's own speed makes of it."""
    totals = {name: value for name, value in answer["totals"].items() if name == "posts"}
    return {**answer, "totals": totals}


async def test_the_same_stream_has_the_same_answer(config: Path) -> None:
    first = await replay_stream(make_stream(), config=config)
    second = await replay_stream(make_stream(), config=config)
    assert steady(first) == steady(second)
    assert first["incidents"]


async def test_the_answer_has_the_shape_of_the_contract(config: Path) -> None:
    stream = make_stream()
    answer = await replay_stream(stream, config=config)
    assert set(answer) == {"incidents", "alerts", "coverage", "lag", "totals"}
    assert answer["totals"]["posts"] == len(stream.posts)
    assert set(answer["totals"]) == {"posts", "seconds", "posts_per_second"}
    for stage in answer["lag"].values():
        assert set(stage) == {"p50", "p95", "p99"}
    assert set(answer["coverage"]) == {"weibo", "appstore"}
    for incident in answer["incidents"]:
        assert set(incident) == {
            "id", "kind", "monitor", "scenario", "tier", "opened_at", "first_post_at",
            "closed_at", "posts", "tiers", "reasons", "steps",
        }  # fmt: skip
        assert incident["tier"] in {"yellow", "orange", "red"}
        assert INSTANT.fullmatch(incident["opened_at"])
        assert INSTANT.fullmatch(incident["first_post_at"])
        assert incident["first_post_at"] <= incident["opened_at"]
        assert incident["closed_at"] is None
        assert incident["tiers"][-1]["tier"] == incident["tier"]
        for change in incident["tiers"]:
            assert change["tier"] == "red" or change["next"]["rules"][0]["missing"]
            assert change["explanation"]["next"] == change["next"]
            assert set(change["explanation"]) >= {"baseline", "first_post", "spreaders", "origin"}
        assert {step["state"] for step in incident["steps"]} <= STATES
        assert all(
            set(reason) >= {"clause", "value", "threshold"} for reason in incident["reasons"]
        )
    known = {incident["id"] for incident in answer["incidents"]}
    assert {alert["incident"] for alert in answer["alerts"]} == known
    assert {alert["channel"] for alert in answer["alerts"]} == {"recording"}
    assert all(INSTANT.fullmatch(alert["at"]) for alert in answer["alerts"])


async def test_it_finds_the_injury_and_the_complaints_within_ten_minutes(config: Path) -> None:
    answer = await replay_stream(make_stream(), config=config)
    found = {item["scenario"]: item for item in answer["incidents"]}
    assert set(found) == {"product_quality", "safety_incident"}
    assert found["safety_incident"]["monitor"] == "tea"
    assert found["safety_incident"]["posts"] >= 2
    kinds = {alert["kind"] for alert in answer["alerts"]}
    assert {"incident.opened", "step.due", "incident.cleared"} <= kinds


async def test_nobody_answers_so_every_deadline_of_a_week_passes(config: Path) -> None:
    answer = await replay_stream(make_stream(), config=config)
    states = {
        step["id"]: step["state"] for step in answer["incidents"][0]["steps"] if step["due_at"]
    }
    assert states["acknowledge"] == "breached"
    assert states["detected"] == "done"
    due = [alert for alert in answer["alerts"] if alert["kind"] == "step.due"]
    assert due


async def test_without_a_configuration_one_monitor_without_a_brand_takes_every_post() -> None:
    answer = await replay_stream(make_stream())
    assert {item["monitor"] for item in answer["incidents"]} == {"all"}
    # two injuries alone open nothing where no brand is meant
    assert "safety_incident" not in {item["scenario"] for item in answer["incidents"]}


async def test_progress_is_told_in_virtual_time(config: Path) -> None:
    told: list[Progress] = []
    stream = make_stream()
    await replay_stream(stream, config=config, on_progress=told.append)
    assert told[-1].posts == told[-1].of == len(stream.posts)
    assert [item.now for item in told] == sorted(item.now for item in told)
    assert told[-1].now == stream.end


async def test_a_broken_configuration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("monitors: [{id: tea, name: tea, query: '(青柚茶'}]", encoding="utf-8")
    with pytest.raises(BadConfig):
        await replay_stream(make_stream(), config=path)
