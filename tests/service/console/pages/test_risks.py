"""The risk register in the console: entered, weighed, moved, reviewed, linked, retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from service.auth import SYSTEM, Role
from service.risks import Stage
from service.risks.model import ChangeKind
from tests.support.console_risk_samples import account, entered
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import LEAD

RISK: dict[str, Any] = {
    "title": "配料表与宣传不符",
    "description": "外包装写零添加",
    "legal": "4",
    "user": "3",
    "technical": "2",
    "likelihood": "3",
    "loss": "100,000",
    "loss_currency": "CNY",
    "control_cost": "12000",
    "control_cost_currency": "CNY",
    "compliance_cost": "3000.50",
    "compliance_cost_currency": "CNY",
    "monitor": "",
    "scenario": "product_quality",
    "review_months": "3",
}


def said(page: Any, text: str) -> bool:
    return any(text in script for script in page.scripts)


async def test_a_risk_is_entered_and_stands_in_its_cell_of_the_matrix(scene: ConsoleScene):
    token = await scene.person("wang", Role.LEAD)
    owner = await account(scene, "mei")
    empty = await scene.look("/risks", token)
    assert "登记册里没有这样的条目" in empty.texts
    page = await scene.look("/new-risk", token)
    page.send("new-risk", **(RISK | {"owner": owner, "loss": "十万"}))
    await page.until(lambda: page.refused("loss"))
    page.send("new-risk", **(RISK | {"owner": owner}))
    await page.until(lambda: said(page, "已登记"))
    page = await scene.look("/risks", token)
    for text in ("◆ 中", "9.45 / 25", "mei", "30,000.00 CNY", "14,999.50 CNY", "1 条"):
        assert text in page.texts, text
    cell = await scene.look("/risks?severity=3&likelihood=3", token)
    assert "配料表与宣传不符" in cell.texts
    other = await scene.look("/risks?severity=4&likelihood=3", token)
    assert "配料表与宣传不符" not in other.texts


async def test_an_entry_shows_its_working_and_is_written_anew(scene: ConsoleScene):
    risk = await entered(scene)
    desk, register = scene.container.risk_register.desk, scene.container.risk_register.register
    page = await scene.look(f"/risks/{risk.id}", await scene.person("wang", Role.LEAD))
    assert "(4 × 0.4 + 3 × 0.35 + 2 × 0.25) × 3 = 9.45" in page.texts
    await desk.edit(LEAD, risk.id, replace(risk.draft, technical=5))
    sent = RISK | {"owner": risk.draft.owner, "likelihood": "5"}
    page.send(f"risk-{risk.id}", **sent)
    await page.until(lambda: "keep-mine" in page.keys)
    page.press("keep-mine")
    await page.until(lambda: said(page, "已保存"))
    kept = (await register.get(SYSTEM, risk.id)).risk.draft
    assert (kept.likelihood, kept.technical) == (5, 2)
    read = await scene.look(f"/risks/{risk.id}", await scene.person("viv", Role.VIEWER))
    assert {"修改", "可能性: ", "登记"} <= set(read.texts)
    assert {"move", "retire", f"submit-risk-{risk.id}"}.isdisjoint(read.keys)


async def test_its_owner_moves_and_reviews_it_whatever_their_role(scene: ConsoleScene):
    token = await scene.person("mei", Role.VIEWER)
    risk = await entered(scene, owner="mei")
    register = scene.container.risk_register.register
    page = await scene.look(f"/risks/{risk.id}", token)
    page.press("move")
    await page.until(lambda: "写下打算怎么做、谁来做。" in page.texts)
    page.answer("进入“执行”")
    await page.until(lambda: any("必" in text or "填" in text for text in page.texts))
    assert (await register.get(SYSTEM, risk.id)).risk.stage is Stage.PLAN
    page.send(f"review-{risk.id}", note="看过了", evidence="javascript:alert(1)")
    await page.until(lambda: page.refused("evidence"))
    page.send(f"review-{risk.id}", note="看过了", evidence="https://wiki.example/1")
    await page.until(lambda: said(page, "已记下复评"))
    last = (await register.history(SYSTEM, risk.id, before=None, limit=1))[0]
    assert (last.kind, last.note) == (ChangeKind.REVIEWED, "看过了")
    assert f"submit-risk-{risk.id}" not in page.keys


async def test_an_overdue_review_is_told_in_words(scene: ConsoleScene):
    risk = await entered(scene)
    scene.clock.step(days=100)
    token = await scene.person("wang", Role.LEAD)
    for path in ("/risks?state=overdue", f"/risks/{risk.id}"):
        assert "▲ 复评逾期" in (await scene.look(path, token)).texts, path
    entry = await scene.container.risk_register.register.get(SYSTEM, risk.id)
    assert entry.review.due_at is not None
    assert entry.review.due_at < scene.clock.now() - timedelta(days=1)


async def test_an_incident_is_linked_by_its_address_and_unlinked_again(scene: ConsoleScene):
    risk = await entered(scene)
    incident, drill = await scene.open(), await scene.open(drill=True, monitor_id="m2")
    register = scene.container.risk_register.register
    token = await scene.person("wang", Role.LEAD)
    page = await scene.look(f"/risks/{risk.id}", token)
    for wrong, why in (("inc_none", "没有这样的"), (drill.id, "演练"), ("好的", "没有这样的")):
        page.send(f"link-{risk.id}", target=wrong)
        await page.until(lambda why=why: why in page.refused("target"))
    page.send(f"link-{risk.id}", target=f"https://f.example/console/incidents/{incident.id}?tab=1")
    await page.until(lambda: said(page, "已关联"))
    page = await scene.look(f"/risks/{risk.id}", token)
    assert incident.title in page.texts
    page.press(f"unlink-{incident.id}")
    await page.until(lambda: any("取消与" in text for text in page.texts))
    page.answer("取消关联")
    await page.until(lambda: said(page, "已取消关联"))
    assert (await register.get(SYSTEM, risk.id)).links == ()


async def test_money_of_another_currency_waits_for_its_rate(scene: ConsoleScene):
    token = await scene.person("wang", Role.LEAD)
    risk = await entered(scene)
    rate = {"currency": "usd", "day": "2020-01-01", "rate": "7,1", "origin": "中国外汇交易中心"}
    page = await scene.look("/risk-rates", token)
    assert "还没有录入汇率" in page.texts
    page.send("risk-rate", **rate)
    await page.until(lambda: page.refused("rate"))
    page.send("risk-rate", **(rate | {"rate": "7.1", "day": "2999-01-01"}))
    await page.until(lambda: page.refused("day"))
    page.send("risk-rate", **(rate | {"rate": "7.1"}))
    await page.until(lambda: said(page, "已录入"))
    page = await scene.look(f"/risks/{risk.id}", token)
    sent = RISK | {"owner": risk.draft.owner, "loss": "1000", "loss_currency": "USD"}
    page.send(f"risk-{risk.id}", **sent)
    await page.until(lambda: said(page, "已保存"))
    page = await scene.look(f"/risks/{risk.id}", token)
    assert {"1,000.00 USD", "7,100.00 CNY"} <= set(page.texts)
    page = await scene.look("/risk-rates", token)
    assert "1 USD = 7.1 CNY" in page.texts
    page.press("remove-USD 2020-01-01")
    await page.until(lambda: "删除 USD 在 2020-01-01 的汇率？" in page.texts)
    page.answer("删除")
    await page.until(lambda: any("only one" in text for text in page.told))


async def test_a_retired_risk_stays_to_be_read_and_is_taken_up_again(scene: ConsoleScene):
    risk = await entered(scene)
    desk, register = scene.container.risk_register.desk, scene.container.risk_register.register
    token = await scene.person("wang", Role.LEAD)
    await desk.retire(LEAD, risk.id, reason="产品停产")
    assert risk.draft.title not in (await scene.look("/risks", token)).texts
    assert risk.draft.title in (await scene.look("/risks?state=retired", token)).texts
    page = await scene.look(f"/risks/{risk.id}", token)
    assert "■ 已销号：不再提醒复评，记录保留。" in page.texts
    assert "产品停产" in page.texts
    assert {"move", f"submit-review-{risk.id}"}.isdisjoint(page.keys)
    page.press("reopen")
    await page.until(lambda: "重新登记为风险？" in page.texts)
    page.answer("重新启用")
    await page.until(lambda: any("必" in text or "填" in text for text in page.texts))
    assert (await register.get(SYSTEM, risk.id)).risk.retired
    browser = await scene.http(await scene.person("viv", Role.VIEWER))
    assert (await browser.get("/console/new-risk")).status_code == 403
    assert (await browser.get("/console/risks/none")).status_code == 404
