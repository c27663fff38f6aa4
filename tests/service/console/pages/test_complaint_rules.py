"""Complaint rules in the console: tried on texts, saved, taken back to what ships."""

from __future__ import annotations

from typing import Any

from service.auth import Role
from service.complaints.rule import SHIPPED
from tests.support.console_scene import ConsoleScene

FIELDS: dict[str, Any] = {
    "name": "门店投诉",
    "enabled": True,
    "needs": "either",
    "confidence": "70",
    "categories": ["complaint", "refund_refusal"],
    "monitors": [],
    "scenarios": [],
    "channels_left_out": ["news"],
    "followers_from": "0",
    "followers_to": "",
    "verified": False,
    "shares": False,
    "max_age_h": "24",
    "per_hour": "200",
    "owner": "role:service",
    "deputy": "",
    "counting": "service",
    "opens": "09:00",
    "closes": "21:00",
    "zone": "Asia/Shanghai",
    "warn_answer_min": "5",
    "warn_response_min": "60",
    "warn_resolution_min": "240",
    "escalate_min": "15",
    "samples": "",
}


async def test_a_rule_is_written_and_what_is_wrong_stands_at_its_field(scene: ConsoleScene):
    token = await scene.person("ana", Role.ANALYST)
    page = await scene.look("/complaint-rules/_new", token)
    wrong = {"confidence": "140", "closes": "08:00", "zone": "Mars/Olympus"}
    page.send("complaint-rule-new", **(FIELDS | wrong), id="shop")
    await page.until(lambda: page.refused("confidence"))
    assert page.refused("closes")
    assert page.refused("zone")
    page.send("complaint-rule-new", **FIELDS, id="shop")
    await page.until(lambda: any("/console/complaint-rules/shop" in it for it in page.scripts))
    rule = await scene.container.complaints.rules.get("shop")
    assert (rule.name, rule.confidence, rule.followers_to) == ("门店投诉", 0.7, None)
    listed = await scene.look("/complaint-rules", token)
    assert "门店投诉" in listed.texts
    assert "随产品提供，没有改过" in listed.texts


async def test_a_trial_says_of_each_text_whether_it_opens_a_ticket(scene: ConsoleScene):
    page = await scene.look("/complaint-rules/_new", await scene.person("ana", Role.ANALYST))
    texts = "商家拒绝退款，我要投诉\n今天天气真好"
    page.give("try-rule", **(FIELDS | {"samples": texts}), id="shop")
    await page.until(lambda: "今天天气真好" in page.texts)
    assert "2 段里有 1 段会开工单" in page.texts
    assert "✓ 开工单" in page.texts
    page.give("try-rule", **(FIELDS | {"samples": texts, "enabled": False}), id="shop")
    await page.until(lambda: "2 段里有 0 段会开工单" in page.texts)
    page.give("try-rule", **FIELDS, id="shop")
    await page.until(lambda: page.told)
    assert [item.id for item in (await scene.container.complaints.rules.page()).items] == [SHIPPED]


async def test_the_rule_that_ships_is_changed_clashes_and_is_taken_back(scene: ConsoleScene):
    rules = scene.container.complaints.rules
    page = await scene.look("/complaint-rules/default", await scene.person("ana", Role.ANALYST))
    assert "delete" not in page.keys
    other = await scene.look("/complaint-rules/default", await scene.person("wu", Role.LEAD))
    page.send("complaint-rule-default", **FIELDS)
    await page.until(lambda: "已保存，新工单从现在起按它计时" in page.told)
    other.send("complaint-rule-default", **(FIELDS | {"per_hour": "5"}))
    await other.until(lambda: "keep-mine" in other.keys)
    assert (await rules.get(SHIPPED)).per_hour == 200
    again = await scene.look("/complaint-rules/default", await scene.person("li", Role.LEAD))
    again.press("delete")
    await again.until(lambda: any("随产品提供的样子" in text for text in again.texts))
    again.answer("恢复原样")
    await again.until(lambda: any("已恢复原样" in script for script in again.scripts))
    assert (await rules.get(SHIPPED)).version == 0


async def test_who_may(scene: ConsoleScene):
    token = await scene.person("wei", Role.VIEWER)
    page = await scene.look("/complaint-rules/default", token)
    assert "submit-complaint-rule-default" not in page.keys
    browser = await scene.http(token)
    assert (await browser.get("/console/complaint-rules/_new")).status_code == 403
    assert (await browser.get("/console/complaint-rules/none")).status_code == 404
