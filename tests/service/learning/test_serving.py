"""Every process follows a switch; what cannot be loaded is told, and what served goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import structlog
from prometheus_client import REGISTRY

from service.learning import Altered, encoder_candidate, lexicon_candidate
from service.learning.serving import open_switched, place_of
from service.lexicon import table_of
from tests.service.lexicon.rows import entry
from tests.support.learning_scene import ANA, LEAD, LearningScene
from tests.support.tiny_model import write_tiny_model


async def switched(scene: LearningScene) -> None:
    await scene.switches.switch(LEAD, str(scene.gloomy), force=True, reason="a test")


def behind() -> float | None:
    return REGISTRY.get_sample_value("fengsui_encoder_not_switched")


async def test_a_replica_follows_there_and_back(scene: LearningScene) -> None:
    replica = scene.replica()
    assert not await replica.refresh()
    await switched(scene)
    assert await replica.is_behind()
    assert await replica.refresh()
    assert replica.place == scene.gloomy
    assert replica.encoder.backends[0].version.startswith("tiny-2")
    assert not await replica.is_behind()

    await scene.switches.back(LEAD)
    assert await replica.refresh()
    assert replica.place is None
    assert replica.encoder.backends[0].version.startswith("tiny-1")


async def test_a_process_that_starts_later_has_it_at_once(local: LearningScene) -> None:
    await switched(local)
    late = local.replica()
    assert await late.refresh()
    assert late.place == local.gloomy


async def test_a_switch_of_rules_or_words_is_nothing_to_load(local: LearningScene) -> None:
    await switched(local)
    await local.models.refresh()
    before = local.models.encoder
    words = table_of([entry("宰客黑店", id="lex_new")]).encode()
    candidate = lexicon_candidate(words, file=Path("words.tsv"))
    await local.corrected(1, "漏水")
    await local.evaluator.evaluate(ANA, candidate, tell=local.tell)
    await local.switches.switch(LEAD, candidate.name)
    assert await local.models.is_behind()
    assert not await local.models.refresh()
    assert local.models.encoder is before


async def test_what_cannot_be_loaded_leaves_what_served(local: LearningScene) -> None:
    await switched(local)
    shutil.rmtree(local.gloomy)
    with structlog.testing.capture_logs() as logs:
        assert not await local.models.refresh()
        assert not await local.models.refresh()
    assert [item["event"] for item in logs] == ["encoder.switch_failed"]
    assert local.models.place is None
    assert local.models.encoder.backends[0].version.startswith("tiny-1")
    assert behind() == 1
    await local.switches.back(LEAD)
    assert await local.models.refresh()
    assert behind() == 0


async def test_another_model_in_the_folder_is_not_loaded(local: LearningScene) -> None:
    candidate = encoder_candidate(local.gloomy)
    after = {
        "place": candidate.place,
        "name": candidate.name,
        "fingerprint": candidate.fingerprint,
    }
    assert open_switched(after, local.open_at).backends[0].version.startswith("tiny-2")
    write_tiny_model(local.gloomy, version="3")
    with pytest.raises(Altered, match="holds another model than tiny-2"):
        open_switched(after, local.open_at)


def test_without_a_switch_the_settings_speak() -> None:
    assert place_of(None) is None
