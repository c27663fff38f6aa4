"""The report counts what it says it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.errors import Forbidden
from service.moderation.quality import AlarmReason
from service.moderation.review import Line, Origin, ReviewReport, VerdictDraft
from tests.support.clock import START
from tests.support.review_scene import (
    ANNA,
    BLOCK,
    BO,
    EVE,
    GATEWAY,
    PASS,
    VIEWER,
    ReviewScene,
    case,
)

AGREED = VerdictDraft(ruling=BLOCK.ruling, reason="diversion")


@pytest.fixture
def report(scene: ReviewScene) -> ReviewReport:
    return ReviewReport(database=scene.database, clock=scene.clock, batch=2)


async def test_nothing_decided_is_no_verdict_on_anybody(
    scene: ReviewScene, report: ReviewReport
) -> None:
    found = await report.since(BO, START)
    assert (found.verdicts, found.agreement, found.precision) == (0, (), ())
    assert (found.patrol.audited, found.patrol_alarm) == (0, AlarmReason.CALM)


async def test_precision_is_of_the_machines_labels(
    scene: ReviewScene, report: ReviewReport
) -> None:
    for number, draft in enumerate([AGREED, AGREED, AGREED, PASS]):
        await scene.decide(await scene.filed(case(item_id=str(number))), ANNA, draft)
    scene.clock.step(seconds=1)
    found = await report.since(BO, START)
    ((label,), verdicts) = (found.precision, found.verdicts)
    assert (label.label, label.judged, label.right, verdicts) == ("diversion", 4, 3, 4)


async def test_only_the_last_verdict_on_a_text_counts(
    scene: ReviewScene, report: ReviewReport
) -> None:
    item = await scene.filed()
    await scene.decide(item, ANNA, AGREED)
    await scene.filed(case(item_id="other"))
    await scene.appeals.against_verdict(GATEWAY, item.id, words="冤枉")
    scene.clock.step(seconds=1)
    found = await report.since(BO, START)
    assert (found.verdicts, found.precision) == (1, ())


async def test_agreement_is_of_blind_pairs(scene: ReviewScene, report: ReviewReport) -> None:
    scene.chance = 0.01
    for number, (first, second) in enumerate([(BLOCK, BLOCK), (PASS, PASS), (BLOCK, PASS)]):
        await scene.decide(await scene.filed(case(item_id=str(number))), ANNA, first)
        (twin,) = await scene.pending(BO)
        await scene.decide(twin, BO, second)
    scene.clock.step(seconds=1)
    found = await report.since(BO, START)
    ((line, agreement),) = found.agreement
    assert (line, agreement.pairs) == (Line.SECOND, 3)
    assert agreement.observed == pytest.approx(2 / 3)
    assert sum(row.judged for row in found.precision) == 3


async def test_the_patrol_is_counted_apart(scene: ReviewScene, report: ReviewReport) -> None:
    cases = [case(item_id=str(number), suggestion="pass", labels=()) for number in range(3)]
    await scene.intake.file_as(cases, origin=Origin.PATROL)
    for item, draft in zip(await scene.pending(ANNA), [BLOCK, PASS, PASS], strict=True):
        await scene.decide(item, ANNA, draft)
    scene.clock.step(seconds=1)
    found = await report.since(BO, START)
    assert (found.patrol.audited, found.patrol.violations) == (3, 1)
    assert found.patrol_alarm is AlarmReason.SURE
    assert found.precision == ()


async def test_what_waits_is_counted_by_line(scene: ReviewScene, report: ReviewReport) -> None:
    await scene.filed(case(item_id="1"), case(item_id="2"), case(kind="advertisement"))
    await scene.pass_time(hours=2)
    item = (await scene.pending(ANNA))[0]
    await scene.desk.claim(ANNA, item.id)
    found = {length.line: length for length in (await report.since(BO, START)).lines}
    second = found[Line.SECOND]
    assert (second.waiting, second.claimed, second.overdue) == (2, 1, 2)
    assert second.oldest_since == START
    assert (found[Line.LEGAL].waiting, found[Line.THIRD].waiting) == (1, 0)


async def test_older_verdicts_are_left_out(scene: ReviewScene, report: ReviewReport) -> None:
    await scene.decide(await scene.filed(), ANNA, AGREED)
    scene.clock.step(hours=1)
    assert (await report.since(BO, START + timedelta(minutes=1))).verdicts == 0


async def test_the_report_takes_a_permission(report: ReviewReport) -> None:
    with pytest.raises(Forbidden):
        await report.since(VIEWER, START)


async def test_who_works_is_who_decided_lately_or_holds_something(
    scene: ReviewScene, report: ReviewReport
) -> None:
    await scene.decide(await scene.filed(case(item_id="old")), ANNA)
    scene.clock.step(hours=2)
    since = scene.clock.now()
    for number in range(2):
        await scene.decide(await scene.filed(case(item_id=str(number))), BO)
    held = await scene.filed(case(item_id="held"))
    await scene.desk.claim(EVE, held.id)
    found = [(one.person, one.verdicts, one.holding) for one in await report.working(BO, since)]
    assert found == [(BO.id, 2, 0), (EVE.id, 0, 1)]
    with pytest.raises(Forbidden):
        await report.working(VIEWER, since)
