"""Self-harm found in a text: who gets an incident, and what of it is told."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from nlp import Analysis, CopyKey
from nlp.analysis import PatternHit
from service.db import Database, tables
from service.incidents import Action, Evidence, Kind, State
from service.moderation.at_risk import (
    JOINS_FOR,
    TOO_OLD,
    Notice,
    Noticed,
    PeopleAtRisk,
    Sighting,
    rule_of,
    text_sighting,
)
from tests.support.clock import SteppingClock
from tests.support.incident_scene import LEAD, RESPONDER, IncidentScene

TEXT = "今晚站在天台上，不想活了"


class RiskScene(IncidentScene):
    """Incidents, and the door through which people at risk come in."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        super().__init__(database, clock)
        self.people = PeopleAtRisk(incidents=self.incidents, tiers=self.library.tiers.ids)

    def sighting(self, number: int = 1, **changes: Any) -> Sighting:
        now = self.clock.now()
        evidence = Evidence(
            post_id=f"post{number}",
            at=now,
            copy_group=f"group{number}",
            snapshot={"text": TEXT},
            sha256=f"{number:064x}",
        )
        values: dict[str, Any] = {"evidence": evidence, "said_at": now, "author": "au_1"}
        return Sighting(**values | {"rule": "wish", "monitor_id": "tea"} | changes)

    async def notice(self, number: int = 1, **changes: Any) -> Noticed:
        async with self.database.write() as connection:
            sighting = self.sighting(number, **changes)
            return await self.people.notice(connection, sighting, now=self.clock.now())

    async def opened(self, number: int = 1, **changes: Any) -> str:
        noticed = await self.notice(number, **changes)
        assert noticed.notice is Notice.OPENED
        return incident_of(noticed)


def incident_of(noticed: Noticed) -> str:
    assert noticed.incident is not None
    return noticed.incident.id


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> RiskScene:
    return RiskScene(database, clock)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock) -> RiskScene:
    return RiskScene(sqlite_database, clock)


def minutes(later: datetime | None, earlier: datetime) -> float:
    assert later is not None
    return (later - earlier).total_seconds() / 60


async def test_a_person_gets_an_incident_of_the_highest_tier_and_contact_in_eight_minutes(
    scene: RiskScene,
) -> None:
    incident = await scene.get(await scene.opened())
    assert (incident.kind, incident.tier, incident.posts) == (Kind.PERSON_AT_RISK, "red", 1)
    assert (incident.scenario, incident.monitor_id, incident.is_private) == (None, "tea", True)
    due = await scene.due_times(incident.id)
    assert minutes(due["human_contact"], incident.opened_at) == 8
    assert {"human_contact", "danger_judged", "handed_over"} <= await scene.pending_timers()


async def test_a_breached_contact_is_escalated_to_the_executive(local: RiskScene) -> None:
    incident = await local.opened()
    await local.pass_time(minutes=11)
    late = (await local.steps(incident))["human_contact"]
    assert late.state == "breached"
    rows = await local.rows(tables.outbox)
    escalated = [
        row["data"]["step"] for row in rows
        if row["type"] == "step.escalated" and row["data"]["step"]["step"] == "human_contact"
    ]  # fmt: skip
    assert [step["escalate_to"] for step in escalated] == ["executive"]


async def test_noticing_again_changes_nothing(scene: RiskScene) -> None:
    opened = await scene.opened()
    before = await scene.footprint()
    again = await scene.notice()
    assert (again.notice, incident_of(again)) == (Notice.KNOWN, opened)
    assert await scene.footprint() == before


async def test_what_has_ended_is_not_opened_by_the_same_post(local: RiskScene) -> None:
    opened = await local.opened()
    await local.act(opened, Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE)
    assert (await local.notice()).notice is Notice.KNOWN


async def test_the_same_author_joins_the_open_one_and_is_told(scene: RiskScene) -> None:
    opened = await scene.opened()
    scene.clock.step(hours=2)
    joined = await scene.notice(2)
    assert (joined.notice, incident_of(joined)) == (Notice.JOINED, opened)
    incident = await scene.get(opened)
    assert (incident.posts, incident.last_post_at) == (2, scene.clock.now())
    assert "text_joined" in await scene.kinds()
    assert (await scene.told()).count("incident.updated") == 1


async def test_two_people_at_the_same_instant_are_two_incidents(scene: RiskScene) -> None:
    assert await scene.opened() != await scene.opened(2, author="au_2")


async def test_two_replicas_open_one(scene: RiskScene) -> None:
    noticed = await asyncio.gather(*(scene.notice(number) for number in (1, 2, 3)))
    assert len({incident_of(item) for item in noticed}) == 1
    assert await scene.count(tables.incident) == 1


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.FALSE_POSITIVE])
async def test_a_text_after_the_end_is_a_new_alarm(local: RiskScene, state: State) -> None:
    opened = await local.opened()
    ways = {
        State.RESOLVED: (Action.ACKNOWLEDGE, Action.RESOLVE),
        State.CLOSED: (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE),
        State.FALSE_POSITIVE: (Action.MARK_FALSE_POSITIVE,),
    }
    await local.act(opened, *ways[state])
    local.clock.step(minutes=5)
    noticed = await local.notice(2)
    assert noticed.notice is Notice.OPENED
    assert noticed.incident is not None
    assert noticed.incident.previous_id == opened


async def test_a_day_later_it_is_a_new_alarm(local: RiskScene) -> None:
    opened = await local.opened()
    local.clock.step(seconds=JOINS_FOR.total_seconds())
    assert (await local.notice(2)).notice is Notice.JOINED
    local.clock.step(seconds=1)
    assert await local.opened(3) != opened


async def test_who_passes_it_on_is_not_the_person(local: RiskScene) -> None:
    opened = await local.opened()
    shared = await local.notice(2, author="au_2", shares="post1")
    assert (shared.notice, incident_of(shared)) == (Notice.SHARED, opened)
    assert (await local.notice(3, author="au_3", shares="unknown")).notice is Notice.OPENED


async def test_a_share_after_the_end_is_an_alarm_of_its_own(local: RiskScene) -> None:
    opened = await local.opened()
    await local.act(opened, Action.ACKNOWLEDGE, Action.RESOLVE)
    local.clock.step(minutes=1)
    assert (await local.notice(2, author="au_2", shares="post1")).notice is Notice.OPENED


async def test_an_archive_opens_nothing(local: RiskScene) -> None:
    old = local.clock.now() - TOO_OLD - timedelta(seconds=1)
    noticed = await local.notice(said_at=old)
    assert (noticed.notice, noticed.incident) == (Notice.TOO_OLD, None)
    assert await local.count(tables.incident) == 0


async def test_an_earlier_text_that_comes_late_moves_the_first_post_only(local: RiskScene) -> None:
    opened = await local.opened()
    earlier = local.clock.now() - timedelta(hours=3)
    await local.notice(2, said_at=earlier)
    incident = await local.get(opened)
    assert (incident.first_post_at, incident.last_post_at) == (earlier, local.clock.now())
    due = await local.due_times(opened)
    assert minutes(due["human_contact"], incident.opened_at) == 8


async def test_nothing_that_was_said_leaves(local: RiskScene) -> None:
    opened = await local.opened()
    await local.notice(2)
    desk, steps = local.desk, local.response_desk
    await desk.set_tier(LEAD, opened, "orange", reason="说出来的理由")
    await desk.comment(RESPONDER, opened, "说出来的备注")
    await steps.skip(RESPONDER, opened, "post_settled", reason="说出来的缘故")
    await steps.do(RESPONDER, opened, "human_contact", note="说出来的经过")
    await desk.act(LEAD, opened, Action.MARK_FALSE_POSITIVE, reason="说出来的误会")
    rows = await local.rows(tables.outbox)
    told = json.dumps([row["data"] for row in rows], ensure_ascii=False)
    assert len(rows) >= 5
    assert all(word not in told for word in ("天台", "说出来", "wish", "au_1"))
    assert {str(row["data"]["incident"]["reasons"]) for row in rows} == {"[]"}


def test_one_text_is_one_evidence_with_private_data_masked() -> None:
    def seen(author: str | None, item: str) -> Sighting:
        return text_sighting(
            "不想活了，打 13912345678 找我",
            rule="wish", caller="key_1", item_id=item, author=author, now=SteppingClock().now(),
        )  # fmt: skip

    first, again, other = seen("au_1", "a"), seen("au_1", "b"), seen(None, "a")
    assert first.evidence.post_id == again.evidence.post_id != other.evidence.post_id
    assert first.evidence.copy_group == other.evidence.copy_group
    assert "12345678" not in first.evidence.snapshot["text"]
    assert len(first.evidence.sha256) == 64


async def test_a_text_of_nobody_stands_for_its_author(scene: RiskScene) -> None:
    async def classified(text: str) -> Noticed:
        now = scene.clock.now()
        sighting = text_sighting(
            text, rule="wish", caller="key_1", item_id=None, author=None, now=now
        )
        async with scene.database.write() as connection:
            return await scene.people.notice(connection, sighting, now=now)

    first = await classified("不想活了\ud800\x00")
    assert first.notice is Notice.OPENED
    assert (await classified("不想活了\ud800\x00")).notice is Notice.KNOWN
    assert (await classified("活不下去了")).notice is Notice.OPENED


def analysis(hit: PatternHit) -> Analysis:
    key = CopyKey(exact="", simhash=0, bands=())
    return Analysis(language="zh", normal="", tokens=(), copy_key=key, patterns=(hit,))


def test_only_counted_hits_are_self_harm() -> None:
    hit = PatternHit(pattern="self_harm", rule="wish", start=0, end=2, surface="不想")
    assert rule_of(analysis(hit)) == "wish"
    assert rule_of(analysis(replace(hit, suppressed_by="fiction:小说"))) is None
    assert rule_of(analysis(replace(hit, pattern="doxxing"))) is None
