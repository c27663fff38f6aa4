"""What people may do with incidents, and that a deed is whole or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from service.auth import Role
from service.auth.roles import Action as Permission
from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.incidents import UNCLASSIFIED, Kind, State, repository
from service.incidents.desk import IncidentDesk, require
from service.incidents.lifecycle import Action
from tests.support.clock import START
from tests.support.incident_scene import (
    LEAD,
    LEGAL,
    RESPONDER,
    VIEWER,
    IncidentScene,
    person,
)

Deed = Callable[[IncidentDesk, str], Awaitable[object]]
DEEDS: dict[str, Deed] = {
    "acknowledge": lambda desk, id_: desk.act(LEAD, id_, Action.ACKNOWLEDGE),
    "dismiss": lambda desk, id_: desk.act(LEAD, id_, Action.MARK_FALSE_POSITIVE, reason="ad"),
    "raise": lambda desk, id_: desk.set_tier(LEAD, id_, "red", reason="children hurt"),
    "name": lambda desk, id_: desk.name_scenario(LEAD, id_, "safety_incident"),
}
ANYTHING = repository.IncidentFilter()


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_deed_that_breaks_at_its_end_has_not_happened(
    scene: IncidentScene, deed: str
) -> None:
    opened = await scene.open()
    footprint = await scene.footprint()
    due = await scene.due_times(opened.id)
    with pytest.raises(ConnectionError):
        await DEEDS[deed](scene.broken(), opened.id)
    assert await scene.get(opened.id) == opened
    assert await scene.footprint() == footprint
    assert await scene.due_times(opened.id) == due


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_deed_leaves_timeline_audit_and_outbox_together(
    scene: IncidentScene, deed: str
) -> None:
    opened = await scene.open()
    before = await scene.footprint()
    await DEEDS[deed](scene.desk, opened.id)
    after = await scene.footprint()
    for table in ("incident_event", "audit_entry", "outbox"):
        assert after[table] > before[table], table
    (mine, *_) = [row for row in await scene.rows(tables.audit_entry) if row["actor"] == LEAD.id]
    assert mine["subject_id"] == opened.id


async def test_the_file_has_all_there_is(scene: IncidentScene) -> None:
    opened = await scene.open()
    await scene.desk.comment(RESPONDER, opened.id, " 已联系门店 ")
    file = await scene.desk.file(VIEWER, opened.id)
    assert file.incident == await scene.get(opened.id)
    assert [change.tier for change in file.tiers] == ["yellow"]
    assert [item.post_id for item in file.evidence] == ["post1", "post2"]
    assert (file.timeline[-1].kind, file.timeline[-1].actor) == ("comment", RESPONDER.id)
    assert file.timeline[-1].data == {"text": "已联系门店"}


async def test_an_unknown_incident_is_not_found(local: IncidentScene) -> None:
    with pytest.raises(NotFound, match="'inc_none'"):
        await local.desk.file(VIEWER, "inc_none")


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_001])
async def test_a_comment_says_something_and_not_too_much(local: IncidentScene, text: str) -> None:
    opened = await local.open()
    with pytest.raises(InvalidInput, match="1 to 10,000"):
        await local.desk.comment(LEAD, opened.id, text)


async def test_who_only_reads_does_nothing(local: IncidentScene) -> None:
    opened = await local.open()
    with pytest.raises(Forbidden, match="wei may not work incident"):
        await local.desk.act(VIEWER, opened.id, Action.ACKNOWLEDGE)


async def test_closing_takes_a_lead(local: IncidentScene) -> None:
    opened = await local.open()
    await local.act(opened.id, Action.ACKNOWLEDGE, Action.RESOLVE)
    with pytest.raises(Forbidden):
        await local.desk.act(RESPONDER, opened.id, Action.CLOSE)
    assert (await local.desk.act(LEAD, opened.id, Action.CLOSE)).state is State.CLOSED


async def test_somebody_of_another_monitor_is_kept_out(local: IncidentScene) -> None:
    opened = await local.open()
    elsewhere = person("yi", Role.LEAD, monitors=frozenset({"coffee"}))
    with pytest.raises(Forbidden, match="does not work on monitor tea"):
        await local.desk.act(elsewhere, opened.id, Action.ACKNOWLEDGE)


async def test_an_edit_of_an_old_version_is_told_what_is_there_now(local: IncidentScene) -> None:
    opened = await local.open()
    await local.act(opened.id, Action.ACKNOWLEDGE)
    with pytest.raises(Conflict, match="changed since version 1: it is acknowledged, tier yellow"):
        await local.desk.act(LEAD, opened.id, Action.RESPOND, version=opened.version)
    moved = await local.desk.act(LEAD, opened.id, Action.RESPOND, version=2)
    assert moved.state is State.RESPONDING


async def test_an_impossible_move_is_refused_and_leaves_nothing(local: IncidentScene) -> None:
    opened = await local.open()
    footprint = await local.footprint()
    with pytest.raises(IllegalTransition):
        await local.desk.act(LEAD, opened.id, Action.CLOSE)
    assert await local.footprint() == footprint


async def test_merging_names_an_open_incident(scene: IncidentScene) -> None:
    one = await scene.open()
    other = await scene.open(scenario="outage")
    merged = await scene.desk.act(
        LEAD, one.id, Action.MERGE, reason="the same", merge_into=other.id
    )
    assert (merged.state, merged.merged_into) == (State.MERGED, other.id)
    states = {row.state for row in (await scene.steps(one.id)).values()}
    assert states <= {"done", "cancelled"}


@pytest.mark.parametrize("target", [None, "itself"])
async def test_merging_into_nothing_or_itself_is_refused(
    local: IncidentScene, target: str | None
) -> None:
    one = await local.open()
    into = one.id if target else None
    with pytest.raises(InvalidInput, match="another incident"):
        await local.desk.act(LEAD, one.id, Action.MERGE, reason="x", merge_into=into)


async def test_merging_into_a_closed_one_is_refused(local: IncidentScene) -> None:
    one = await local.open()
    other = await local.open(scenario="outage")
    await local.act(other.id, Action.MARK_FALSE_POSITIVE)
    with pytest.raises(Conflict, match="is false_positive; merge into an open one"):
        await local.desk.act(LEAD, one.id, Action.MERGE, reason="x", merge_into=other.id)


async def test_a_responder_raises_a_tier_and_only_a_lead_lowers_it(local: IncidentScene) -> None:
    opened = await local.open()
    raised = await local.desk.set_tier(RESPONDER, opened.id, "orange", reason="news joined")
    assert (raised.tier, raised.tier_rank) == ("orange", 2)
    assert raised.reasons == ({"clause": "news joined", "value": "rui", "threshold": None},)
    with pytest.raises(Forbidden, match="lower_tier"):
        await local.desk.set_tier(RESPONDER, opened.id, "yellow", reason="calmer")
    lowered = await local.desk.set_tier(LEAD, opened.id, "yellow", reason="calmer")
    assert lowered.tier == "yellow"


async def test_the_tier_it_has_already_changes_nothing(local: IncidentScene) -> None:
    opened = await local.open()
    footprint = await local.footprint()
    assert await local.desk.set_tier(LEAD, opened.id, "yellow", reason="so") == opened
    assert await local.footprint() == footprint


@pytest.mark.parametrize(("tier", "reason"), [("purple", "so"), ("red", "  ")])
async def test_a_tier_is_a_known_one_and_has_a_reason(
    local: IncidentScene, tier: str, reason: str
) -> None:
    opened = await local.open()
    with pytest.raises(InvalidInput):
        await local.desk.set_tier(LEAD, opened.id, tier, reason=reason)


async def test_the_tier_of_a_closed_file_stays(local: IncidentScene) -> None:
    opened = await local.open()
    await local.act(opened.id, Action.MARK_FALSE_POSITIVE)
    footprint = await local.footprint()
    with pytest.raises(Conflict, match="its tier stays as it was"):
        await local.desk.set_tier(LEAD, opened.id, "red", reason="so")
    assert await local.footprint() == footprint


async def test_a_crisis_is_named(scene: IncidentScene) -> None:
    opened = await scene.open(scenario=UNCLASSIFIED)
    named = await scene.desk.name_scenario(RESPONDER, opened.id, "outage", version=1)
    assert named.scenario == "outage"


async def test_a_name_is_one_of_those_known(local: IncidentScene) -> None:
    opened = await local.open()
    with pytest.raises(InvalidInput, match="unknown scenario 'weather'"):
        await local.desk.name_scenario(LEAD, opened.id, "weather")


async def test_only_a_crisis_has_a_scenario(local: IncidentScene) -> None:
    opened = await local.open(kind=Kind.COVERAGE, scenario=None)
    with pytest.raises(InvalidInput, match="a coverage incident has no scenario"):
        await local.desk.name_scenario(LEAD, opened.id, "outage")


async def test_a_name_that_another_taking_incident_has_is_refused_with_its_id(
    scene: IncidentScene,
) -> None:
    known = await scene.open()
    unnamed = await scene.open(scenario=UNCLASSIFIED)
    with pytest.raises(Conflict, match=f"incident {known.id} takes .* merge this one into it"):
        await scene.desk.name_scenario(LEAD, unnamed.id, "product_quality")
    assert (await scene.get(unnamed.id)).scenario == UNCLASSIFIED


async def test_a_name_is_free_again_once_the_other_has_ended(local: IncidentScene) -> None:
    known = await local.open()
    unnamed = await local.open(scenario=UNCLASSIFIED)
    await local.act(known.id, Action.MARK_FALSE_POSITIVE)
    named = await local.desk.name_scenario(LEAD, unnamed.id, "product_quality")
    assert named.scenario == "product_quality"


async def test_one_that_takes_no_more_may_share_a_name(local: IncidentScene) -> None:
    await local.open()
    ended = await local.open(scenario=UNCLASSIFIED)
    async with local.writing(ended.id) as (connection, incident):
        await local.incidents.end_taking(
            connection, incident, reason="calm", contained=True, now=START
        )
    named = await local.desk.name_scenario(LEAD, ended.id, "product_quality")
    assert named.scenario == "product_quality"


async def test_a_post_about_others_stays_and_is_marked(scene: IncidentScene) -> None:
    opened = await scene.open()
    await scene.desk.mark_not_about_us(RESPONDER, opened.id, "post2")
    frozen = (await scene.desk.file(LEAD, opened.id)).evidence
    assert [(item.post_id, item.not_about_us, item.marked_by) for item in frozen] == [
        ("post1", False, None),
        ("post2", True, RESPONDER.id),
    ]
    assert (await scene.kinds())[-1] == "not_about_us"


async def test_a_post_that_is_no_evidence_cannot_be_marked(local: IncidentScene) -> None:
    opened = await local.open()
    with pytest.raises(NotFound, match="'post9' is no evidence"):
        await local.desk.mark_not_about_us(LEAD, opened.id, "post9")


async def test_the_queue_is_by_tier_then_by_time_to_breach(scene: IncidentScene) -> None:
    yellow = await scene.open()
    red = await scene.open(monitor_id="b", tier="red", tier_rank=3)
    scene.clock.step(minutes=1)
    later = await scene.open(monitor_id="c", tier="red", tier_rank=3)
    gone = await scene.open(monitor_id="d")
    await scene.act(gone.id, Action.MARK_FALSE_POSITIVE)
    items, total = await scene.desk.queue(VIEWER, ANYTHING)
    assert [item.id for item in items] == [red.id, later.id, yellow.id]
    assert total == 3
    second, _ = await scene.desk.queue(VIEWER, ANYTHING, limit=1, offset=1)
    assert [item.id for item in second] == [later.id]


async def test_lists_show_only_the_monitors_that_one_works_on(scene: IncidentScene) -> None:
    await scene.open()
    mine = await scene.open(monitor_id="coffee")
    yi = person("yi", Role.LEAD, monitors=frozenset({"coffee"}))
    items, total = await scene.desk.queue(yi, ANYTHING)
    assert ([item.id for item in items], total) == ([mine.id], 1)
    assert await scene.desk.newest(yi, ANYTHING, limit=9) == (mine,)
    asked = repository.IncidentFilter(monitors=("tea",))
    assert await scene.desk.newest(yi, asked, limit=9) == ()


async def test_the_newest_page_by_page(scene: IncidentScene) -> None:
    made = []
    for name in ("a", "b", "c"):
        made.append(await scene.open(monitor_id=name))
        scene.clock.step(minutes=1)
    first = await scene.desk.newest(VIEWER, ANYTHING, limit=2)
    assert [item.monitor_id for item in first] == ["c", "b"]
    before = (first[-1].opened_at, first[-1].id)
    rest = await scene.desk.newest(VIEWER, ANYTHING, limit=2, before=before)
    assert [item.id for item in rest] == [made[0].id]


async def test_reading_takes_a_role_that_reads(local: IncidentScene) -> None:
    machine = person("machine", Role.CLASSIFIER)
    with pytest.raises(Forbidden):
        await local.desk.queue(machine, ANYTHING)
    with pytest.raises(Forbidden):
        await local.desk.newest(machine, ANYTHING, limit=1)


async def test_a_person_at_risk_is_private_to_the_rota(local: IncidentScene) -> None:
    opened = await local.open()
    async with local.database.write() as connection:
        await repository.change(connection, opened, now=START, kind=Kind.PERSON_AT_RISK.value)
    private = await local.get(opened.id)
    with pytest.raises(Forbidden, match="not on the rota"):
        await local.desk.file(LEGAL, private.id)
    require(RESPONDER, Permission.READ, private)
    assert (await local.desk.newest(VIEWER, ANYTHING, limit=9)) == ()
    assert (await local.desk.queue(VIEWER, ANYTHING)) == ((), 0)
    assert [item.id for item in await local.desk.newest(LEAD, ANYTHING, limit=9)] == [private.id]
