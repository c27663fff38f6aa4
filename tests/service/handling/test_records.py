"""Which crises count, and what is read of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.errors import Forbidden, InvalidInput
from service.handling import Axis, Measure
from service.incidents import Kind, State
from service.indicators.figure import Share
from tests.service.handling.conftest import MONTH, HandlingScene
from tests.support.clock import START
from tests.support.drill_scene import limited
from tests.support.incident_scene import LEAD

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OPENED = START - HOUR
NOT_COUNTED: list[dict[str, Any]] = [
    {"drill": True},
    {"kind": Kind.COVERAGE},
    {"kind": Kind.PERSON_AT_RISK},
    {"opened_at": START},
    {"opened_at": START - 31 * DAY},
    {"state": State.MERGED},
    {"state": State.FALSE_POSITIVE},
]


@pytest.mark.parametrize("changes", NOT_COUNTED)
async def test_what_is_no_real_crisis_of_the_time(
    scene: HandlingScene, changes: dict[str, Any]
) -> None:
    await scene.crisis(**changes)
    assert await scene.crises() == ()


async def test_each_end_is_read(scene: HandlingScene) -> None:
    incident = await scene.crisis(
        first_post_at=OPENED - 8 * MINUTE,
        acknowledged_after=5 * MINUTE,
        contained_at=OPENED + 30 * MINUTE,
        resolved_at=OPENED + 40 * MINUTE,
        state=State.RESOLVED,
    )
    done = {"state": "done", "done_at": OPENED + 20 * MINUTE}
    await scene.step(incident, "first_response", due_at=START, role="service", **done)
    await scene.statement(incident, published_at=OPENED + 25 * MINUTE)
    (found,) = await scene.crises()
    assert {measure: found.span(measure) for measure in Measure} == {
        Measure.DETECT: 8 * MINUTE,
        Measure.ACKNOWLEDGE: 5 * MINUTE,
        Measure.FIRST_RESPONSE: 20 * MINUTE,
        Measure.STATEMENT: 25 * MINUTE,
        Measure.CONTAIN: 38 * MINUTE,
        Measure.RESOLVE: 48 * MINUTE,
        Measure.HANDLING: 40 * MINUTE,
    }
    assert found.waiting == frozenset()


@pytest.mark.parametrize(
    ("step", "minutes"), [("holding_statement", 10), ("clarification_published", 15)]
)
async def test_a_statement_is_out_by_whichever_comes_first(
    scene: HandlingScene, step: str, minutes: int
) -> None:
    incident = await scene.crisis()
    await scene.statement(incident, published_at=OPENED + 20 * MINUTE)
    done = {"state": "done", "done_at": OPENED + minutes * MINUTE}
    await scene.step(incident, step, due_at=START, **done)
    await scene.step(incident, "apology_published", due_at=START)
    (found,) = await scene.crises()
    assert found.span(Measure.STATEMENT) == minutes * MINUTE


async def test_a_draft_is_no_statement(scene: HandlingScene) -> None:
    incident = await scene.crisis()
    await scene.statement(incident, published_at=None)
    (found,) = await scene.crises()
    assert found.span(Measure.STATEMENT) is None


@pytest.mark.parametrize(
    ("state", "waits"),
    [("pending", True), ("breached", True), ("skipped", False), ("cancelled", False)],
)
async def test_nobody_waits_for_what_was_called_off(
    scene: HandlingScene, state: str, waits: bool
) -> None:
    incident = await scene.crisis(state=State.RESOLVED, resolved_at=START)
    await scene.step(incident, "first_response", due_at=START, state=state)
    (found,) = await scene.crises()
    assert (Measure.FIRST_RESPONSE in found.waiting) is waits


async def test_steps_that_fell_due_by_team(scene: HandlingScene) -> None:
    incident = await scene.crisis()
    late = {"breached_at": OPENED}
    await scene.step(incident, "a", due_at=OPENED, role="duty", state="done")
    await scene.step(incident, "b", due_at=OPENED, role="duty", state="breached", **late)
    await scene.step(incident, "c", due_at=OPENED, role="pr", state="skipped")
    await scene.step(incident, "d", due_at=START + HOUR, role="pr")
    (found,) = await scene.crises()
    assert found.due == {"duty": Share(part=1, whole=2)}


async def test_a_recurrence_is_the_one_of_the_reviews(scene: HandlingScene) -> None:
    await scene.crisis(
        opened_at=START - 9 * DAY, closed_at=START - 8 * DAY, state=State.CLOSED, scenario="outage"
    )
    await scene.crisis(scenario="outage")
    await scene.crisis(scenario="unclassified", opened_at=START - 2 * HOUR)
    assert [item.recurs for item in await scene.crises()] == [True, None, False]
    total, _ = await scene.total()
    assert total.recurrence is not None
    assert (total.recurrence.part, total.recurrence.whole) == (1, 2)


async def test_filters_and_rows(scene: HandlingScene) -> None:
    await scene.crisis(tier="red", tier_rank=3)
    await scene.crisis(scenario="outage")
    await scene.crisis(scenario="outage", monitor_id="rival")
    assert len(await scene.crises(monitor="tea")) == 2
    assert len(await scene.crises(scenario="outage")) == 2
    assert len(await scene.crises(tier="red")) == 1
    _, rows = await scene.total(Axis.TIER, monitor="tea")
    assert [(row.key[Axis.TIER], row.crises) for row in rows] == [("red", 1), ("yellow", 1)]
    assert (await scene.total())[1] == ()


@pytest.mark.parametrize(("name", "given"), [("scenario", "none_such"), ("tier", "purple")])
async def test_a_name_that_is_none_is_refused(scene: HandlingScene, name: str, given: str) -> None:
    with pytest.raises(InvalidInput, match=given):
        await scene.crises(**{name: given})


async def test_one_sees_the_monitors_one_works_on(scene: HandlingScene) -> None:
    await scene.crisis()
    await scene.crisis(monitor_id="rival")
    bound = limited(LEAD, "rival")
    assert [item.monitor_id for item in await scene.crises(by=bound)] == ["rival"]
    with pytest.raises(Forbidden):
        await scene.crises(by=bound, monitor="tea")


async def test_pages_follow_one_another(scene: HandlingScene) -> None:
    made = [await scene.crisis(opened_at=OPENED) for _ in range(3)]
    made.append(await scene.crisis(opened_at=OPENED - MINUTE))
    wanted = scene.board.wanted(LEAD, MONTH)
    first = await scene.board.page(LEAD, wanted, limit=2)
    last = first[-1]
    rest = await scene.board.page(LEAD, wanted, after=(last.opened_at, last.id), limit=9)
    expected = [*sorted(made[:3], reverse=True), made[3]]
    assert [item.id for item in (*first, *rest)] == expected


async def test_a_tier_has_no_complaints(scene: HandlingScene) -> None:
    wanted = scene.board.wanted(LEAD, MONTH, tier="red")
    assert (await scene.board.table(LEAD, wanted, ())).complaints is None
    wanted = scene.board.wanted(LEAD, MONTH, scenario="outage")
    figures = (await scene.board.table(LEAD, wanted, ())).complaints
    assert figures is not None
    assert figures.opened == 0
