"""The board: fifteen indicators, charts, drill-down, thresholds."""

from __future__ import annotations

from service.auth import SYSTEM, Role
from service.console.i18n import Language, load_words
from service.console.pages.board.indicator import member_said
from service.indicators import DEFINITIONS, IndicatorId
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.insight_scene import MONITOR, brands, posts


def addresses(page: Viewer) -> list[str]:
    return [str(item.props["href"]) for item in page.elements if "href" in item.props]


async def test_all_fifteen_are_shown_with_units_and_lead_deeper(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=16)
    page = await scene.look("/board", await scene.person("lin", Role.VIEWER))
    await page.until(lambda: "负面占比" in page.texts)
    for indicator, defined in DEFINITIONS.items():
        assert defined.name["zh"] in page.texts
        assert f"indicator-{indicator.value}" in page.keys
    assert any(text.endswith(" 条") for text in page.texts)
    assert any("数据不足（0，至少要 5）" in text for text in page.texts)
    assert any(text == "比前一段时间" for text in page.texts)


async def test_each_chart_has_a_title_and_its_numbers(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=16)
    page = await scene.look("/board", await scene.person("lin", Role.LEAD))
    titles = (
        "声量走势",
        "情绪走势",
        "一周里什么时候发帖",
        "从帖子到平息",
        "声量份额",
        "传得最广的一串",
    )
    await page.until(lambda: all(title in page.texts for title in titles))
    assert "报警" in page.texts
    assert "周一" in page.texts
    assert any("一条帖子提到几个品牌" in text for text in page.texts)


async def test_nothing_to_look_at_says_so_and_breaks_nothing(scene: ConsoleScene):
    await brands(scene)
    page = await scene.look("/board", await scene.person("lin", Role.LEAD))
    await page.until(lambda: "当时还没有任何帖子" in page.texts)
    await page.until(lambda: "这段时间没有互相转发的帖子" in page.texts)
    await page.until(lambda: "数据不足：这段时间只有 0 条帖子" in page.texts)


async def test_a_number_leads_to_the_very_posts_behind_it(scene: ConsoleScene):
    await brands(scene)
    made = await posts(scene, days=6)
    page = await scene.look("/board/negative_share", await scene.person("lin", Role.LEAD))
    await page.until(lambda: "数字背后" in page.texts)
    links = [address for address in addresses(page) if address.startswith("/console/posts?")]
    assert any(f"monitor={MONITOR}" in it and "sentiment=negative" in it for it in links)
    negative = sum(it.sentiment == "negative" and MONITOR in it.monitors for it in made)
    assert f"{negative} 条" in page.texts


async def test_why_it_changed_sums_to_the_change(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=16)
    page = await scene.look(
        "/board/negative_share?authors=familiarity", await scene.person("lin", Role.LEAD)
    )
    await page.until(lambda: "按维度" in page.texts)
    assert "来源" in page.texts
    assert "同样构成下变好或变坏" in page.texts
    assert "以前来过的" in page.texts or "新来的" in page.texts


async def test_an_indicator_that_there_is_not(scene: ConsoleScene):
    await brands(scene)
    page = await scene.look("/board/happiness", await scene.person("lin", Role.LEAD))
    assert "没有名为 happiness 的指标" in page.texts


async def test_an_analyst_sets_thresholds_and_sets_them_back(scene: ConsoleScene):
    await brands(scene)
    desk = scene.container.indicators.desk
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look("/board/negative_share", token)
    form = f"threshold-{MONITOR}-negative_share"
    values = {"measured": "value", "yellow": "0.5", "orange": "0.4", "red": "", "least": "30"}
    page.send(form, **values, margin="0.1", alert=False)
    await page.until(lambda: page.refused("orange"))
    page.send(form, **(values | {"orange": "0.6"}), margin="0.1", alert=True)
    await page.until(lambda: any("预警线已保存" in script for script in page.scripts) or page.told)
    every = await desk.every(SYSTEM, MONITOR)
    kept = next(
        it.threshold for it in every if it.threshold.indicator is IndicatorId.NEGATIVE_SHARE
    )
    assert (kept.levels.yellow, kept.levels.orange, kept.levels.red) == (0.5, 0.6, None)
    assert kept.alert

    again = await scene.look("/board/negative_share", token)
    again.press("reset")
    await again.until(lambda: "恢复通用预警线？" in again.texts)
    again.answer("恢复通用预警线")
    await again.until(lambda: any("已恢复通用预警线" in script for script in again.scripts))
    every = await desk.every(SYSTEM, MONITOR)
    assert all(it.threshold.version == 0 for it in every)


async def test_a_viewer_reads_thresholds_and_is_offered_no_form(scene: ConsoleScene):
    await brands(scene)
    page = await scene.look("/board/negative_share", await scene.person("wei", Role.VIEWER))
    assert "黄线" in page.texts
    assert f"submit-threshold-{MONITOR}-negative_share" not in page.keys


def test_values_of_parts_have_words_where_there_are_any():
    words = load_words(Language.ZH)
    assert member_said(words, "emotion", "angry") == "愤怒"
    assert member_said(words, "source", "weibo") == "weibo"
    assert member_said(words, "count", "breached") == "超时"
