from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput
from service.incidents.lifecycle import Action
from service.statements import Capacity, State
from tests.support.incident_scene import LEAD
from tests.support.statement_scene import LIN, MEI, REFUND, RUI, WEI, StatementScene


async def test_it_is_out_in_any_number_of_places(scene: StatementScene) -> None:
    statement = await scene.approved(await scene.crisis())
    publish = scene.stating.publication.publish
    earlier = scene.clock.now() - timedelta(minutes=3)

    first = await publish(
        RUI, statement.id, place=" 官方微博 ", url="https://social.example/1", at=earlier
    )
    second = await publish(MEI, statement.id, place="官网")

    assert first.statement.state is State.PUBLISHED
    assert second.statement.published_at == earlier
    places = (await scene.file(statement.id)).places
    assert [(item.place, item.url, item.by) for item in places] == [
        ("官方微博", "https://social.example/1", RUI.id),
        ("官网", None, MEI.id),
    ]
    told = [
        data["statement"] for data in await scene.told("incident.updated") if "statement" in data
    ]
    assert [item["deed"] for item in told].count("published") == 1


async def test_what_is_not_approved_is_not_published(scene: StatementScene) -> None:
    statement = await scene.submitted(await scene.crisis())

    with pytest.raises(IllegalTransition, match="submitted"):
        await scene.stating.publication.publish(RUI, statement.id, place="官网")


async def test_a_tier_that_has_risen_takes_a_second_person(scene: StatementScene) -> None:
    incident = await scene.crisis("orange")
    statement = await scene.approved(incident)
    await scene.desk.set_tier(LEAD, incident.id, "red", reason="有人住院")

    with pytest.raises(Conflict, match="1 more person"):
        await scene.stating.publication.publish(RUI, statement.id, place="官网")

    await scene.stating.approvals.approve(MEI, statement.id, Capacity.LEAD)
    done = await scene.stating.publication.publish(RUI, statement.id, place="官网")
    assert done.statement.state is State.PUBLISHED


async def test_a_promise_that_fell_due_meanwhile_is_not_made(local: StatementScene) -> None:
    statement = await local.approved(await local.crisis(), REFUND)
    await local.pass_time(days=11)

    with pytest.raises(Conflict, match="due in the past"):
        await local.stating.publication.publish(RUI, statement.id, place="官网")


async def test_the_step_that_asked_for_it_is_done_when_asked(scene: StatementScene) -> None:
    incident = await scene.crisis("orange")
    await scene.act(incident.id, Action.ACKNOWLEDGE, Action.RESPOND)
    statement = await scene.draft(incident, template="product_quality.update")
    await scene.stating.desk.submit(RUI, statement.id)
    await scene.stating.approvals.approve(LIN, statement.id, Capacity.LEAD)

    done = await scene.stating.publication.publish(
        RUI, statement.id, place="官网", url="https://shanlan.example/1", step=True
    )

    steps = (await scene.responding.response_desk.file(LEAD, incident.id)).stored.run.steps
    update = next(s for s in steps if s.step.template == "product_quality.update")
    assert (done.step, done.step_problem) == (update.id, None)
    assert update.note == "说明 · 官网 · https://shanlan.example/1"


async def test_a_step_that_cannot_be_done_keeps_nothing_back(local: StatementScene) -> None:
    incident = await local.crisis("orange")
    statement = await local.draft(incident, template="product_quality.holding")
    await local.stating.desk.submit(RUI, statement.id)
    await local.stating.approvals.approve(LIN, statement.id, Capacity.LEAD)

    done = await local.stating.publication.publish(RUI, statement.id, place="官网", step=True)

    assert done.statement.state is State.PUBLISHED
    assert done.step is None
    assert "impact_assessed" in str(done.step_problem)


async def test_without_such_a_step_it_is_published_all_the_same(local: StatementScene) -> None:
    statement = await local.approved(await local.crisis())

    done = await local.stating.publication.publish(RUI, statement.id, place="官网", step=True)

    assert done.statement.state is State.PUBLISHED
    assert done.step is None
    assert "no open step" in str(done.step_problem)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"place": " "}, "place"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "http://["}, "url"),
        ({"url": "https://x.example/" + "a" * 2_000}, "url"),
        ({"hours": 1}, "at"),
        ({"hours": -366 * 24}, "at"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    local: StatementScene, changes: dict[str, Any], path: str
) -> None:
    hours = changes.get("hours")
    at = None if hours is None else local.clock.now() + timedelta(hours=hours)
    changes = {name: value for name, value in changes.items() if name != "hours"}

    with pytest.raises(InvalidInput) as refused:
        await local.stating.publication.publish(
            RUI,
            "stm_none",
            **{"place": "官网", **changes},
            at=at,
        )

    assert [name for name, _ in refused.value.errors] == [path]


async def test_a_viewer_publishes_nothing(local: StatementScene) -> None:
    with pytest.raises(Forbidden):
        await local.stating.publication.publish(WEI, "stm_none", place="官网")


async def test_an_older_version_is_refused(local: StatementScene) -> None:
    statement = await local.approved(await local.crisis())

    with pytest.raises(Conflict, match="has changed since version 1"):
        await local.stating.publication.publish(RUI, statement.id, place="官网", version=1)


async def test_merging_makes_no_approval_lighter(scene: StatementScene) -> None:
    """Approved by one in a yellow incident, it would go out in a red one."""
    yellow, red = await scene.crisis(), await scene.crisis("red", scenario="outage")
    statement = await scene.approved(yellow)
    await scene.desk.act(LEAD, yellow.id, Action.MERGE, reason="同一件事", merge_into=red.id)

    assert (await scene.file(statement.id)).need.persons == 2
    with pytest.raises(Conflict, match="1 more person"):
        await scene.stating.publication.publish(RUI, statement.id, place="官网")

    await scene.stating.approvals.approve(MEI, statement.id, Capacity.LEAD)
    done = await scene.stating.publication.publish(RUI, statement.id, place="官网")
    assert done.statement.state is State.PUBLISHED


async def test_publishing_is_a_deed_that_keeps_it_held(local: StatementScene) -> None:
    incident = await local.crisis("orange")
    await local.desk.act(RUI, incident.id, Action.ACKNOWLEDGE)
    statement = await local.approved(incident)
    await local.pass_time(minutes=50)
    await local.stating.publication.publish(RUI, statement.id, place="官网")
    await local.pass_time(minutes=50)

    assert "acknowledgement_lapsed" not in await local.kinds()
