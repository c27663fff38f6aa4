from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from playbooks.statements import Code
from service.auth import Role
from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.incidents import Kind
from service.incidents.lifecycle import Action
from service.statements import Capacity, Change, Fact, NewStatement, State
from tests.support.incident_scene import LEAD, person
from tests.support.statement_scene import CALM, FA, LIN, MEI, REFUND, RUI, WEI, StatementScene


async def test_a_template_is_filled_from_the_incident(scene: StatementScene) -> None:
    incident = await scene.crisis("orange", "漏水了，气死我了", "又漏")

    statement = await scene.draft(
        incident,
        None,
        template="product_quality.holding",
        title=None,
        emotion=None,
        values={"product": "青柚杯"},
    )

    file = await scene.file(statement.id)
    assert file.statement.title == "质量投诉首份声明"
    assert file.edition.variables["platform"] == "weibo"
    assert "我们在weibo看到有用户反映青柚杯{{ problem }}" in file.edition.text
    assert {"seen_at", "next_update_at"} <= set(file.edition.variables)
    unfilled = [item for item in file.edition.findings if item.code is Code.MISSING_VARIABLE]
    assert {item.surface for item in unfilled} >= {"{{ problem }}", "{{ contact }}"}
    assert (file.statement.emotion, file.statement.intensity) == ("angry", "marked")
    assert file.advice is not None
    assert file.advice.register.id == "owning"
    assert len(file.checks) > 0


async def test_the_name_of_the_brand_is_known(local: StatementScene) -> None:
    now = local.clock.now()
    async with local.database.write() as connection:
        await connection.execute(
            tables.brand.insert().values(
                id="cy",
                name="澄屿",
                kind="own",
                aliases=[],
                created_at=now,
                updated_at=now,
                version=1,
            )
        )
        await connection.execute(
            tables.monitor.insert().values(
                id="tea",
                name="茶",
                query="茶",
                brand_id="cy",
                enabled=True,
                created_at=now,
                updated_at=now,
                version=1,
            )
        )
    incident = await local.crisis()

    statement = await local.draft(incident, None, template="product_quality.holding")

    assert (await local.file(statement.id)).edition.variables["brand"] == "澄屿"


async def test_the_register_is_put_into_a_draft_that_lacks_it(local: StatementScene) -> None:
    incident = await local.crisis("yellow", "很怕，不敢用了")

    statement = await local.draft(
        incident, None, template="product_quality.update", emotion="sad", intensity="strong"
    )

    text = (await local.file(statement.id)).edition.text
    assert "向受到伤害的人和家属致以慰问" in text
    assert "先陪好人" in text


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"template": "none"}, "template"),
        ({"text": None}, "text"),
        ({"text": "好" * 20_001}, "text"),
        ({"emotion": "bored"}, "emotion"),
        ({"intensity": "huge"}, "intensity"),
        ({"title": " "}, "title"),
        ({"facts": (Fact(text="38 例", source=" "),)}, "facts.0.source"),
        ({"values": {"x": "好" * 2_001}}, "values.x"),
    ],
)
async def test_what_cannot_be_meant_is_refused_by_name(
    local: StatementScene, changes: dict[str, Any], path: str
) -> None:
    incident = await local.crisis()
    wanted: dict[str, Any] = {"title": "说明", "text": CALM, **changes}

    with pytest.raises(InvalidInput) as refused:
        await local.stating.desk.draft(RUI, incident.id, NewStatement(**wanted))

    assert [name for name, _ in refused.value.errors] == [path]


async def test_values_that_the_template_does_not_know_are_refused(local: StatementScene) -> None:
    incident = await local.crisis()

    with pytest.raises(InvalidInput, match="does not know weather"):
        await local.draft(incident, None, template="closing", values={"weather": "晴"})


async def test_nothing_is_stated_about_what_never_was(local: StatementScene) -> None:
    incident = await local.crisis()
    await local.desk.act(LEAD, incident.id, Action.MARK_FALSE_POSITIVE, reason="no")

    with pytest.raises(Conflict, match="false_positive"):
        await local.draft(incident)


async def test_every_save_is_a_version_and_voids_the_approvals(scene: StatementScene) -> None:
    incident = await scene.crisis()
    statement = await scene.approved(incident)

    saved = await scene.stating.desk.save(
        RUI, statement.id, Change(text=f"{CALM}请等我们的消息。", note="加一句")
    )

    assert (saved.state, saved.edition, saved.approved_at) == (State.DRAFT, 2, None)
    file = await scene.file(statement.id)
    assert [item.void_reason for item in file.approvals] == ["the wording has changed"]
    assert [item.number for item in await scene.stating.reading.editions(LIN, statement.id)] == [
        1,
        2,
    ]
    assert "a lead" in file.missing


async def test_saving_the_same_words_changes_nothing(local: StatementScene) -> None:
    statement = await local.approved(await local.crisis())

    saved = await local.stating.desk.save(RUI, statement.id, Change(text=CALM))

    assert saved == statement


async def test_an_older_version_is_told_what_changed(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis())
    await scene.stating.desk.save(MEI, statement.id, Change(text="新的话。", note="重写"))

    with pytest.raises(Conflict, match=r"wording 2 is by usr_mei \(重写\)") as refused:
        await scene.stating.desk.save(
            RUI, statement.id, Change(text="旧的话。"), version=statement.version
        )

    assert [name for name, _ in refused.value.errors] == ["editions.2"]


async def test_new_values_fill_the_template_again(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis(), None, template="closing")

    await local.stating.desk.save(RUI, statement.id, Change(values={"brand": "澄屿"}))

    assert (await local.file(statement.id)).edition.text.endswith("澄屿")


async def test_values_fill_nothing_that_was_written_freely(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis())

    with pytest.raises(InvalidInput, match="no template to fill"):
        await local.stating.desk.save(RUI, statement.id, Change(values={"brand": "澄屿"}))


async def test_a_blocking_finding_keeps_it_from_being_submitted(local: StatementScene) -> None:
    incident = await local.crisis("yellow", "有12个人说漏水")
    statement = await local.draft(incident, "对不起，已有12人、38单反映，国家级配方绝对安全。")

    with pytest.raises(Conflict) as refused:
        await local.stating.desk.submit(RUI, statement.id)

    assert {name for name, _ in refused.value.errors} == {
        "findings.unverified_fact",
        "findings.absolute_claim",
    }
    assert "'38'" in refused.value.detail
    assert "'12'" not in refused.value.detail


async def test_a_fact_with_its_source_is_verified(local: StatementScene) -> None:
    statement = await local.draft(
        await local.crisis(),
        "对不起，已核实 38 单。",
        facts=(Fact(text="38 单", source="工单系统"),),
    )

    assert statement.blocking == 0


async def test_what_was_assessed_is_verified(local: StatementScene) -> None:
    incident = await local.crisis("orange")
    before = await local.draft(incident, "对不起，已核实 38 单。")
    await local.act(incident.id, Action.ACKNOWLEDGE, Action.RESPOND)
    steps = (await local.responding.response_desk.file(LEAD, incident.id)).stored.run.steps
    first = next(step.id for step in steps if step.id == "first_response")
    await local.responding.response_desk.do(LEAD, incident.id, first, note="共 38 单")

    after = await local.stating.desk.submit(RUI, before.id)

    assert (before.blocking, after.state) == (1, State.SUBMITTED)


async def test_abuse_blocks_and_anger_is_advised_against(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis(), "对不起。滚开。气死人了。")

    codes = [item.code for item in (await local.file(statement.id)).edition.findings]
    assert codes == [Code.HARSH_TONE, Code.TONE_MISMATCH]


@pytest.mark.parametrize("trouble", ["busy", "blind"])
async def test_without_an_encoder_the_rest_is_linted(local: StatementScene, trouble: str) -> None:
    setattr(local.reader, trouble, True)
    incident = await local.crisis("yellow", "气死我了")

    statement = await local.draft(incident, "国家级配方。滚开。", emotion=None)

    edition = (await local.file(statement.id)).edition
    assert edition.degraded == ("tone", "register")
    assert [item.surface for item in edition.findings] == ["国家级"]
    assert statement.emotion is None


async def test_one_person_approves_and_never_the_writer_alone(scene: StatementScene) -> None:
    incident = await scene.crisis("orange")
    statement = await scene.draft(incident, by=LIN)
    await scene.stating.desk.submit(LIN, statement.id)

    alone = await scene.stating.desk.approve(LIN, statement.id, Capacity.LEAD)
    both = await scene.stating.desk.approve(MEI, statement.id, Capacity.LEAD, note="可以")

    assert (alone.state, both.state) == (State.SUBMITTED, State.APPROVED)
    assert (alone.approved_at, both.approved_at) == (None, scene.clock.now())


async def test_red_takes_two_and_a_promise_legal_besides(scene: StatementScene) -> None:
    incident = await scene.crisis("red")
    statement = await scene.submitted(incident, REFUND)
    desk = scene.stating.desk

    states = [
        (await desk.approve(LIN, statement.id, Capacity.LEAD)).state,
        (await desk.approve(FA, statement.id, Capacity.LEGAL)).state,
        (await desk.approve(MEI, statement.id, Capacity.LEAD)).state,
    ]

    assert states == [State.SUBMITTED, State.SUBMITTED, State.APPROVED]
    with pytest.raises(IllegalTransition, match="publish it"):
        await desk.approve(person("third", Role.LEAD), statement.id, Capacity.LEAD)


async def test_nobody_approves_twice_or_in_a_role_not_theirs(local: StatementScene) -> None:
    statement = await local.submitted(await local.crisis("red"))
    await local.stating.desk.approve(LIN, statement.id, Capacity.LEAD)

    with pytest.raises(Conflict, match="another person"):
        await local.stating.desk.approve(LIN, statement.id, Capacity.LEAD)
    with pytest.raises(Forbidden, match="as legal"):
        await local.stating.desk.approve(MEI, statement.id, Capacity.LEGAL)
    with pytest.raises(Forbidden, match="may not approve"):
        await local.stating.desk.approve(RUI, statement.id, Capacity.LEAD)


async def test_a_promise_without_owner_or_date_is_not_approved(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis(), REFUND)
    await scene.stating.desk.submit(RUI, statement.id)

    with pytest.raises(Conflict, match=r"has no owner.*has no date"):
        await scene.stating.desk.approve(LIN, statement.id, Capacity.LEAD)


async def test_sent_back_it_is_a_draft_with_the_reason(scene: StatementScene) -> None:
    statement = await scene.approved(await scene.crisis())

    back = await scene.stating.desk.send_back(LIN, statement.id, reason="先问过家属")

    assert (back.state, back.submitted_at) == (State.DRAFT, None)
    assert [item.void_reason for item in (await scene.file(statement.id)).approvals] == [
        "先问过家属"
    ]
    with pytest.raises(InvalidInput, match="reason"):
        await scene.stating.desk.send_back(LIN, statement.id, reason=" ")


async def test_withdrawn_before_it_was_out_it_promises_nothing(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis(), REFUND)

    await scene.stating.desk.withdraw(RUI, statement.id, reason="重写")

    assert [row.state for row in await scene.promises(statement.id)] == ["dropped"]
    with pytest.raises(IllegalTransition, match="withdrawn"):
        await scene.stating.desk.save(RUI, statement.id, Change(text="好。"))


async def test_every_deed_is_on_timeline_trail_and_outbox(scene: StatementScene) -> None:
    incident = await scene.crisis()
    await scene.approved(incident)

    rows = await scene.rows(tables.audit_entry)
    deeds = [row["action"] for row in rows if row["action"].startswith("statement.")]
    assert deeds == ["statement.drafted", "statement.submitted", "statement.approved"]
    events = {row["kind"] for row in await scene.rows(tables.incident_event)}
    assert {"statement_drafted", "statement_submitted", "statement_approved"} <= events
    told = [
        data["statement"]["deed"]
        for data in await scene.told("incident.updated")
        if "statement" in data
    ]
    assert told == ["submitted", "approved"]


async def test_who_may_not_write_is_refused_first(local: StatementScene) -> None:
    incident = await local.crisis()

    with pytest.raises(Forbidden):
        await local.draft(incident, by=WEI)
    with pytest.raises(Forbidden):
        await local.stating.desk.submit(WEI, "stm_none")
    with pytest.raises(NotFound, match="no statement"):
        await local.stating.desk.submit(RUI, "stm_none")


async def test_a_person_at_risk_is_stated_to_nobody_outside(local: StatementScene) -> None:
    incident = await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="h")
    statement = await local.draft(incident)
    await local.stating.desk.submit(RUI, statement.id)

    with pytest.raises(Forbidden, match="rota"):
        await local.stating.reading.file(FA, statement.id)
    told = [data for data in await local.told("incident.updated") if "statement" in data]
    assert [data["statement"]["title"] for data in told] == [None]


async def test_of_two_at_once_one_is_told(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis())
    faster = partial(scene.stating.desk.save, MEI, statement.id, Change(text="先写完的。"))
    scene.reader.meanwhile = faster

    with pytest.raises(Conflict, match="has changed since version 1"):
        await scene.stating.desk.save(RUI, statement.id, Change(text="后写完的。"))


async def test_the_same_draft_at_the_same_instant_is_one(local: StatementScene) -> None:
    incident = await local.crisis()
    wanted = NewStatement(title="说明", text=CALM, emotion="angry")

    first = await local.stating.desk.draft(RUI, incident.id, wanted)

    assert await local.stating.desk.draft(RUI, incident.id, wanted) == first
