"""Briefings in the console: prepared, written in, approved by another, sent, scheduled."""

from __future__ import annotations

from datetime import timedelta

from nicegui import ui
from sqlalchemy import select

from service.auth import Role
from service.briefings import (
    Briefing,
    BriefingFilter,
    Kind,
    Prose,
    ScheduleDraft,
    Scope,
    SectionId,
    State,
)
from service.db import tables
from service.delivery import Deliverer, Router
from service.jobs import advance
from service.monitors import ChannelDraft, ChannelKind
from tests.support.console_briefing_samples import ANALYST, OTHER_LEAD, prepared
from tests.support.console_scene import ConsoleScene
from tests.support.hostile import HARMLESS
from tests.support.insight_scene import MONITOR, brands

SCHEDULE: dict[str, str | bool | list[str]] = {
    "id": "morning",
    "name": "早报",
    "kind": "daily",
    "at": "08:00",
    "weekday": "1",
    "zone": "Asia/Shanghai",
    "brand": "",
    "monitors": [MONITOR],
    "language": "zh",
    "channels": list[str](),
    "enabled": True,
}


async def calm(scene: ConsoleScene) -> Briefing:
    """A daily briefing of a day in which nothing was written."""
    await brands(scene)
    channel = ChannelDraft(id="chat", kind=ChannelKind.RECORDING, name="值班群")
    await scene.container.channels.put(scene.admin, channel)
    return await scene.container.briefings.desk.prepare(
        ANALYST, Kind.DAILY, scope=Scope(monitors=(MONITOR,))
    )


async def kept(scene: ConsoleScene, item: Briefing) -> Briefing:
    return (await scene.container.briefings.desk.get(OTHER_LEAD, item.id)).briefing


async def approved(scene: ConsoleScene) -> Briefing:
    return await scene.container.briefings.desk.approve(OTHER_LEAD, (await calm(scene)).id)


async def test_a_briefing_is_prepared_and_listed(scene: ConsoleScene):
    await brands(scene)
    token = await scene.person("ana", Role.ANALYST)
    assert "没有简报" in (await scene.look("/briefings", token)).texts
    page = await scene.look("/new-briefing", token)
    values = {"day": "", "since": "", "until": "", "brand": "", "language": "zh"}
    page.send("briefing-new", **values, kind="daily", monitors=[MONITOR])
    await page.until(lambda: any("/console/briefings/" in script for script in page.scripts))
    ((made,), _) = await scene.container.briefings.desk.page(ANALYST, BriefingFilter())
    assert (made.kind, made.monitors, made.state) == (Kind.DAILY, (MONITOR,), State.DRAFT)
    listed = await scene.look("/briefings?kind=daily&state=draft&brand=chenyu", token)
    assert any("日报" in text and "晨屿" in text for text in listed.texts)
    other = await scene.look("/briefings?brand=yunque", token)
    assert not any("晨屿日报" in text for text in other.texts)


async def test_a_period_that_is_not_over_is_refused_and_nothing_is_made(scene: ConsoleScene):
    await brands(scene)
    page = await scene.look("/new-briefing", await scene.person("ana", Role.ANALYST))
    today = scene.clock.now().date().isoformat()
    values = {"since": "", "until": "", "brand": "", "language": "zh", "kind": "daily"}
    page.send("briefing-new", **values, day=today, monitors=list[str]())
    await page.until(lambda: page.refused("until"))
    assert await scene.container.briefings.desk.page(ANALYST, BriefingFilter()) == ((), None)


async def test_every_figure_and_quote_is_a_link(scene: ConsoleScene):
    made = await prepared(scene, HARMLESS)
    page = await scene.look(f"/briefings/{made.id}", await scene.person("lin", Role.LEAD))
    hrefs = {str(item.props["href"]) for item in page.elements if "href" in item.props}
    figures = made.body.measures()
    visible = [name for name in figures if not name.startswith("moved.")]
    assert "volume.posts" in visible
    assert {figures[name].figure.link for name in visible} <= hrefs
    quoted = {item.link for item in made.body.cited()}
    assert quoted
    assert quoted & hrefs
    assert any(made.prose.lead in text for text in page.texts)


async def test_what_is_written_is_kept_with_its_figures(scene: ConsoleScene):
    made = await calm(scene)
    page = await scene.look(f"/briefings/{made.id}", await scene.person("ana", Role.ANALYST))
    page.send(f"briefing-{made.id}", lead="昨日 300 条", **{"comments.voices": "多为转发"})
    await page.until(lambda: "300 条" in page.refused("lead"))
    assert (await kept(scene, made)).prose.lead == ""
    page.send(f"briefing-{made.id}", lead="昨日 {volume.posts}", **{"comments.voices": "多为转发"})
    await page.until(lambda: "文字已保存" in page.told)
    prose = (await kept(scene, made)).prose
    assert (prose.lead, prose.comments[SectionId.VOICES]) == ("昨日 {volume.posts}", "多为转发")
    await page.until(lambda: "多为转发" in page.texts)


async def test_two_who_write_at_once_see_each_other(scene: ConsoleScene):
    made = await calm(scene)
    page = await scene.look(f"/briefings/{made.id}", await scene.person("ana", Role.ANALYST))
    await scene.container.briefings.desk.edit(OTHER_LEAD, made.id, Prose(lead="他们的"))
    page.send(f"briefing-{made.id}", lead="我的")
    await page.until(lambda: "keep-mine" in page.keys)
    assert (await kept(scene, made)).prose.lead == "他们的"
    page.press("keep-mine")
    await page.until(lambda: "文字已保存" in page.told)
    assert (await kept(scene, made)).prose.lead == "我的"


async def test_a_section_is_hidden_moved_and_put_back(scene: ConsoleScene):
    made = await calm(scene)
    page = await scene.look(f"/briefings/{made.id}", await scene.person("ana", Role.ANALYST))
    page.press("hide-moved")
    await page.until(lambda: "已隐藏" in page.texts)
    assert (await kept(scene, made)).prose.hidden == (SectionId.MOVED,)
    page.press("undo")
    await page.until(lambda: "已隐藏" not in page.texts)
    assert (await kept(scene, made)).prose.hidden == ()
    page.press("down-house")
    await page.until(lambda: "栏目已调整" in page.texts)
    order = (await kept(scene, made)).prose.order
    assert order[:2] == (SectionId.VOLUME, SectionId.HOUSE)


async def test_another_person_than_the_editor_approves(scene: ConsoleScene):
    made = await calm(scene)
    token = await scene.person("lin", Role.LEAD)
    page = await scene.look(f"/briefings/{made.id}", token)
    page.send(f"briefing-{made.id}", lead="平静的一天")
    await page.until(lambda: "approve" not in page.keys)
    assert "最后是你编辑的，请另一位主管批准。" in page.texts
    other = await scene.look(f"/briefings/{made.id}", await scene.person("zhao", Role.LEAD))
    other.press("approve")
    await other.until(lambda: "已批准，可以发送" in other.told)
    assert (await kept(scene, made)).state is State.APPROVED


async def test_it_is_sent_after_a_question_and_what_was_answered_is_shown(scene: ConsoleScene):
    made = await approved(scene)
    token = await scene.person("ana", Role.ANALYST)
    page = await scene.look(f"/briefings/{made.id}", token)
    assert f"{scene.container.settings.public_url}/console/briefings/{made.id}" in page.texts
    page.send(f"deliver-{made.id}", channels=list[str]())
    await page.until(lambda: page.refused("channels"))
    page.send(f"deliver-{made.id}", channels=["chat"])
    await page.until(lambda: any("发给：值班群" in text for text in page.texts))
    assert (await kept(scene, made)).state is State.APPROVED
    page.answer("发送")
    await page.until(lambda: "已交给渠道发送" in page.told)
    assert "值班群：正在发送" in page.texts
    jobs = [job for job in scene.container.line if isinstance(job, Router | Deliverer)]
    await advance(scene.clock, jobs, scene.clock.now() + timedelta(seconds=5))
    async with scene.container.database.read() as connection:
        rows = (await connection.execute(select(tables.delivery))).all()
    assert [(row.channel_id, row.state) for row in rows] == [("chat", "sent")]
    page = await scene.look(f"/briefings/{made.id}", token)
    assert {"已送达", "值班群"} <= set(page.texts)
    assert f"briefing-{made.id}" not in {item.props.get("data-form") for item in page.elements}


async def test_it_is_discarded_with_a_reason(scene: ConsoleScene):
    made = await calm(scene)
    page = await scene.look(f"/briefings/{made.id}", await scene.person("ana", Role.ANALYST))
    page.press("discard")
    await page.until(lambda: len(page.of(ui.textarea)) == 1)
    page.of(ui.textarea)[-1].set_value("重复了")
    page.answer("作废")
    await page.until(lambda: "重复了" in page.texts)
    assert (await kept(scene, made)).state is State.DISCARDED


async def test_a_schedule_is_added_refused_changed_and_deleted(scene: ConsoleScene):
    await brands(scene)
    token = await scene.person("ana", Role.ANALYST)
    page = await scene.look("/new-briefing-schedule", token)
    page.send("schedule-new", **(SCHEDULE | {"zone": "Mars/Olympus"}))
    await page.until(lambda: page.refused("zone"))
    page.send("schedule-new", **SCHEDULE)
    await page.until(lambda: any("定时已保存" in script for script in page.scripts))
    schedules = scene.container.briefings.schedules
    assert (await schedules.get("morning")).monitors == (MONITOR,)
    listed = await scene.look("/briefing-schedules", token)
    assert "每天 08:00 Asia/Shanghai" in listed.texts
    page = await scene.look("/briefing-schedules/morning", token)
    page.send("schedule-morning", **(SCHEDULE | {"kind": "weekly", "enabled": False}))
    await page.until(lambda: any("定时已保存" in script for script in page.scripts))
    stored = await schedules.get("morning")
    assert (stored.kind, stored.enabled) == (Kind.WEEKLY, False)
    page = await scene.look("/briefing-schedules/morning", token)
    page.press("delete")
    await page.until(lambda: "删除定时“早报”？" in page.texts)
    page.answer("删除")
    await page.until(lambda: any("定时已删除" in script for script in page.scripts))
    assert not await schedules.every()


async def test_who_may(scene: ConsoleScene):
    made = await calm(scene)
    await scene.container.briefings.schedules.put(ANALYST, ScheduleDraft(id="m", name="早报"))
    token = await scene.person("viv", Role.VIEWER)
    browser = await scene.http(token)
    assert (await browser.get("/console/new-briefing")).status_code == 403
    assert (await browser.get("/console/new-briefing-schedule")).status_code == 403
    assert (await browser.get(f"/console/briefings/{made.id}")).status_code == 404
    await scene.container.briefings.desk.approve(OTHER_LEAD, made.id)
    page = await scene.look(f"/briefings/{made.id}", token)
    assert {"discard", "approve", "hide-moved"}.isdisjoint(page.keys)
    forms = {item.props.get("data-form") for item in page.elements}
    assert {f"briefing-{made.id}", f"deliver-{made.id}"}.isdisjoint(forms)
    hrefs = [str(item.props["href"]) for item in page.elements if "href" in item.props]
    assert not any("/document" in href for href in hrefs)
    schedule = await scene.look("/briefing-schedules/m", token)
    assert {"delete", "submit-schedule-m"}.isdisjoint(schedule.keys)


async def test_an_english_reader_has_the_page_in_english(scene: ConsoleScene):
    made = await approved(scene)
    token = await scene.person("viv", Role.VIEWER)
    page = await scene.look(f"/briefings/{made.id}", token, language="en")
    assert {"Approval and delivery", "Approved", "Back to briefings"} <= set(page.texts)
