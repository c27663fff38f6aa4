"""The ground of the console in a real browser: forms, drafts, keys, lists, lost connections."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from service.auth import SYSTEM, Role
from service.monitors import BrandDraft
from tests.support.console_scene import PASSWORD
from tests.support.console_walk import Walk

pytestmark = pytest.mark.timeout(300)


async def with_brands(walk: Walk) -> None:
    for name, title in (("chenyu", "晨屿"), ("yunque", "云雀")):
        await walk.scene.container.brands.put(SYSTEM, BrandDraft(id=name, name=title))
    await walk.sign_in("lin", Role.ANALYST)


async def test_a_form_is_saved_and_the_toast_survives_the_change_of_page(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands/chenyu")
    await walk.page.get_by_label("名称").first.fill("晨屿咖啡")
    await walk.page.get_by_role("button", name="保存").click()
    await expect(walk.page.get_by_text("已保存")).to_be_visible()
    assert (await walk.scene.container.brands.get("chenyu")).name == "晨屿咖啡"
    await walk.calm()


async def test_what_is_typed_survives_a_reload_and_can_be_discarded(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands/chenyu")
    name = walk.page.get_by_label("名称").first
    await name.fill("还没存的名字")
    await walk.go("/brands/chenyu")
    await expect(name).to_have_value("还没存的名字")
    await expect(walk.page.get_by_text("已恢复你在")).to_be_visible()
    await walk.accessible()
    await walk.page.get_by_role("button", name="丢弃").click()
    await expect(name).to_have_value("晨屿")
    await walk.go("/brands/chenyu")
    await expect(name).to_have_value("晨屿")


async def test_a_draft_is_its_writer_s_alone(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands/chenyu")
    await walk.page.get_by_label("名称").first.fill("还没存的名字")
    await walk.sign_in("rui", Role.ANALYST)
    await walk.go("/brands/chenyu")
    await expect(walk.page.get_by_label("名称").first).to_have_value("晨屿")


async def test_a_session_that_ended_leads_through_sign_in_back_to_what_was_typed(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands/chenyu")
    await walk.page.get_by_label("名称").first.fill("还没存的名字")
    walk.scene.clock.step(days=2)
    await walk.page.get_by_role("button", name="保存").click()
    await walk.page.fill("input[name=name]", "lin")
    await walk.page.fill("input[name=password]", PASSWORD)
    await walk.page.keyboard.press("Enter")
    await expect(walk.page.get_by_label("名称").first).to_have_value("还没存的名字")
    assert walk.page.url.endswith("/console/brands/chenyu")


async def test_a_lost_connection_shows_keeps_what_is_typed_and_sends_nothing(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands/chenyu")
    name = walk.page.get_by_label("名称").first
    await name.fill("断线时写的")
    await walk.page.evaluate("window.socket.disconnect()")
    await expect(walk.page.get_by_text("连接断了，正在重连")).to_be_visible()
    await walk.page.get_by_role("button", name="保存").click()
    await expect(walk.page.get_by_text("现在没有连接，还没有发出")).to_be_visible()
    await walk.accessible()
    await walk.page.evaluate("window.socket.connect()")
    await expect(walk.page.get_by_text("已重新连上")).to_be_visible()
    await expect(name).to_have_value("断线时写的")
    await walk.page.get_by_role("button", name="保存").click()
    await expect(walk.page.get_by_text("已保存")).to_be_visible()
    assert (await walk.scene.container.brands.get("chenyu")).name == "断线时写的"


async def test_two_people_at_once_see_what_the_other_changed(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands/chenyu")
    await walk.page.get_by_label("别名").fill("屿咖")
    await walk.scene.container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="别人改的名"))
    await walk.page.get_by_role("button", name="保存").click()
    await expect(walk.page.get_by_text("别人刚刚改过")).to_be_visible()
    await expect(walk.page.get_by_role("cell", name="别人改的名")).to_be_visible()
    await walk.accessible()
    await walk.page.get_by_role("button", name="用对方的").click()
    await expect(walk.page.get_by_label("名称").first).to_have_value("别人改的名")
    await expect(walk.page.get_by_label("别名")).to_have_value("")
    kept = await walk.scene.container.brands.get("chenyu")
    assert (kept.name, kept.aliases) == ("别人改的名", ())


async def test_a_list_is_worked_by_keys_and_they_can_be_switched_off(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands")
    rows = walk.page.locator("[data-row]")
    await walk.page.keyboard.press("j")
    await expect(rows.nth(0)).to_be_focused()
    await walk.page.keyboard.press("j")
    await expect(rows.nth(1)).to_be_focused()
    await walk.page.keyboard.press("k")
    await expect(rows.nth(0)).to_be_focused()
    await walk.page.keyboard.press("?")
    dialog = walk.page.get_by_role("dialog", name="快捷键")
    await expect(dialog).to_be_visible()
    await walk.accessible()
    await dialog.get_by_role("checkbox").uncheck()
    await dialog.get_by_role("button", name="关闭").click()
    await walk.go("/brands")
    await walk.page.keyboard.press("j")
    await expect(rows.nth(0)).not_to_be_focused()
    await walk.page.keyboard.press("?")
    await expect(dialog).not_to_be_visible()
    # The way back on needs no key.
    await walk.page.get_by_role("button", name="快捷键").click()
    await dialog.get_by_role("checkbox").check()
    await dialog.get_by_role("button", name="关闭").click()
    await walk.page.keyboard.press("j")
    await expect(rows.nth(0)).to_be_focused()
    await walk.page.keyboard.press("Enter")
    await expect(walk.page.get_by_role("heading", name="晨屿")).to_be_visible()


async def test_a_key_does_nothing_while_somebody_types(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands")
    search = walk.page.get_by_role("searchbox")
    await search.press_sequentially("jjk?x")
    await expect(search).to_have_value("jjk?x")
    await expect(walk.page.get_by_role("dialog")).to_have_count(0)


async def test_a_filtered_list_is_the_same_for_whoever_gets_the_link(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands")
    await walk.page.get_by_role("searchbox").fill("云")
    await walk.page.keyboard.press("Enter")
    await expect(walk.page.locator("[data-row]")).to_have_count(1)
    assert walk.page.url.endswith("/console/brands?q=%E4%BA%91")
    await walk.page.reload()
    await expect(walk.page.locator("[data-row]")).to_have_count(1)
    await expect(walk.page.get_by_role("searchbox")).to_have_value("云")


async def test_the_first_tab_leads_past_the_menu(walk: Walk):
    await with_brands(walk)
    await walk.go("/brands")
    await walk.page.keyboard.press("Tab")
    await expect(walk.page.get_by_role("link", name="跳到正文")).to_be_focused()
    await walk.page.keyboard.press("Enter")
    await expect(walk.page.locator("main#main")).to_be_focused()


async def test_the_menu_is_never_cut_and_scrolls_by_itself(walk: Walk):
    everybody = [role for role in Role if role is not Role.CLASSIFIER]
    await walk.sign_in("lin", *everybody)
    await walk.go("/brands")
    await walk.page.evaluate(
        "document.querySelectorAll('.menu details').forEach(it => { it.open = true; })"
    )
    bottom, height, scrolls = await walk.page.evaluate(
        "(() => { const menu = document.querySelector('.menu');"
        " return [menu.getBoundingClientRect().bottom, innerHeight,"
        " getComputedStyle(menu).overflowY]; })()"
    )
    assert bottom <= height
    assert scrolls == "auto"
    entries = walk.page.locator(".menu a")
    await entries.last.scroll_into_view_if_needed()
    await expect(entries.last).to_be_in_viewport()


async def test_on_a_telephone_the_bar_has_the_queue_only(phone: Walk):
    await phone.sign_in("lin", Role.RESPONDER)
    await phone.go("/")
    shown = await phone.page.locator(".menu a:visible").all_inner_texts()
    assert shown == ["事件队列"]
    await phone.calm()
