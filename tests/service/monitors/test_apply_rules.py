"""`apply` with rules: laid together, in the same transaction, refused with line and column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.auth import SYSTEM, Principal
from service.db import Database
from service.monitors import BadConfig, Importer, Monitors
from service.rules import repository

GOOD = """
monitors:
  - {id: tea, query: 青柚茶}
rules:
  - id: negative_burst_yellow
    thresholds: {"negative_1h": 15}
  - id: mine
    name: {zh: 自定, en: Mine}
    kind: crisis
    scenarios: any
    inhibited_by: [other]
    tier: orange
    when: {fact: negative_1h, at_least: 30}
    why: {zh: 测试}
  - id: other
    enabled: false
    name: {zh: 另一, en: Other}
    kind: crisis
    scenarios: [outage]
    tier: yellow
    when: {fact: posts_1h, at_least: 30}
    why: {zh: 测试}
"""
BAD = """
monitors:
  - {id: tea, query: "("}
rules:
  - id: slow_burn
    tier: purple
  - id: mine
    tier: orange
    when: {fact: nonsense, at_least: 30}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


async def saved(database: Database) -> list[str]:
    async with database.read() as connection:
        return list(await repository.every(connection))


async def test_rules_are_laid_together(
    importer: Importer, database: Database, tmp_path: Path
) -> None:
    path = write(tmp_path, GOOD)
    rules = ("rules/negative_burst_yellow", "rules/mine", "rules/other")

    assert (await importer.apply(SYSTEM, path)).created == ("monitors/tea", *rules)
    assert (await importer.apply(SYSTEM, path)).unchanged == ("monitors/tea", *rules)
    path.write_text(GOOD.replace("15", "16"), encoding="utf-8")
    assert (await importer.apply(SYSTEM, path)).changed == rules[:1]
    assert await saved(database) == ["mine", "negative_burst_yellow", "other"]


async def test_every_mistake_has_its_place_and_nothing_is_saved(
    importer: Importer, database: Database, monitors: Monitors, tmp_path: Path
) -> None:
    path = write(tmp_path, BAD)
    with pytest.raises(BadConfig) as caught:
        await importer.apply(SYSTEM, path)

    told = [(place.replace(f"{path}:", ""), message) for place, message in caught.value.errors]
    assert told[0][0] == "3"
    assert ("6:11", "'purple' is none of yellow, orange, red") in told
    assert ("7:5", "`name` is missing") in told
    assert any(place == "9:18" and "no fact 'nonsense'" in said for place, said in told)
    assert await saved(database) == []
    assert await monitors.every() == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules:\n  - [slow_burn]\n", "expected `key: value` lines"),
        ("rules:\n  - {id: slow_burn, 7: x}\n", "2:21: a key is a word"),
        ("rules:\n  - {id: slow_burn}\n  - {id: slow_burn}\n", "is used at"),
    ],
)
async def test_what_is_no_rule_is_refused(
    importer: Importer, tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadConfig, match=said):
        await importer.apply(SYSTEM, write(tmp_path, text))


async def test_rules_need_an_analyst(
    importer: Importer, tmp_path: Path, analyst: Principal, database: Database
) -> None:
    await importer.apply(analyst, write(tmp_path, GOOD))
    assert len(await saved(database)) == 3


async def test_the_documented_example_is_taken(
    importer: Importer, database: Database, tmp_path: Path
) -> None:
    page = (Path(__file__).parents[3] / "docs/writing-rules.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(rules:.*?)```", page, re.DOTALL)
    assert block is not None
    await importer.apply(SYSTEM, write(tmp_path, block.group(1)))

    assert await saved(database) == [
        "injury_single",
        "negative_burst_yellow",
        "queue_anger",
        "slow_burn",
    ]
