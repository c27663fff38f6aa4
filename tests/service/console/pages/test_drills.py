"""Drills in the console: begun after asking, watched, scored, stopped, cleared."""

from __future__ import annotations

from typing import Any

from service.auth import SYSTEM, Role
from service.drill import Drill, DrillState
from service.incidents import Action
from service.jobs import advance
from service.monitors import ChannelDraft, ChannelKind
from tests.support.console_scene import ConsoleScene
from tests.support.drill_scene import opens, tape

ASKED: dict[str, Any] = {
    "stream": "bundled",
    "of": "",
    "from": "",
    "to": "",
    "monitor": "",
    "hours": "24",
}


async def running(scene: ConsoleScene) -> Drill:
    """A drill whose first incident is open."""
    container = scene.container
    drill = await container.drills.begin(SYSTEM, stream="bundled", speed=1.0, tape=tape(opens()))
    player = [job for job in container.line if job.name == "drill"]
    await advance(scene.clock, player, scene.clock.now())
    return await container.drills.get(SYSTEM, drill.id)


async def test_a_drill_says_what_will_happen_and_asks_before_it_begins(scene: ConsoleScene):
    await scene.container.channels.put(
        SYSTEM,
        ChannelDraft(id="practice", kind=ChannelKind.RECORDING, name="演练群", drill=True),
    )
    page = await scene.look("/new-drill", await scene.person("wang", Role.LEAD))
    assert "演练群" in page.texts
    page.send("drill-new", **ASKED, speed="5000")
    await page.until(lambda: page.refused("speed"))
    page.send("drill-new", **ASKED, speed="20")
    await page.until(lambda: "现在开始演练？" in page.texts)
    assert any("会通知：演练群" in text for text in page.texts)
    page.answer("取消")
    assert not (await scene.container.drills.page(SYSTEM, after=None, limit=5)).items
    await page.until(lambda: any("answered" in script for script in page.scripts))


async def test_what_was_asked_for_is_begun(scene: ConsoleScene):
    page = await scene.look("/new-drill", await scene.person("wang", Role.LEAD))
    page.send("drill-new", **ASKED, speed="20")
    await page.until(lambda: "现在开始演练？" in page.texts)
    page.answer("开始演练")
    await page.until(lambda: any('"/console/drills/drl_' in script for script in page.scripts))
    drill = await scene.container.drills.latest(SYSTEM)
    assert (drill.state, drill.speed, drill.stream) == (DrillState.PREPARING, 20.0, "bundled")


async def test_a_real_crisis_of_the_past_is_chosen_as_its_posts(scene: ConsoleScene):
    incident = await scene.open()
    for step in (Action.ACKNOWLEDGE, Action.RESPOND, Action.MONITOR, Action.RESOLVE, Action.CLOSE):
        await scene.act(incident.id, step)
    page = await scene.look("/new-drill", await scene.person("wang", Role.LEAD))
    page.send("drill-new", **(ASKED | {"stream": f"past:{incident.id}"}), speed="1")
    await page.until(lambda: "现在开始演练？" in page.texts)
    page.answer("开始演练")
    await page.until(lambda: any('"/console/drills/drl_' in script for script in page.scripts))
    assert (await scene.container.drills.latest(SYSTEM)).stream == "stored"


async def test_one_that_goes_on_has_a_sheet_so_far_and_is_stopped(scene: ConsoleScene):
    drill = await running(scene)
    (incident_id,) = drill.incidents.values()
    token = await scene.person("wang", Role.LEAD)
    page = await scene.look(f"/drills/{drill.id}", token)
    assert "▶ 进行中" in page.texts
    assert "已演 1 / 1 个动作" in page.texts
    assert incident_id in page.texts
    assert "到目前为止" in page.texts
    page.press("stop")
    await page.until(lambda: "停止这次演练？" in page.texts)
    page.answer("停止演练")
    await page.until(lambda: any("已停止并打分" in script for script in page.scripts))
    assert (await scene.container.drills.get(SYSTEM, drill.id)).state is DrillState.STOPPED
    page = await scene.look(f"/drills/{drill.id}", token)
    assert "成绩单" in page.texts
    assert "没有人动过手。" in page.texts
    listed = await scene.look("/drills", token)
    assert "■ 已停止" in listed.texts


async def test_incidents_of_an_ended_one_are_deleted_after_asking(scene: ConsoleScene):
    drill = await running(scene)
    await scene.container.drills.stop(SYSTEM, drill.id)
    page = await scene.look(f"/drills/{drill.id}", await scene.person("wang", Role.LEAD))
    page.press("clear")
    await page.until(lambda: "删除这次演练的 1 个事件？" in page.texts)
    page.answer("清理演练事件")
    await page.until(lambda: "已清理" in page.told)
    cleared = await scene.container.drills.get(SYSTEM, drill.id)
    assert (dict(cleared.incidents), cleared.sheet is not None) == ({}, True)


async def test_who_may(scene: ConsoleScene):
    drill = await running(scene)
    token = await scene.person("eva", Role.RESPONDER)
    page = await scene.look(f"/drills/{drill.id}", token)
    assert {"stop", "clear"}.isdisjoint(page.keys)
    browser = await scene.http(token)
    assert (await browser.get("/console/new-drill")).status_code == 403
    assert (await browser.get("/console/drills/drl_none")).status_code == 404
