"""Handling: times, targets, and what each crisis cost."""

from __future__ import annotations

from nicegui import ui

from service.auth import SYSTEM, Role
from service.handling.cost import CostKind
from service.incidents import Action
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.insight_scene import brands

NOTHING = {"note": ""}


async def crises(scene: ConsoleScene, number: int) -> list[str]:
    """So many, each resolved an hour after it was opened."""
    ids = []
    for _ in range(number):
        incident = await scene.open()
        scene.clock.step(hours=1)
        for action in (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE):
            await scene.act(incident.id, action)
        ids.append(incident.id)
        scene.clock.step(hours=1)
    return ids


async def test_five_crises_have_a_median_and_fewer_have_none(scene: ConsoleScene):
    await brands(scene)
    await crises(scene, 4)
    token = await scene.person("lin", Role.VIEWER)
    page = await scene.look("/handling", token)
    await page.until(lambda: "数据不足（4 起，至少 5 起）" in page.texts)
    assert "目标 4.2 小时 内" in page.texts
    await crises(scene, 1)
    page = await scene.look("/handling?by=scenario", token)
    await page.until(lambda: "九成在 1小时 内" in page.texts)
    assert any("示例" in text for text in page.texts)
    assert "目标不超过 8%" in page.texts
    files = [str(item.props.get("href", "")) for item in page.elements]
    assert any(file.startswith("/v1/handling/incidents?") for file in files)


async def test_no_crises_and_a_scenario_that_there_is_not(scene: ConsoleScene):
    token = await scene.person("lin", Role.VIEWER)
    page = await scene.look("/handling", token)
    assert "这段时间没有真实的危机" in page.texts
    page = await scene.look("/handling?scenario=none", token)
    assert any("no scenario 'none'" in text for text in page.texts)


def told(page: Viewer, text: str) -> bool:
    return any(text in script for script in page.scripts)


async def test_hours_are_entered_refused_and_withdrawn(scene: ConsoleScene):
    await brands(scene)
    (incident,) = await crises(scene, 1)
    token = await scene.person("rui", Role.RESPONDER)
    page = await scene.look(f"/handling/{incident}", token)
    form = f"cost-hours-{incident}"
    page.send(form, role="legal", hours="many", **NOTHING)
    await page.until(lambda: page.refused("hours"))
    page.send(form, role="legal", hours="1.5", note="核对声明")
    await page.until(lambda: told(page, "已录入"))
    file = await scene.container.handling.ledger.of(SYSTEM, incident)
    (entry,) = file.entries
    assert (entry.kind, entry.role, str(entry.hours)) == (CostKind.HOURS, "legal", "1.5")
    again = await scene.look(f"/handling/{incident}", token)
    assert "工时 · 法务 · 1.5 h" in again.texts
    again.press(f"withdraw-{entry.id}")
    await again.until(lambda: "撤回“工时 · 法务 · 1.5 h”？" in again.texts)
    again.answer("撤回")
    # Without a reason nothing is withdrawn.
    await again.until(lambda: "请把上面的内容填完整。" in again.texts)
    assert (await scene.container.handling.ledger.of(SYSTEM, incident)).entries == file.entries
    again.of(ui.textarea)[-1].value = "记错了事件"
    again.answer("撤回")
    await again.until(lambda: told(again, "已撤回"))
    assert (await scene.container.handling.ledger.of(SYSTEM, incident)).entries == ()


async def test_a_loss_in_a_currency_without_a_rate_is_refused_at_its_field(scene: ConsoleScene):
    await brands(scene)
    (incident,) = await crises(scene, 1)
    page = await scene.look(f"/handling/{incident}", await scene.person("rui", Role.RESPONDER))
    form = f"cost-loss-{incident}"
    page.send(form, amount="100", currency="usd", **NOTHING)
    await page.until(lambda: page.refused("currency"))
    page.send(form, amount="1,000.50", currency="", **NOTHING)
    await page.until(lambda: told(page, "已录入"))
    (entry,) = (await scene.container.handling.ledger.of(SYSTEM, incident)).entries
    assert entry.money is not None
    assert str(entry.money.amount) == "1000.50"


async def test_a_viewer_enters_nothing_and_a_false_alarm_has_no_cost(scene: ConsoleScene):
    await brands(scene)
    (incident,) = await crises(scene, 1)
    token = await scene.person("wei", Role.VIEWER)
    page = await scene.look(f"/handling/{incident}", token)
    assert "录入工时" not in page.texts
    alarm = await scene.open()
    await scene.act(alarm.id, Action.MARK_FALSE_POSITIVE)
    page = await scene.look(f"/handling/{alarm.id}", token)
    assert any("false alarm" in text for text in page.texts)
