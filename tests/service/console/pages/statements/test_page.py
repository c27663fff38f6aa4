"""A statement in the console: begun, written, judged, answered for, published, compared."""

from __future__ import annotations

from nicegui import ui

from service.auth import Role
from service.incidents import Kind
from service.statements import (
    Capacity,
    Change,
    NewStatement,
    State,
    Statement,
    StatementFilter,
)
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.incident_scene import LEAD, RESPONDER, person

CALM = "我们正在核实这件事，给大家添了麻烦，对不起。"
GRAVE = "我们的杯子绝对不会再漏，对不起。"


async def written(scene: ConsoleScene, text: str = CALM, tier: str = "yellow") -> Statement:
    rank = {"yellow": 1, "red": 3}[tier]
    incident = await scene.open(tier=tier, tier_rank=rank)
    wanted = NewStatement(title="说明", text=text, emotion="angry", intensity="marked")
    return await scene.container.statements.desk.draft(RESPONDER, incident.id, wanted)


async def at(scene: ConsoleScene, statement: Statement, name: str, *roles: Role) -> Viewer:
    token = await scene.person(name, *roles)
    return await scene.look(f"/statements/{statement.id}", token)


async def now(scene: ConsoleScene, statement: Statement) -> Statement:
    return (await scene.container.statements.reading.file(LEAD, statement.id)).statement


async def test_a_draft_begins_from_a_template_with_what_the_incident_knows(scene: ConsoleScene):
    incident = await scene.open()
    token = await scene.person("rui", Role.RESPONDER)
    page = await scene.look(f"/incidents/{incident.id}/statements/new", token)
    page.send(f"template-{incident.id}", template="product_quality.holding")
    await page.until(lambda: any("/console/statements/stm_" in code for code in page.scripts))
    (made,) = await scene.container.statements.reading.page(LEAD, _of(incident.id))
    assert made.template == "product_quality.holding"


async def test_what_is_written_freely_needs_its_words(scene: ConsoleScene):
    incident = await scene.open()
    page = await scene.look(
        f"/incidents/{incident.id}/statements/new", await scene.person("rui", Role.RESPONDER)
    )
    form = f"statement-{incident.id}"
    page.send(form, title="说明", kind="holding", lang="zh", text="")
    await page.until(lambda: page.refused("text"))
    page.send(form, title="说明", kind="holding", lang="zh", text=CALM)
    await page.until(lambda: any("/console/statements/stm_" in code for code in page.scripts))


async def test_a_viewer_may_not_begin_one_and_reads_which_roles_may(scene: ConsoleScene):
    incident = await scene.open()
    page = await scene.look(
        f"/incidents/{incident.id}/statements/new", await scene.person("wei", Role.VIEWER)
    )
    assert "开始起草" not in page.texts


async def test_a_draft_saves_itself_and_is_judged_while_it_is_typed(scene: ConsoleScene):
    statement = await written(scene)
    page = await at(scene, statement, "rui", Role.RESPONDER)
    assert "没有发现问题。" in page.texts
    page.pause(f"statement-{statement.id}", title="说明", text=GRAVE, note="")
    await page.until(lambda: "1 处必须改，0 处建议" in page.texts)
    assert (await now(scene, statement)).edition == 2
    assert "submit" not in page.keys
    page.pause(f"statement-{statement.id}", title="说明", text=CALM, note="")
    await page.until(lambda: "submit" in page.keys)
    assert page.told == [], "saving by itself pops nothing up"


async def test_what_is_submitted_is_judged_but_not_saved_by_a_pause(scene: ConsoleScene):
    statement = await written(scene)
    await scene.container.statements.desk.submit(RESPONDER, statement.id)
    page = await at(scene, statement, "rui", Role.RESPONDER)
    page.pause(f"statement-{statement.id}", title="说明", text=GRAVE, note="")
    await page.until(lambda: "按你正在写的文字检查，尚未保存。" in page.texts)
    assert (await now(scene, statement)).edition == 1
    assert (await now(scene, statement)).state is State.SUBMITTED


async def test_who_saves_over_another_sees_what_changed_and_loses_nothing(scene: ConsoleScene):
    statement = await written(scene)
    page = await at(scene, statement, "rui", Role.RESPONDER)
    await scene.container.statements.desk.save(LEAD, statement.id, Change(text=CALM + "稍后再报。"))
    scene.clock.step(seconds=1)
    await page.until(lambda: "其他人刚刚做了" in page.texts)
    page.send(f"statement-{statement.id}", title="说明", text=CALM + "请稍候。", note="")
    await page.until(lambda: "keep-mine" in page.keys)
    assert (await now(scene, statement)).edition == 2
    page.press("keep-mine")
    await page.until(lambda: "已保存" in page.told)
    file = await scene.container.statements.reading.file(LEAD, statement.id)
    assert file.edition.text == CALM + "请稍候。"


async def test_filling_in_a_variable_keeps_what_was_written_around_it(scene: ConsoleScene):
    incident = await scene.open()
    desk = scene.container.statements.desk
    made = await desk.draft(
        RESPONDER, incident.id, NewStatement(template="product_quality.holding")
    )
    await desk.save(
        RESPONDER, made.id, Change(text="关于{{ product }}的说明。{{ brand }}。手写的一句。")
    )
    page = await at(scene, made, "rui", Role.RESPONDER)
    page.send(f"fill-{made.id}", product="青柚茶", brand="晨屿")
    await page.until(lambda: "已填入正文" in page.told)
    file = await scene.container.statements.reading.file(LEAD, made.id)
    assert file.edition.text == "关于青柚茶的说明。晨屿。手写的一句。"
    await page.until(
        lambda: any("关于青柚茶" in str(it.props.get("defaultValue")) for it in page.elements)
    )
    page.send(f"fill-{made.id}", product="青柚杯", brand="晨屿")
    await page.until(
        lambda: any("关于青柚杯" in str(it.props.get("defaultValue")) for it in page.elements)
    )
    file = await scene.container.statements.reading.file(LEAD, made.id)
    assert file.edition.text == "关于青柚杯的说明。晨屿。手写的一句。"


async def test_in_red_two_persons_answer_for_it_and_not_its_writer_alone(scene: ConsoleScene):
    statement = await written(scene, tier="red")
    await scene.container.statements.desk.submit(RESPONDER, statement.id)
    page = await at(scene, statement, "lin", Role.LEAD)
    assert "还差：2 人、一位主管、一位没有参与写的人" in page.texts
    page.press("approve-lead")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("批准")
    await page.until(lambda: "还差：1 人" in page.texts)
    assert "approve-lead" not in page.keys, "nobody approves twice"
    mei = await at(scene, statement, "mei", Role.LEAD)
    mei.press("approve-lead")
    await mei.until(lambda: mei.of(ui.dialog))
    mei.answer("批准")
    await mei.until(lambda: "已批准" in mei.texts)
    assert (await now(scene, statement)).state is State.APPROVED


async def test_it_is_sent_back_with_a_reason(scene: ConsoleScene):
    statement = await written(scene)
    await scene.container.statements.desk.submit(RESPONDER, statement.id)
    page = await at(scene, statement, "lin", Role.LEAD)
    page.press("send-back")
    await page.until(lambda: page.of(ui.dialog))
    box = next(it for it in page.of(ui.dialog)[-1].descendants() if isinstance(it, ui.textarea))
    box.set_value("太硬")
    page.answer("退回")
    await page.until(lambda: "草稿" in page.texts)
    assert (await now(scene, statement)).state is State.DRAFT


async def test_where_it_went_out_is_noted_and_what_is_wrong_lands_at_its_field(scene: ConsoleScene):
    statement = await written(scene)
    desk = scene.container.statements
    await desk.desk.submit(RESPONDER, statement.id)
    await desk.approvals.approve(LEAD, statement.id, Capacity.LEAD)
    page = await at(scene, statement, "rui", Role.RESPONDER)
    form = f"publish-{statement.id}"
    page.send(form, place="官方微博", url="javascript:alert(1)", at="", step=False)
    await page.until(lambda: page.refused("url"))
    page.send(form, place="官方微博", url="https://social.example/1", at="", step=False)
    await page.until(lambda: "已发布" in page.texts)
    assert (await now(scene, statement)).state is State.PUBLISHED
    await page.until(lambda: "发布还不满 1 小时，再等等看。" in page.texts)


async def test_facts_with_a_source_lift_what_they_prove(scene: ConsoleScene):
    statement = await written(scene, "共收到38例反映，正在核实，对不起。")
    page = await at(scene, statement, "rui", Role.RESPONDER)
    assert any("处必须改" in text for text in page.texts)
    page.send(f"fact-{statement.id}", text="共收到38例反映", source="客服工单系统")
    await page.until(lambda: "客服工单系统" in page.texts)
    assert (await now(scene, statement)).blocking == 0
    page.press("fact-0")
    await page.until(lambda: "客服工单系统" not in page.texts)


async def test_two_wordings_are_compared(scene: ConsoleScene):
    statement = await written(scene)
    await scene.container.statements.desk.save(
        RESPONDER, statement.id, Change(text=CALM.replace("对不起", "非常抱歉"), note="更诚恳")
    )
    page = await at(scene, statement, "wei", Role.VIEWER)
    page.send(f"compare-{statement.id}", **{"from": "1", "to": "2"})
    await page.until(lambda: "非常抱歉" in page.texts)
    tags = {item.text: item.tag for item in page.elements if hasattr(item, "text")}
    assert (tags["对不起"], tags["非常抱歉"]) == ("del", "ins")
    assert "更诚恳" in page.texts


async def test_promises_get_an_owner_and_a_date(scene: ConsoleScene):
    statement = await written(scene, CALM + "同批次产品全额退款。")
    page = await at(scene, statement, "rui", Role.RESPONDER)
    assert "还没有负责人" in page.texts
    (row,) = (await scene.container.statements.reading.file(LEAD, statement.id)).promises
    page.send(f"promise-{row.id}", owner="service", due_at="2024-03-20T18:00")
    await page.until(lambda: "还没有负责人" not in page.texts)
    (row,) = (await scene.container.statements.reading.file(LEAD, statement.id)).promises
    assert row.owner == "service"


async def test_every_statement_is_listed_with_what_it_waits_for(scene: ConsoleScene):
    statement = await written(scene)
    await scene.container.statements.desk.submit(RESPONDER, statement.id)
    page = await scene.look("/statements?state=submitted", await scene.person("wei", Role.VIEWER))
    assert "说明" in page.texts
    assert "待批准" in page.texts
    none = await scene.look("/statements?state=published", await scene.person("li", Role.VIEWER))
    assert "说明" not in none.texts


async def test_statements_about_a_person_at_risk_are_for_its_rota(scene: ConsoleScene):
    incident = await scene.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="per_1")
    wanted = NewStatement(title="说明", text=CALM)
    made = await scene.container.statements.desk.draft(
        person("rui2", Role.RESPONDER), incident.id, wanted
    )
    client = await scene.http(await scene.person("fa", Role.LEGAL))
    assert (await client.get(f"/console/statements/{made.id}")).status_code == 403
    page = await at(scene, made, "rui", Role.RESPONDER)
    assert any("有人处于危险" in text for text in page.texts)


def _of(incident_id: str) -> StatementFilter:
    return StatementFilter(incident_id=incident_id)
