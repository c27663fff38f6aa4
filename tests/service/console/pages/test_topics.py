"""Topics: versions, their fits, and the mood they carry."""

from __future__ import annotations

from service.auth import SYSTEM, Role
from service.topics import FitRequest, FitState
from tests.support.console_scene import ConsoleScene
from tests.support.insight_scene import brands, posts, topics


async def test_the_active_version_is_shown_with_the_mood_of_its_topics(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=6)
    version = await topics(scene)
    page = await scene.look("/topics", await scene.person("lin", Role.VIEWER))
    assert "就绪 · 启用中" in page.texts
    await page.until(lambda: "各话题的帖数" in page.texts)
    labels = {topic["label"] for topic in (version.findings or {})["topics"]}
    assert labels & set(page.texts)
    assert "谁带着这份情绪：愤怒" in page.texts
    other = await scene.look("/topics?emotion=sad", await scene.person("rui", Role.VIEWER))
    await other.until(lambda: "这段时间没有“难过”的帖子" in other.texts)


async def test_a_version_shows_its_topics_and_what_may_be_done(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=6)
    version = await topics(scene)
    page = await scene.look(f"/topics/{version.number}", await scene.person("lin", Role.ANALYST))
    await page.until(lambda: any(text.startswith("找到 3 个话题") for text in page.texts))
    assert "forget" in page.keys
    assert "activate" not in page.keys
    await page.until(lambda: any("训练时是" in text for text in page.texts))
    page.press("forget")
    await page.until(lambda: f"删除话题版本 #{version.number}？" in page.texts)
    page.answer("删除")
    await page.until(lambda: any("已删除" in script for script in page.scripts))
    assert (await scene.container.topics.desk.page(SYSTEM)).items == ()


async def test_a_viewer_is_offered_nothing_to_do(scene: ConsoleScene):
    await brands(scene)
    asked = await scene.container.topics.desk.ask(SYSTEM, FitRequest(topics=3))
    token = await scene.person("wei", Role.VIEWER)
    page = await scene.look(f"/topics/{asked.number}", token)
    assert "cancel" not in page.keys
    refused = await scene.look("/topics/new", token)
    assert "你没有这项权限" in refused.texts


async def test_a_fit_is_asked_for_watched_and_stopped(scene: ConsoleScene):
    await brands(scene)
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look("/topics/new", token)
    values = {"monitor": "tea", "topics": "1", "lowest": "10", "highest": "50"}
    page.send("topics-new", **values, pooling="likeness", based_on="", seed="1", activate=False)
    await page.until(lambda: page.refused("topics"))
    page.send(
        "topics-new",
        **(values | {"topics": "4"}),
        pooling="likeness",
        based_on="",
        seed="1",
        activate=True,
    )
    await page.until(lambda: any("/topics/1" in script for script in page.scripts))
    (asked,) = (await scene.container.topics.desk.page(SYSTEM)).items
    assert (asked.monitor, asked.options["topics"], asked.activate) == ("tea", 4, True)
    one = await scene.look("/topics/1", token)
    assert "等待开始：0 / 1" in one.texts
    one.press("cancel")
    await one.until(lambda: "停止训练话题版本 #1？" in one.texts)
    one.answer("停止训练")
    await one.until(lambda: any("已停止" in script for script in one.scripts))
    (stopped,) = (await scene.container.topics.desk.page(SYSTEM)).items
    assert stopped.state is FitState.CANCELLED


async def test_versions_that_there_are_not_and_links_of_briefings(scene: ConsoleScene):
    token = await scene.person("lin", Role.VIEWER)
    for number in ("9", "nine"):
        page = await scene.look(f"/topics/{number}", token)
        assert "这里没有这样东西" in page.texts
    browser = await scene.http(token)
    answer = await browser.get("/console/topics?story=sty_1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/stories/sty_1"
