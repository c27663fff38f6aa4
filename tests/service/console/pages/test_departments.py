"""Departments in the console: listed with their points, changed, made good, handed on."""

from __future__ import annotations

import pytest
from nicegui import ui

from service.auth import SYSTEM, Role
from service.errors import NotFound
from service.reviews import DepartmentDraft
from tests.support.console_aftermath_samples import closed, department, proposed
from tests.support.console_departments_samples import lost, verified
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import LEAD


async def test_a_department_is_made_renamed_and_given_a_lead(scene: ConsoleScene):
    token = await scene.person("zhao", Role.LEAD)
    assert "还没有部门" in (await scene.look("/departments", token)).texts
    page = await scene.look("/departments/_new", token)
    page.send("department-new", id="Quality Dept", name="品控部", lead="", disabled=False)
    await page.until(lambda: page.refused("id"))
    page.send("department-new", id="quality", name="品控部", lead="", disabled=False)
    await page.until(lambda: any("/departments/quality" in script for script in page.scripts))
    lead = await scene.container.users.find("zhao")
    assert lead is not None
    page = await scene.look("/departments/quality", token)
    page.send("department-quality", name="品控", lead=lead.id, disabled=True)
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    kept = await scene.container.reviewing.departments.get("quality")
    assert (kept.name, kept.lead, kept.disabled) == ("品控", lead.id, True)
    listed = await scene.look("/departments", token)
    assert {"zhao", "○ 停用"} <= set(listed.texts)
    viewer = await scene.look("/departments/quality", await scene.person("wei", Role.VIEWER))
    assert {"delete", "submit-department-quality"}.isdisjoint(viewer.keys)
    refused = await scene.http(await scene.person("v", Role.VIEWER))
    assert (await refused.get("/console/departments/_new")).status_code == 403


async def test_points_say_what_they_are_for_and_a_loss_is_made_good_once(scene: ConsoleScene):
    row = await lost(scene)
    token = await scene.person("zhao", Role.LEAD)
    page = await scene.look("/departments", token)
    assert {"逾期提交改进", "+5", "与失分相同"} <= set(page.texts)
    # Lost, the balance, and the rule; of another time the rule alone.
    assert page.texts.count("-2") == 3
    later = await scene.look("/departments?since=2099-01-01", token)
    assert later.texts.count("-2") == 1
    page = await scene.look("/departments/quality", token)
    assert "此后还没有可用的已核验改进" in page.texts
    made = await verified(scene, row.review_id or "", title="增加抽检点")
    viewer = await scene.look("/departments/quality", await scene.person("wei", Role.VIEWER))
    assert f"redeem-{row.id}" not in viewer.keys
    page = await scene.look("/departments/quality", token)
    page.press(f"redeem-{row.id}")
    await page.until(lambda: page.of(ui.dialog))
    page.of(ui.select)[-1].set_value(made.id)
    page.of(ui.textarea)[-1].set_value("补上了")
    page.answer("用改进补回")
    await page.until(lambda: any("已补回 2 分" in script for script in page.scripts))
    page = await scene.look("/departments/quality", token)
    assert f"redeem-{row.id}" not in page.keys
    assert f"补回第 {row.id} 笔" in page.texts
    (balance,) = await scene.container.reviewing.points.balances(LEAD)
    assert (balance.won, balance.lost, balance.points) == (2 + 5, -2, 5)


async def test_what_is_open_goes_to_an_heir_and_the_points_of_a_deleted_one_stay(
    scene: ConsoleScene,
):
    await department(scene)
    made = await proposed(scene, (await closed(scene)).id)
    departments = scene.container.reviewing.departments
    await departments.put(SYSTEM, DepartmentDraft(id="supply", name="采购部"))
    token = await scene.person("zhao", Role.LEAD)
    page = await scene.look("/departments/quality", token)
    page.press("delete")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("删除")
    await page.until(lambda: "请把上面的内容填完整。" in page.texts)
    page.of(ui.select)[-1].set_value("supply")
    page.answer("删除")
    await page.until(lambda: any("已删除部门" in script for script in page.scripts))
    with pytest.raises(NotFound):
        await departments.get("quality")
    heir = (await scene.container.reviewing.improvements.get(LEAD, made.id)).department_id
    assert heir == "supply"
    page = await scene.look("/departments/quality", token)
    assert {"按时提交改进", "+2"} <= set(page.texts)
    assert "✗ 已删除" in (await scene.look("/departments", token)).texts
    assert (await scene.look("/departments/none", token)).status == 404


async def test_a_spoilt_address_of_the_ledger_begins_at_the_newest_row(scene: ConsoleScene):
    await lost(scene)
    token = await scene.person("zhao", Role.LEAD)
    for cursor in ("nonsense", "9" * 40, "-1"):
        page = await scene.look(f"/departments/quality?after={cursor}", token)
        assert "逾期提交改进" in page.texts
