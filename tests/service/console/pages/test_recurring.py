"""Recurring duties in the console: planned, done, left out, changed, deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

from nicegui import ui

from service.auth import SYSTEM, Role
from service.oncall.model import Target, TargetKind
from service.recurring import RecurringDraft, Round, RoundState
from tests.support.console_scene import ConsoleScene

FIELDS: dict[str, Any] = {
    "name": "风险排查",
    "owner": "role:pr",
    "deputy": "",
    "starts_on": "2024-01-01",
    "every_months": "3",
    "day": "5",
    "working_day": True,
    "at": "10:00",
    "zone": "Asia/Shanghai",
    "warn_days": "7",
    "escalate_days": "3",
    "instructions": "五类各列前三",
}


async def planned(scene: ConsoleScene) -> Round:
    """A duty, and its open round."""
    duty = RecurringDraft(
        id="risk",
        name="风险排查",
        owner=Target(kind=TargetKind.ROLE, id="pr"),
        starts_on=date(2024, 1, 1),
        every_months=3,
        day=5,
        working_day=True,
    )
    await scene.container.recurring.put(SYSTEM, duty)
    return (await rounds(scene))[0]


async def rounds(scene: ConsoleScene) -> tuple[Round, ...]:
    return await scene.container.recurring_desk.rounds(SYSTEM, "risk", limit=9)


async def test_a_duty_is_added_and_planned(scene: ConsoleScene):
    token = await scene.person("wang", Role.LEAD)
    empty = await scene.look("/recurring", token)
    assert "还没有周期职责" in empty.texts
    page = await scene.look("/new-recurring", token)
    page.send("recurring-new", **FIELDS, id="risk")
    await page.until(lambda: any('"/console/recurring"' in script for script in page.scripts))
    (first,) = await rounds(scene)
    assert first.state is RoundState.OPEN
    listed = await scene.look("/recurring", token)
    assert "每 3 个月，第 5 个工作日 10:00" in listed.texts


async def test_what_is_wrong_stands_at_its_field(scene: ConsoleScene):
    page = await scene.look("/new-recurring", await scene.person("wang", Role.LEAD))
    wrong = {"every_months": "0", "warn_days": "99", "zone": "Mars/Olympus"}
    page.send("recurring-new", **(FIELDS | wrong), id="risk")
    await page.until(lambda: page.refused("every_months"))
    assert page.refused("warn_days")
    assert page.refused("zone")
    page.send("recurring-new", **(FIELDS | {"at": "bald"}), id="risk")
    await page.until(lambda: page.refused("at"))


async def test_a_round_is_done_with_what_was_done(scene: ConsoleScene):
    which = await planned(scene)
    token = await scene.person("eva", Role.RESPONDER)
    page = await scene.look("/recurring/risk", token)
    page.send(f"round-{which.id}", note="查了五类", evidence="ftp://nowhere")
    await page.until(lambda: page.refused("evidence"))
    page.send(f"round-{which.id}", note="查了五类", evidence="https://docs.example/1")
    await page.until(lambda: any("已记为完成" in script for script in page.scripts))
    following, done = await rounds(scene)
    assert (done.state, done.note, following.state) == ("done", "查了五类", "open")
    page = await scene.look("/recurring/risk", token)
    assert "✓ 已做" in page.texts


async def test_a_round_is_left_out_with_a_reason(scene: ConsoleScene):
    which = await planned(scene)
    token = await scene.person("eva", Role.RESPONDER)
    page = await scene.look("/recurring/risk", token)
    page.press("skip")
    await page.until(lambda: "这一次不做？" in page.texts)
    page.answer("这次不做")
    page.of(ui.textarea)[-1].set_value("并入年度审查")
    page.answer("这次不做")
    await page.until(lambda: any("已跳过" in script for script in page.scripts))
    _, skipped = await rounds(scene)
    assert (skipped.id, skipped.state, skipped.note) == (which.id, "skipped", "并入年度审查")
    page = await scene.look("/recurring/risk", token)
    assert "– 跳过" in page.texts


async def test_a_duty_is_changed_and_a_clash_is_shown(scene: ConsoleScene):
    await planned(scene)
    page = await scene.look("/recurring/risk", await scene.person("wang", Role.LEAD))
    page.send("recurring-risk", **(FIELDS | {"every_months": "6"}))
    await page.until(lambda: "已保存，下一次已排好" in page.told)
    assert (await scene.container.recurring.get("risk")).every_months == 6
    other = await scene.look("/recurring/risk", await scene.person("zhao", Role.LEAD))
    page.send("recurring-risk", **(FIELDS | {"every_months": "4"}))
    await page.until(lambda: len([text for text in page.told if "已保存" in text]) == 2)
    other.send("recurring-risk", **(FIELDS | {"every_months": "2"}))
    await other.until(lambda: "keep-mine" in other.keys)
    assert (await scene.container.recurring.get("risk")).every_months == 4


async def test_a_duty_is_deleted_after_asking(scene: ConsoleScene):
    await planned(scene)
    page = await scene.look("/recurring/risk", await scene.person("wang", Role.LEAD))
    page.press("delete")
    await page.until(lambda: "删除“风险排查”？" in page.texts)
    page.answer("删除")
    await page.until(lambda: any("已删除" in script for script in page.scripts))
    assert not (await scene.container.recurring.page()).items


async def test_who_may(scene: ConsoleScene):
    which = await planned(scene)
    token = await scene.person("viv", Role.VIEWER)
    page = await scene.look("/recurring/risk", token)
    assert {"skip", "delete", "submit-recurring-risk"}.isdisjoint(page.keys)
    assert f"submit-round-{which.id}" not in page.keys
    browser = await scene.http(token)
    assert (await browser.get("/console/new-recurring")).status_code == 403
    assert (await browser.get("/console/recurring/none")).status_code == 404
