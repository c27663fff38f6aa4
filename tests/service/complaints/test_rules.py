"""The catalogue of rules: the shipped one, one's own, and mistakes by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from service.auth import KeyRing
from service.complaints import ComplaintRules, read_draft
from service.complaints.rule import SHIPPED, Counting, shipped_rule
from service.errors import Forbidden, InvalidInput, NotFound
from tests.support.complaint_scene import ANA, RUI, ComplaintScene


@pytest.fixture
def rules(local: ComplaintScene) -> ComplaintRules:
    ring = KeyRing.from_secret("a secret of at least thirty-two characters")
    return ComplaintRules(local.database, local.clock, ring)


async def test_the_shipped_rule_is_there_until_it_is_saved(rules: ComplaintRules) -> None:
    (shipped,) = (await rules.page()).items
    assert (shipped.id, shipped.version) == (SHIPPED, 0)
    assert await rules.get(SHIPPED) == shipped
    with pytest.raises(NotFound):
        await rules.get("mine")


async def test_saving_it_replaces_it_and_deleting_brings_it_back(
    rules: ComplaintRules, local: ComplaintScene
) -> None:
    saved = await rules.put(ANA, replace(shipped_rule(), confidence=0.9))
    (found,) = (await rules.page()).items
    assert (found.confidence, found.version) == (0.9, saved.item.version)
    assert [rule.confidence for rule in await local.rules.now()] == [0.9]
    await rules.delete(ANA, SHIPPED)
    assert [rule.confidence for rule in await local.rules.now()] == [0.8]


async def test_rules_of_ones_own_stand_beside_it(
    rules: ComplaintRules, local: ComplaintScene
) -> None:
    await rules.put(ANA, replace(shipped_rule(), id="vip", name="大客户", per_hour=5))
    assert [rule.id for rule in await local.rules.now()] == [SHIPPED, "vip"]
    async with local.database.read() as connection:
        assert (await local.rules.of(connection, "vip")).per_hour == 5
        assert (await local.rules.of(connection, "gone")).id == SHIPPED
    page = await rules.page(limit=1)
    assert [rule.id for rule in page.items] == [SHIPPED, "vip"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"confidence": 1.1}, "confidence"),
        ({"per_hour": -1}, "per_hour"),
        ({"max_age_h": 0}, "max_age_h"),
        ({"followers_from": 10, "followers_to": 9}, "followers_to"),
        ({"opens": time(21), "closes": time(9)}, "closes"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"warn_answer_min": 0}, "warn_answer_min"),
        ({"name": " "}, "name"),
    ],
)
async def test_a_mistake_is_named(
    rules: ComplaintRules, changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await rules.put(ANA, replace(shipped_rule(), **changes))
    assert path in [name for name, _ in refused.value.errors]


async def test_only_analysts_and_leads_change_rules(rules: ComplaintRules) -> None:
    with pytest.raises(Forbidden):
        await rules.put(RUI, shipped_rule())


def test_an_entry_of_a_file_needs_no_name() -> None:
    draft = read_draft({"id": "shop", "counting": "service", "opens": "10:00"})
    assert (draft.name, draft.counting, draft.opens) == ("shop", Counting.SERVICE, time(10))
    with pytest.raises(ValueError, match="monitor_ids"):
        read_draft({"id": "shop", "monitor_ids": []})
