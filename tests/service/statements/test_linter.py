from __future__ import annotations

import pytest

from playbooks.statements import Code
from service.errors import Conflict
from service.incidents.lifecycle import Action
from service.statements import Fact, State
from tests.support.incident_scene import LEAD
from tests.support.statement_scene import RUI, StatementScene


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
