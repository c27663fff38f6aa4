"""The patrol files a sample of what passed, and nothing else."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from service.db import tables
from service.moderation.case import Case
from service.moderation.quality import patrol_estimate
from service.moderation.review import Origin, PatrolIntake, keyed_draw
from service.moderation.review.patrol import show
from tests.support.review_scene import ANNA, BLOCK, PASS, ReviewScene, case

KEY = b"sixteen bytes and more"


async def test_only_the_drawn_are_filed(scene: ReviewScene) -> None:
    patrol = PatrolIntake(intake=scene.intake, draw=lambda drawn: drawn.item_id == "2")
    await patrol.offer([case(item_id=str(number), suggestion="pass") for number in range(5)])
    (item,) = await scene.pending(ANNA)
    assert (item.caller_item, item.origin, item.suggestion) == ("2", Origin.PATROL, "pass")


async def test_texts_that_are_not_drawn_cost_no_write(local: ReviewScene) -> None:
    before = local.database.generation
    await PatrolIntake(intake=local.intake, draw=lambda _: False).offer([case(), case("别的")])
    assert local.database.generation == before


def test_the_draw_is_a_share_and_the_same_each_time() -> None:
    cases: list[Case] = [case(item_id=str(number)) for number in range(2_000)]
    draw = keyed_draw(KEY, rate=0.1)
    drawn = [item.item_id for item in cases if draw(item)]
    assert 140 < len(drawn) < 260
    assert drawn == [item.item_id for item in cases if draw(item)]
    other = keyed_draw(b"another key of sixteen", rate=0.1)
    assert drawn != [item.item_id for item in cases if other(item)]


def test_a_rate_that_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        keyed_draw(KEY, rate=2)(case())


async def patrolled(scene: ReviewScene, *names: str) -> None:
    cases = [case(item_id=name, suggestion="pass", labels=()) for name in names]
    await scene.intake.file_as(cases, origin=Origin.PATROL)


async def test_every_verdict_on_a_patrolled_text_moves_the_estimate(scene: ReviewScene) -> None:
    await patrolled(scene, "1", "2")
    await scene.filed(case(item_id="machine"))
    one, two = [item for item in await scene.pending(ANNA) if item.origin is Origin.PATROL]
    await scene.decide(one, ANNA, PASS)
    await scene.decide(two, ANNA, BLOCK)
    (left,) = await scene.pending(ANNA)
    await scene.decide(left, ANNA, BLOCK)
    assert [(seen.audited, seen.violations) for seen in scene.heard.estimates] == [(1, 0), (2, 1)]


async def test_too_much_that_passes_is_audited_as_an_alarm(scene: ReviewScene) -> None:
    await patrolled(scene, "1")
    (item,) = await scene.pending(ANNA)
    await scene.decide(item, ANNA, BLOCK)
    (alarm,) = [
        row for row in await scene.rows(tables.audit_entry) if row.action == "review.patrol_alarm"
    ]
    assert (alarm.data["violations"], alarm.data["reason"]) == (1, "sure")


async def test_old_verdicts_leave_the_window(local: ReviewScene) -> None:
    await patrolled(local, "1")
    await local.decide((await local.pending(ANNA))[0], ANNA, BLOCK)
    local.clock.step(days=31)
    await patrolled(local, "2")
    await local.decide((await local.pending(ANNA))[0], ANNA, PASS)
    assert [(seen.audited, seen.violations) for seen in local.heard.estimates] == [(1, 1), (1, 0)]


def test_an_estimate_is_shown_as_a_metric() -> None:
    show(patrol_estimate(audited=10_000, violations=2))
    read = REGISTRY.get_sample_value
    name = "fengsui_patrol_violations_per_10k"
    assert read(name, {"bound": "estimate"}) == pytest.approx(2)
    assert read(name, {"bound": "low"}) < 2 < read(name, {"bound": "high"})
