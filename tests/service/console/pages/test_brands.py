"""Brands in the console."""

from __future__ import annotations

from service.auth import SYSTEM, Role
from service.monitors import BrandDraft, BrandKind, MonitorDraft
from tests.support.console_scene import ConsoleScene


async def test_an_analyst_renames_a_brand(scene: ConsoleScene):
    await scene.container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    token = await scene.person("lin", Role.ANALYST)
    assert "晨屿" in (await scene.look("/brands", token)).texts
    page = await scene.look("/brands/chenyu", token)
    page.send("brand-chenyu", name="晨屿咖啡", kind="own", aliases="屿咖")
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    assert (await scene.container.brands.get("chenyu")).name == "晨屿咖啡"


async def test_a_refusal_lands_at_its_field_and_nothing_typed_is_lost(scene: ConsoleScene):
    await scene.container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    page = await scene.look("/brands/chenyu", await scene.person("lin", Role.ANALYST))
    page.send("brand-chenyu", name="晨屿", kind="own", aliases="屿" * 101)
    await page.until(lambda: page.refused("aliases"))
    assert (await scene.container.brands.get("chenyu")).aliases == ()


async def test_a_brand_is_made_and_one_in_use_is_not_deleted(scene: ConsoleScene):
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look("/brands/_new", token)
    page.send("brand-new", id="lark", name="云雀", kind="competitor", aliases="雀儿\n小云雀")
    await page.until(lambda: any("/brands/lark" in script for script in page.scripts))
    assert (await scene.container.brands.get("lark")).aliases == ("雀儿", "小云雀")
    watch = MonitorDraft(id="lark", name="云雀声量", query="云雀", brand_id="lark")
    await scene.container.monitors.put(SYSTEM, watch)
    page = await scene.look("/brands/lark", token)
    assert "云雀声量" in page.texts
    page.press("delete")
    await page.until(lambda: "删除品牌“云雀”？" in page.texts)
    page.answer("删除")
    await page.until(lambda: any("in use by monitor lark" in said for said in page.told))
    assert (await scene.container.brands.get("lark")).name == "云雀"


async def test_competitors_are_found_by_their_other_names(scene: ConsoleScene):
    for draft in (
        BrandDraft(id="chenyu", name="晨屿"),
        BrandDraft(id="lark", name="云雀", kind=BrandKind.COMPETITOR, aliases=("雀儿",)),
    ):
        await scene.container.brands.put(SYSTEM, draft)
    page = await scene.look("/brands?q=雀儿", await scene.person("kan", Role.VIEWER))
    assert "云雀" in page.texts
    assert "晨屿" not in page.texts
    assert "新建品牌" not in page.texts
