"""Who may hand what over, and to which tracker."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.auth import Role
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.reviews import ItemState
from service.trackers import HandoverFilter, State
from tests.service.trackers.conftest import HandoverScene
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, person

OWNER = person("owner", Role.VIEWER)
ELSEWHERE = replace(LEAD, monitors=frozenset({"coffee"}))


async def test_a_lead_or_the_owner_hands_over(local: HandoverScene) -> None:
    await local.account(OWNER)
    item = await local.item(owner=OWNER.id)
    for somebody in (VIEWER, RESPONDER, ELSEWHERE):
        with pytest.raises(Forbidden):
            await local.desk_of.improvement(somebody, item.id, "jira")
    made, first = await local.desk_of.improvement(OWNER, item.id, "jira")
    assert (made.created_by, first) == (OWNER.id, True)
    assert "improvement_handed_over" in await local.kinds()


async def test_only_what_is_worked_on(local: HandoverScene) -> None:
    item = await local.item(ItemState.PROPOSED)
    with pytest.raises(IllegalTransition, match="is proposed"):
        await local.desk_of.improvement(LEAD, item.id, "jira")
    with pytest.raises(NotFound, match="there are: github, jira"):
        await local.desk_of.improvement(LEAD, item.id, "trello")
    with pytest.raises(NotFound):
        await local.desk_of.improvement(LEAD, "imp_0", "jira")


async def test_one_tracker_has_it(local: HandoverScene) -> None:
    item = await local.item()
    made, _ = await local.desk_of.improvement(LEAD, item.id, "jira")
    with pytest.raises(Conflict, match="handed over to jira already"):
        await local.desk_of.improvement(LEAD, item.id, "github")
    same, first = await local.desk_of.improvement(LEAD, item.id, "jira")
    assert (same, first) == (made, False)


async def test_a_tracker_without_its_token(local: HandoverScene) -> None:
    item = await local.item()
    unset = replace(local.trackers["jira"], token=None)
    desk = local.desk_with({"jira": unset})
    with pytest.raises(InvalidInput, match="TRACKER_TOKEN"):
        await desk.improvement(LEAD, item.id, "jira")


async def test_who_sees_what(local: HandoverScene) -> None:
    handover = await local.handed()
    assert await local.desk_of.page(ELSEWHERE, HandoverFilter()) == ()
    with pytest.raises(Forbidden):
        await local.desk_of.get(ELSEWHERE, handover.id)
    wanted = HandoverFilter(states=(State.OPEN,), trackers=("jira",), troubled=False)
    (seen,) = await local.desk_of.page(VIEWER, wanted)
    assert seen.id == handover.id
    found = await local.desk_of.page(VIEWER, HandoverFilter(troubled=True))
    assert found == ()
    after = (seen.created_at, seen.id)
    assert await local.desk_of.page(VIEWER, HandoverFilter(), after=after) == ()


async def test_again_is_for_what_has_trouble(local: HandoverScene) -> None:
    item = await local.item()
    made, _ = await local.desk_of.improvement(LEAD, item.id, "jira")
    assert await local.desk_of.again(LEAD, made.id) == made, "it is on its way"
    await local.pass_time(seconds=1)
    with pytest.raises(IllegalTransition, match="has no trouble"):
        await local.desk_of.again(LEAD, made.id)
    with pytest.raises(Forbidden):
        await local.desk_of.again(VIEWER, made.id)


async def test_personal_information_does_not_leave(local: HandoverScene) -> None:
    item = await local.item(
        title="回访 13812345678", description="# 电话 13812345678\n![x](http://evil.example/x.png)"
    )
    made, _ = await local.desk_of.improvement(LEAD, item.id, "jira")
    assert "13812345678" not in made.fields["title"] + made.fields["text"]
