"""Rules in the console: tuned at their fields, written as text, seen in shadow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from nicegui import ui

from playbooks import comparisons
from service.auth import SYSTEM, Role
from service.db.tables import shadow_match
from service.rules import RuleOrigin, RuleRecord, RuleState
from tests.support.console_scene import ConsoleScene, Viewer

RULE = "negative_burst_yellow"
MINE = """id: mine
name: {zh: 自定规则}
kind: crisis
scenarios: any
tier: orange
mode: shadow
when: {fact: negative_1h, at_least: 30}
why: {zh: 测试}
"""


async def record(scene: ConsoleScene, rule_id: str = RULE) -> RuleRecord:
    await scene.container.rules.directory.refresh()
    return scene.container.rules.directory.get(rule_id)


def bounds(found: RuleRecord) -> dict[str, float | bool]:
    assert found.rule is not None
    return {item.fact: item.threshold for item in comparisons(found.rule.when)}


def typed(page: Viewer) -> dict[str, Any]:
    """The fields of the form as a browser has them, unchanged."""
    values: dict[str, Any] = {}
    for item in page.elements:
        name = item.props.get("name")
        if not name or item.tag not in ("input", "select"):
            continue
        if item.tag == "input":
            values[name] = item.props.get("defaultValue", "")
            continue
        chosen = [child for child in item.default_slot.children if child.props.get("selected")]
        values[name] = chosen[0].props["value"] if chosen else ""
    return values


async def test_rules_are_listed_with_state_tier_and_bounds(scene: ConsoleScene):
    await scene.container.rules.desk.put(SYSTEM, RULE, {"mode": "shadow"})
    token = await scene.person("lin", Role.VIEWER)
    page = await scene.look("/rules?state=shadow", token)
    assert "◐ 影子" in page.texts
    assert RULE in page.texts
    assert any("负面" in text and "≥" in text for text in page.texts)
    page = await scene.look("/rules?state=off", token)
    assert "没有符合条件的" in page.texts


async def test_a_bound_is_changed_in_the_form_and_is_an_overlay(scene: ConsoleScene):
    page = await scene.look(f"/rules/{RULE}", await scene.person("lin", Role.ANALYST))
    before = await record(scene)
    values = typed(page)
    (path,) = (name for name, value in values.items() if value == "10" and name.startswith("bound"))
    page.send(f"rule-{RULE}", **(values | {path: "15", "tier": "orange"}))
    await page.until(lambda: "已保存，下一次检查起生效" in page.told)
    after = await record(scene)
    assert after.overlay is not None
    assert after.overlay.data["tier"] == "orange"
    assert list(after.overlay.data["thresholds"].values()) == [15]
    changed = {fact for fact, value in bounds(after).items() if value != bounds(before)[fact]}
    assert len(changed) == 1


async def test_back_to_what_ships_takes_the_overlay_away(scene: ConsoleScene):
    await scene.container.rules.desk.put(SYSTEM, RULE, {"tier": "red"})
    page = await scene.look(f"/rules/{RULE}", await scene.person("lin", Role.ANALYST))
    shipped = (await record(scene)).shipped
    assert shipped is not None
    page.send(f"rule-{RULE}", **(typed(page) | {"tier": shipped.tier}))
    await page.until(lambda: "已保存，下一次检查起生效" in page.told)
    assert (await record(scene)).overlay is None


async def test_what_is_no_bound_is_refused_at_its_field(scene: ConsoleScene):
    page = await scene.look(f"/rules/{RULE}", await scene.person("lin", Role.ANALYST))
    values = typed(page)
    path = next(name for name in values if name.startswith("bound"))
    page.send(f"rule-{RULE}", **(values | {path: "1e300"}))
    await page.until(lambda: page.refused(path))
    page.send(f"rule-{RULE}", **(values | {path: "viel"}))
    await page.until(lambda: page.refused(path) == "请填数字")
    assert (await record(scene)).overlay is None


async def test_a_rule_that_somebody_else_changed_is_a_conflict(scene: ConsoleScene):
    page = await scene.look(f"/rules/{RULE}", await scene.person("lin", Role.ANALYST))
    await scene.container.rules.desk.put(SYSTEM, RULE, {"tier": "red"})
    page.send(f"rule-{RULE}", **(typed(page) | {"state": "off"}))
    await page.until(lambda: "keep-mine" in page.keys)
    assert (await record(scene)).state is RuleState.LIVE


async def test_a_new_rule_is_written_with_mistakes_at_line_and_column(scene: ConsoleScene):
    page = await scene.look("/new-rule", await scene.person("lin", Role.ANALYST))
    page.send("rule-text-new", text=MINE.replace("negative_1h", "negativ_1h"))
    await page.until(lambda: page.refused("text"))
    assert page.refused("text").startswith("第 7 行第 ")
    page.send("rule-text-new", text="- {id: a}\n- {id: b}\n")
    await page.until(lambda: page.refused("text") == "一次只写一条规则")
    page.send("rule-text-new", text=MINE)
    await page.until(lambda: "mine" in scene.container.rules.directory.library.rules)
    kept = await record(scene, "mine")
    assert (kept.origin, kept.state) == (RuleOrigin.ADDED, RuleState.SHADOW)


async def test_a_rule_of_ones_own_is_deleted_after_asking_and_brought_back(scene: ConsoleScene):
    page = await scene.look("/new-rule", await scene.person("lin", Role.ANALYST))
    page.send("rule-text-new", text=MINE)
    await page.until(lambda: "mine" in scene.container.rules.directory.library.rules)
    page = await scene.look("/rules/mine", await scene.person("wang", Role.LEAD))
    page.press("remove-overlay")
    await page.until(lambda: "删除“自定规则”？" in page.texts)
    page.answer("删除这条规则")
    await page.until(lambda: "undo" in page.keys)
    assert "mine" not in scene.container.rules.directory.library.rules
    page.press("undo")
    await page.until(lambda: "mine" in scene.container.rules.directory.library.rules)


async def test_what_a_rule_saw_in_shadow_is_set_beside_live(scene: ConsoleScene):
    await scene.container.rules.desk.put(SYSTEM, RULE, {"mode": "shadow"})
    at = scene.clock.now() - timedelta(hours=5)
    async with scene.container.database.write() as connection:
        await connection.execute(
            shadow_match.insert().values(
                rule_id=RULE,
                monitor_id="chenyu",
                scenario="product_quality",
                at=at,
                last_at=at + timedelta(minutes=90),
                ticks=9,
                tier="yellow",
                reasons=[],
                content="v",
            )
        )
    page = await scene.look(f"/rules/{RULE}", await scene.person("lin", Role.VIEWER))
    await page.until(lambda: "只有它发现" in page.texts)
    assert "1小时 30分" in page.texts
    assert "没有" in page.texts


async def test_a_viewer_may_look_only(scene: ConsoleScene):
    token = await scene.person("eva", Role.VIEWER)
    page = await scene.look(f"/rules/{RULE}", token)
    assert {f"submit-rule-{RULE}", "backtest-rule", "remove-overlay"}.isdisjoint(page.keys)
    page.send(f"rule-{RULE}", **(typed(page) | {"state": "off"}))
    await page.until(lambda: "你没有这项权限" in page.texts)
    assert (await record(scene)).overlay is None
    browser = await scene.http(token)
    assert (await browser.get("/console/new-rule")).status_code == 403
    assert (await browser.get("/console/rules/none")).status_code == 404
    assert page.of(ui.dialog) == []
