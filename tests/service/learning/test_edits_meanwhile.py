"""Somebody edits while somebody switches, on the engine where they may meet: no work is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.auth import Role
from service.db.alone import Alone, alone
from service.learning import Altered, Switch, lexicon_candidate, rules_candidate
from service.lexicon import table_of
from service.rules import repository as rule_rows
from tests.service.lexicon.rows import entry
from tests.support.clock import SteppingClock
from tests.support.database import open_database, postgres_url
from tests.support.learning_scene import LearningScene, learning_scene
from tests.support.review_scene import person

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres_url() is None, reason="rows are locked on PostgreSQL only"),
]
BOSS = person("boss", Role.LEAD, Role.ANALYST)
OURS = {"thresholds": {"negative_24h": 30}}


@pytest.fixture
async def place(clock: SteppingClock, tmp_path: Path) -> AsyncIterator[LearningScene]:
    async with (
        open_database("postgres", tmp_path) as database,
        learning_scene(database, clock, tmp_path) as scene,
    ):
        yield scene


async def evaluated(place: LearningScene, folder: Path) -> str:
    """Rules that nothing but a switch is left to do with."""
    file = folder / "rules.yaml"
    file.write_text('rules: [{id: slow_burn, thresholds: {"negative_24h": 40}}]')
    candidate = rules_candidate(file)
    await place.evaluator.evaluate(BOSS, candidate, tell=place.tell)
    return candidate.name


async def to(place: LearningScene, name: str) -> Switch:
    return await place.switches.switch(BOSS, name, force=True, reason="a test")


async def test_an_edit_of_rules_in_between_comes_back(place: LearningScene, tmp_path: Path) -> None:
    name = await evaluated(place, tmp_path)
    async with place.database.write() as connection:
        await alone(connection, Alone.SAVE_RULES)
        switching = asyncio.create_task(to(place, name))
        await asyncio.sleep(0.5)
        await rule_rows.save(
            connection,
            "slow_burn",
            {"id": "slow_burn", **OURS},
            before=None,
            author=BOSS.id,
            now=place.clock.now(),
        )
    await switching
    undone = await place.switches.back(BOSS)
    assert undone.after == {"overlays": {"slow_burn": {"id": "slow_burn", **OURS}}}


async def test_an_edit_of_rules_stops_the_way_back(place: LearningScene, tmp_path: Path) -> None:
    await to(place, await evaluated(place, tmp_path))
    async with place.database.write() as connection:
        await alone(connection, Alone.SAVE_RULES)
        returning = asyncio.create_task(place.switches.back(BOSS))
        await asyncio.sleep(0.5)
        await rule_rows.save(
            connection,
            "slow_burn",
            {"id": "slow_burn", **OURS},
            before=(await rule_rows.every(connection))["slow_burn"],
            author=BOSS.id,
            now=place.clock.now(),
        )
    with pytest.raises(Altered):
        await returning
    async with place.database.read() as connection:
        assert dict((await rule_rows.every(connection))["slow_burn"].data) == {
            "id": "slow_burn",
            **OURS,
        }


async def test_words_that_were_added_in_between_stay(place: LearningScene) -> None:
    ours = lexicon_candidate(
        table_of([entry("宰客黑店", id="lex_new")]).encode(), file=Path("words.tsv")
    )
    await place.evaluator.evaluate(BOSS, ours, tell=place.tell)
    theirs = lexicon_candidate(
        table_of([entry("缺斤短两", id="lex_theirs")]).encode(), file=Path("theirs.tsv")
    )
    assert theirs.words is not None
    async with place.database.write() as connection:
        await alone(connection, Alone.SAVE_LEXICON)
        switching = asyncio.create_task(to(place, ours.name))
        await asyncio.sleep(0.5)
        await place.lexicon.import_in(connection, BOSS, theirs.words, reason="theirs")
    assert (await switching).before == {"version": 1}
    await place.switches.back(BOSS)
    assert "缺斤短两" in [item.term for item in (await place.shelves.current()).active()]
