"""A person at risk and a backlog in the console: who sees what."""

from __future__ import annotations

from service.auth import Role
from service.db import tables
from service.incidents import Action, Incident, Kind
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import evidence

TEXT = "就在天台，不想活了"


async def at_risk(scene: ConsoleScene) -> Incident:
    return await scene.open(
        kind=Kind.PERSON_AT_RISK,
        scenario=None,
        subject="per_1",
        title="有人处于危险",
        tier="red",
        tier_rank=3,
        reasons=({"clause": "self_harm", "value": "tired", "threshold": None},),
        posts=1,
        evidence=(evidence(1, at=START, text=TEXT),),
    )


async def test_the_rota_works_it_from_queue_to_page(scene: ConsoleScene):
    incident = await at_risk(scene)
    token = await scene.person("rui", Role.RESPONDER)
    queue = await scene.look("/", token)
    assert "有人处于危险" in queue.texts
    page = await scene.look(f"/incidents/{incident.id}", token)
    for text in ("真人联系本人", "判断危急程度", "给出求助渠道", "文中有自伤的表露", TEXT):
        assert text in page.texts
    rows = await scene.rows(tables.audit_entry)
    assert [row["subject_id"] for row in rows if row["action"] == "incident.read"] == [incident.id]


async def test_nobody_else_sees_or_counts_it(scene: ConsoleScene):
    incident = await at_risk(scene)
    for name, role in (("wei", Role.VIEWER), ("fa", Role.LEGAL), ("ann", Role.ADMIN)):
        token = await scene.person(name, role)
        queue = await scene.look("/", token)
        assert "有人处于危险" not in queue.texts
        assert "真人联系本人" not in queue.texts
        answer = await (await scene.http(token)).get(f"/console/incidents/{incident.id}")
        assert answer.status_code == 403
        assert "天台" not in answer.text


async def test_an_ended_one_stays_out_of_others_history(scene: ConsoleScene):
    incident = await at_risk(scene)
    await scene.act(incident.id, Action.MARK_FALSE_POSITIVE)
    viewer = await scene.look("/history", await scene.person("wei", Role.VIEWER))
    assert "有人处于危险" not in viewer.texts
    lead = await scene.look("/history", await scene.person("lin", Role.LEAD))
    assert "有人处于危险" in lead.texts


async def test_a_backlog_is_for_all_to_see_with_its_figures(scene: ConsoleScene):
    incident = await scene.open(
        kind=Kind.BACKLOG,
        monitor_id="",
        scenario=None,
        subject="review.second",
        reasons=({"clause": "oldest_age_s", "value": 11_400.0, "threshold": 7200.0},),
        evidence=(),
    )
    page = await scene.look(
        f"/incidents/{incident.id}", await scene.person("wei", Role.VIEWER), language="en"
    )
    for text in (
        "Backlog",
        "Triage by risk",
        "Oldest item waits",
        "Backlog · review.second",
        "3h 10m",
    ):
        assert any(text in shown for shown in page.texts), text
