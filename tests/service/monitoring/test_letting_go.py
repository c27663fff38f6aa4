"""When a rule lets go of its incident, and how soon it may open another, in virtual time."""

from __future__ import annotations

from typing import Any

import pytest

from service.auth import SYSTEM
from service.incidents import Incident
from tests.support.watch_scene import HURT, WatchScene, complaint

TALK: dict[str, Any] = {
    "name": {"zh": "有人说", "en": "Talk"},
    "kind": "crisis",
    "scenarios": ["product_quality"],
    "tier": "yellow",
    "when": {"fact": "posts_1h", "at_least": 2},
    "why": {"zh": "一小时两条。"},
}


async def rule(watch: WatchScene, name: str, entry: dict[str, Any]) -> None:
    await watch.container.rules.desk.put(SYSTEM, name, entry)
    await watch.container.rules.directory.refresh()


@pytest.mark.parametrize("release", [None, 0.5])
async def test_a_trickle_of_posts_keeps_an_incident_only_by_the_release_of_its_rule(
    watch: WatchScene, release: float | None
) -> None:
    """One post in each hour: half of what the rule asks for, and well inside the baseline."""
    await rule(watch, "talk", TALK | ({} if release is None else {"release": release}))
    await watch.say(complaint(0), complaint(1))
    for number in range(2, 9):
        await watch.wait(minutes=45)
        await watch.say(complaint(number))
    incident = await watch.only()
    assert (incident.taking_ended_at is None) is (release is not None)


async def hurt_again(watch: WatchScene, number: int, **after: float) -> list[Incident]:
    await watch.wait(**after)
    await watch.say(f"{HURT}，第{number}个人也这样")
    await watch.wait(minutes=10)
    return await watch.incidents()


async def test_a_rule_that_cools_down_lets_time_go_by_before_it_opens_another(
    watch: WatchScene,
) -> None:
    await rule(watch, "injury_single", {"cool_down": "12h"})
    await watch.say(HURT)
    assert len(await hurt_again(watch, 2, hours=7)) == 1
    first, second = await hurt_again(watch, 3, hours=12)
    assert (first.taking_ended_at is not None, second.previous_id) == (True, first.id)


async def test_without_a_cool_down_the_next_one_opens_at_once(watch: WatchScene) -> None:
    await watch.say(HURT)
    assert len(await hurt_again(watch, 2, hours=7)) == 2
