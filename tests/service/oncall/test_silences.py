from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.incidents import Kind
from service.oncall import Matcher, Silence
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER
from tests.support.oncall_scene import OncallScene

TEA = Matcher(monitors=("tea",))


async def silenced(
    scene: OncallScene, matcher: Matcher = TEA, *, hours: float = 2, gravest: bool = False
) -> Silence:
    return await scene.responding.silences.make(
        LEAD if gravest else RESPONDER,
        matcher,
        reason="新品首发，预期内",
        until=scene.clock.now() + timedelta(hours=hours),
        gravest=gravest,
    )


async def watched(scene: OncallScene) -> None:
    await scene.add_channel("desk", events=())
    await scene.add_person("lin", "lin-phone")
    await scene.name_duty("duty", "lin")


async def test_a_silenced_incident_pages_nobody_and_keeps_every_record(
    scene: OncallScene,
) -> None:
    await watched(scene)
    await silenced(scene)

    await scene.open()
    await scene.pass_time(minutes=90)

    assert scene.pages("incident.opened", "incident.paged") == []
    kinds = await scene.kinds()
    assert {"opened", "page_silenced", "step_due"} <= set(kinds)
    assert "incident.opened" in {row["type"] for row in await scene.rows(tables.outbox)}


async def test_deadlines_are_announced_all_the_same(local: OncallScene) -> None:
    await watched(local)
    await silenced(local)

    await local.open()
    await local.pass_time(minutes=90)

    assert ("desk", "step.due") in local.pages()


async def test_when_it_is_over_the_chain_goes_on_where_it_waited(scene: OncallScene) -> None:
    await watched(scene)
    await silenced(scene)
    await scene.open()

    await scene.pass_time(minutes=121)

    assert scene.called() == ["lin-phone"]
    assert ("desk", "silence.ended") in scene.pages()
    (row,) = [row for row in await scene.rows(tables.outbox) if row["type"] == "silence.ended"]
    assert row["data"]["open_incidents"] == 1
    assert row["data"]["silence"]["ended_by"] == "system"


async def test_ended_early_it_lets_go_at_once(scene: OncallScene) -> None:
    await watched(scene)
    silence = await silenced(scene)
    await scene.open()
    await scene.pass_time(minutes=5)

    over = await scene.responding.silences.end(RESPONDER, silence.id)
    await scene.pass_time()

    assert over.ended_by == RESPONDER.id
    assert scene.called() == ["lin-phone"]
    with pytest.raises(Conflict, match="was ended by"):
        await scene.responding.silences.end(RESPONDER, silence.id)
    await scene.pass_time(hours=3)
    assert len([kind for _, kind in scene.pages() if kind == "silence.ended"]) == 1


async def test_another_silence_that_still_stands_keeps_it_quiet(local: OncallScene) -> None:
    await watched(local)
    short = await silenced(local, hours=1)
    await silenced(local, Matcher(scenarios=("product_quality",)), hours=3)
    await local.open()

    await local.responding.silences.end(RESPONDER, short.id)
    await local.pass_time(hours=2)

    assert local.called() == []


async def test_red_is_paged_although_the_matcher_takes_any_tier(local: OncallScene) -> None:
    await watched(local)
    await silenced(local)

    await local.open("red")

    assert ("desk", "incident.opened") in local.pages()
    assert local.called() == ["lin-phone"]


async def test_a_tier_that_rises_to_red_breaks_the_silence(local: OncallScene) -> None:
    await watched(local)
    await silenced(local)
    incident = await local.open()

    await local.desk.set_tier(LEAD, incident.id, "red", reason="有人住院")
    await local.pass_time()

    assert local.called() == ["lin-phone"]
    assert ("desk", "incident.tier_changed") in local.pages()


async def test_a_lead_who_says_so_twice_silences_red(local: OncallScene) -> None:
    await watched(local)
    await silenced(local, Matcher(tiers=("red",)), gravest=True)

    await local.open("red")
    await local.pass_time(minutes=30)

    assert local.pages("incident.opened", "incident.paged", "incident.unreached") == []


async def test_without_the_second_word_red_is_not_silenced(local: OncallScene) -> None:
    with pytest.raises(InvalidInput) as refused:
        await silenced(local, Matcher(tiers=("red",)))

    assert [path for path, _ in refused.value.errors] == ["gravest"]


async def test_only_a_lead_may_say_it(local: OncallScene) -> None:
    with pytest.raises(Forbidden):
        await local.responding.silences.make(
            RESPONDER,
            Matcher(tiers=("red",)),
            reason="x",
            until=local.clock.now() + timedelta(hours=1),
            gravest=True,
        )


async def test_a_viewer_silences_nothing(local: OncallScene) -> None:
    with pytest.raises(Forbidden):
        await local.responding.silences.make(
            VIEWER, TEA, reason="x", until=local.clock.now() + timedelta(hours=1)
        )


async def test_every_mistake_is_named_at_once(local: OncallScene) -> None:
    with pytest.raises(InvalidInput) as refused:
        await local.responding.silences.make(
            LEAD,
            Matcher(scenarios=("x",), tiers=("purple",), monitors=("m",) * 51),
            reason=" ",
            until=local.clock.now(),
        )

    assert [path for path, _ in refused.value.errors] == [
        "reason",
        "until",
        "matcher.monitors",
        "matcher.scenarios",
        "matcher.tiers",
    ]


@pytest.mark.parametrize(
    ("matcher", "hours", "path"), [(Matcher(), 1, "matcher"), (TEA, 24 * 7 + 1, "until")]
)
async def test_neither_all_nor_for_ever(
    local: OncallScene, matcher: Matcher, hours: float, path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await silenced(local, matcher, hours=hours)

    assert [name for name, _ in refused.value.errors] == [path]


async def test_a_person_at_risk_is_never_silenced(local: OncallScene) -> None:
    await watched(local)
    await silenced(local)

    await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="x")

    assert ("desk", "incident.opened") in local.pages()


async def test_one_for_later_begins_later(local: OncallScene) -> None:
    now = local.clock.now()
    await local.responding.silences.make(
        RESPONDER,
        TEA,
        reason="夜里维护",
        since=now + timedelta(hours=1),
        until=now + timedelta(hours=2),
    )
    await watched(local)

    await local.open()

    assert ("desk", "incident.opened") in local.pages()


async def test_they_are_listed_newest_first_and_by_whether_they_are_over(
    local: OncallScene,
) -> None:
    made = []
    for _ in range(3):
        made.append((await silenced(local)).id)
        await local.pass_time(minutes=1)
    silences = local.responding.silences
    await silences.end(LEAD, made[1])

    first = await silences.page(LEAD, limit=2)
    rest = await silences.page(LEAD, after=first.next, limit=2)

    assert [item.id for item in (*first.items, *rest.items)] == list(reversed(made))
    assert [item.id for item in (await silences.page(LEAD, over=True)).items] == [made[1]]
    assert len((await silences.page(LEAD, over=False)).items) == 2
    assert (await silences.get(LEAD, made[0])).reason == "新品首发，预期内"
    with pytest.raises(NotFound):
        await silences.get(LEAD, "sil_none")


async def test_what_was_done_is_in_the_audit_trail(local: OncallScene) -> None:
    silence = await silenced(local)
    await local.responding.silences.end(LEAD, silence.id)

    rows = await local.rows(tables.audit_entry)
    found = [(row["action"], row["actor"]) for row in rows if row["subject_id"] == silence.id]

    assert found == [("silence.made", RESPONDER.id), ("silence.ended", LEAD.id)]


OOLONG = replace(RESPONDER, monitors=frozenset({"oolong"}))


@pytest.mark.parametrize(
    "matcher", [TEA, Matcher(tiers=("yellow",)), Matcher(monitors=("oolong", "tea"))]
)
async def test_who_works_on_one_monitor_silences_no_other(
    local: OncallScene, matcher: Matcher
) -> None:
    with pytest.raises(Forbidden):
        await local.responding.silences.make(
            OOLONG, matcher, reason="x", until=local.clock.now() + timedelta(hours=1)
        )


async def test_they_silence_their_own_and_end_that_alone(local: OncallScene) -> None:
    silences = local.responding.silences
    until = local.clock.now() + timedelta(hours=1)
    own = await silences.make(OOLONG, Matcher(monitors=("oolong",)), reason="x", until=until)
    other = await silenced(local)
    everywhere = await silenced(local, Matcher(scenarios=("product_quality",)))

    for silence in (other, everywhere):
        with pytest.raises(Forbidden):
            await silences.end(OOLONG, silence.id)

    assert (await silences.end(OOLONG, own.id)).ended_by == OOLONG.id


async def test_they_see_what_may_be_about_theirs(local: OncallScene) -> None:
    silences = local.responding.silences
    other = await silenced(local)
    await local.pass_time(minutes=1)
    everywhere = await silenced(local, Matcher(scenarios=("product_quality",)))
    await local.pass_time(minutes=1)
    both = await silenced(local, Matcher(monitors=("oolong", "tea")))

    first = await silences.page(OOLONG, limit=1)
    rest = await silences.page(OOLONG, after=first.next, limit=1)

    assert [item.id for item in (*first.items, *rest.items)] == [both.id, everywhere.id]
    assert rest.next is None
    assert (await silences.get(OOLONG, both.id)).id == both.id
    with pytest.raises(Forbidden, match="does not work on"):
        await silences.get(OOLONG, other.id)
