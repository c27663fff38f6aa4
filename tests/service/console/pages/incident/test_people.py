"""Who has the incident, who is told what, and two people acting at once."""

from __future__ import annotations

from nicegui import ui
from sqlalchemy import select

from service.auth import Role
from service.db import tables
from service.incidents import Action, State
from tests.support.console_scene import ConsoleScene, Viewer


async def at(scene: ConsoleScene, incident_id: str, name: str, *roles: Role) -> Viewer:
    token = await scene.person(name, *roles)
    return await scene.look(f"/incidents/{incident_id}?tab=timeline", token)


def fill(page: Viewer, *, choice: str | None = None, text: str | None = None) -> None:
    dialog = page.of(ui.dialog)[-1]
    for item in dialog.descendants():
        if isinstance(item, ui.select) and choice is not None:
            item.set_value(choice)
        if isinstance(item, ui.textarea) and text is not None:
            item.set_value(text)


async def user_id(scene: ConsoleScene, name: str) -> str:
    user = await scene.container.users.find(name)
    assert user is not None
    return user.id


async def test_what_nobody_has_is_taken_with_one_press(scene: ConsoleScene):
    incident = await scene.open()
    page = await at(scene, incident.id, "rui", Role.RESPONDER)
    page.press("take")
    await page.until(lambda: "rui 接手" in page.texts)
    assert (await scene.get(incident.id)).assignee == await user_id(scene, "rui")
    assert "take" not in page.keys


async def test_it_is_offered_to_somebody_who_takes_it(scene: ConsoleScene):
    incident = await scene.open()
    mei = await at(scene, incident.id, "mei", Role.LEAD)
    page = await at(scene, incident.id, "rui", Role.RESPONDER)
    page.press("take")
    await page.until(lambda: "rui 接手" in page.texts)
    page.press("hand-over")
    await page.until(lambda: page.of(ui.dialog))
    fill(page, choice=await user_id(scene, "mei"), text="我下班了")
    page.answer("移交给对方")
    await page.until(lambda: "rui 请 mei 接手，等待回应" in page.texts)
    scene.clock.step(seconds=1)
    await mei.until(lambda: "rui 请你接手这件事件" in mei.texts)
    mei.press("accept")
    await mei.until(lambda: "mei 接手" in mei.texts)
    assert (await scene.get(incident.id)).assignee == await user_id(scene, "mei")


async def test_news_of_others_are_told_and_can_be_read_away(scene: ConsoleScene):
    incident = await scene.open()
    page = await at(scene, incident.id, "rui", Role.RESPONDER)
    await scene.desk.act(
        (await scene.container.users.get(await user_id(scene, "rui"))).principal,
        incident.id,
        Action.ACKNOWLEDGE,
    )
    scene.clock.step(seconds=1)
    await page.until(lambda: "已接警" in page.texts)
    assert "其他人刚刚做了" not in page.texts, "what one did oneself is no news"
    await scene.act(incident.id, Action.RESPOND)
    scene.clock.step(seconds=1)
    await page.until(lambda: "其他人刚刚做了" in page.texts)
    page.press("news-read")
    await page.until(lambda: "其他人刚刚做了" not in page.texts)


async def test_who_decided_on_what_another_has_moved_is_asked_once_more(scene: ConsoleScene):
    incident = await scene.open()
    page = await at(scene, incident.id, "lin", Role.LEAD)
    page.press("change-tier")
    await page.until(lambda: page.of(ui.dialog))
    fill(page, choice="orange", text="两地都有")
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    page.answer("调整级别")
    await page.until(lambda: "刚刚有人改过" in page.texts)
    assert any("未接警 → 已接警" in text for text in page.texts)
    assert (await scene.get(incident.id)).tier == "yellow"
    page.answer("仍然继续")
    await page.until(lambda: "较大" in page.texts)
    assert (await scene.get(incident.id)).tier == "orange"


async def test_following_is_switched_on_and_off(scene: ConsoleScene):
    incident = await scene.open()
    page = await at(scene, incident.id, "wei", Role.LEGAL)
    page.press("watch")
    await page.until(lambda: "取消关注" in page.texts)
    async with scene.database.read() as connection:
        rows = (await connection.execute(select(tables.incident_watch.c.person))).scalars().all()
    assert rows == [await user_id(scene, "wei")]
    page.press("watch")
    await page.until(lambda: "关注" in page.texts)


async def test_a_merged_incident_says_where_it_goes_on(scene: ConsoleScene):
    incident, other = await scene.open(), await scene.open(scenario="outage")
    lead = (await scene.container.users.get(await _lead(scene))).principal
    await scene.container.desk.act(
        lead, incident.id, Action.MERGE, reason="同一件事", merge_into=other.id
    )
    page = await at(scene, incident.id, "wei", Role.VIEWER)
    assert "这件事件已合并，后续在另一件里处理。" in page.texts
    assert (await scene.get(incident.id)).state is State.MERGED


async def _lead(scene: ConsoleScene) -> str:
    await scene.person("hua", Role.LEAD)
    return await user_id(scene, "hua")
