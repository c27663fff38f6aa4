"""The loop put together: a model compared on stored posts, switched to, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers import Author, Post
from service.auth import SYSTEM
from service.bootstrap import Container, build
from service.bootstrap.reading import open_encoder_at
from service.errors import InvalidInput
from service.learning import (
    Candidate,
    Evaluated,
    Span,
    encoder_candidate,
    lexicon_candidate,
    rules_candidate,
)
from service.lexicon import table_of
from service.replay import configure
from service.settings import load_settings
from tests.service.lexicon.rows import entry
from tests.support.clock import SteppingClock
from tests.support.learning_scene import GLOOMY
from tests.support.tiny_model import write_tiny_model

BEGAN = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
CONFIG = """
rules:
  - id: many_negative
    name: {zh: 多, en: Many}
    kind: crisis
    scenarios: unclassified
    tier: yellow
    when: {fact: negative_1h, at_least: 12}
    why: {zh: 测试}
brands: [{id: shanlan, name: 山岚}]
monitors: [{id: shanlan, name: 山岚, query: 山岚, brand: shanlan}]
"""


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[Container]:
    """An installation that serves a tiny model, with a quarter of an hour of harmless posts."""
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": str(tmp_path / "data"),
            "FENGSUI_SECRET_KEY": "learning-" * 4,
            "FENGSUI_ENCODER_PATH": str(write_tiny_model(tmp_path / "usual")),
        }
    )
    clock = SteppingClock(BEGAN)
    built = await build(settings, clock=clock, virtual=True, random=lambda: 0.5)
    try:
        file = tmp_path / "config.yaml"
        file.write_text(CONFIG, encoding="utf-8")
        await configure(built, file)
        await built.rules.directory.refresh()
        clock.step(hours=2)
        await built.ingest.ingest([post(number) for number in range(16)], via="push")
        yield built
    finally:
        await built.close()


def post(number: int) -> Post:
    return Post(
        source="weibo",
        native_id=str(number),
        published_at=BEGAN + timedelta(seconds=45 * number),
        text=f"山岚家店开在{''.join(chr(0x4E00 + 500 * step + 37 * number) for step in range(30))}",
        author=Author(id=f"a{number}"),
    )


async def evaluated(container: Container, candidate: Candidate) -> Evaluated:
    return await container.learning.evaluator.evaluate(
        SYSTEM, candidate, span=Span(asked=True), tell=lambda stage, done, of: None
    )


async def test_a_gloomy_model_would_open_an_incident_and_serves_once_switched_to(
    container: Container, tmp_path: Path
) -> None:
    gloomy = write_tiny_model(tmp_path / "gloomy", heads=GLOOMY, version="2")
    candidate = encoder_candidate(gloomy)
    found = await evaluated(container, candidate)
    incidents = found.result["incidents"]["incidents"]
    assert [item["monitor"] for item in incidents["gained"]] == ["shanlan"]
    assert incidents["lost"] == []

    learning = container.learning
    await learning.switches.switch(SYSTEM, candidate.name)
    assert await learning.models.refresh()
    (after,) = await container.reader.analyze(["明天再说"])
    await learning.switches.back(SYSTEM)
    assert await learning.models.refresh()
    (again,) = await container.reader.analyze(["明天再说"])
    assert after.sentiment is not None
    assert again.sentiment is not None
    assert (after.sentiment.label, again.sentiment.label) == ("negative", "neutral")


async def test_words_and_rules_are_played_as_a_back_test_does(
    container: Container, tmp_path: Path
) -> None:
    words = table_of([entry("家店开在", id="lex_new", severity="4")]).encode()
    found = await evaluated(container, lexicon_candidate(words, file=tmp_path / "words.tsv"))
    assert found.result["incidents"]["span"]["posts"] == 16
    assert found.result["versions"]["candidate"]["lexicon"] != container.lexicon.live.version

    file = tmp_path / "rules.yaml"
    file.write_text("rules: [{id: slow_burn, tier: red}]")
    found = await evaluated(container, rules_candidate(file))
    changed = found.result["incidents"]["rules"]["changed"]
    assert [item["rule"] for item in changed] == ["slow_burn"]


def test_where_no_model_is_wanted_none_is_switched_to(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": str(tmp_path),
            "FENGSUI_SECRET_KEY": "learning-" * 4,
            "FENGSUI_ENCODER": "lexical",
        }
    )
    assert open_encoder_at(settings, None).degraded
    with pytest.raises(InvalidInput, match="no model serves here"):
        open_encoder_at(settings, write_tiny_model(tmp_path / "tiny"))
