"""Monitors in the console: mistakes marked, hits shown, back-tests followed, pausing asked of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawlers import Author, Post
from nlp.errors import BadQuery
from nlp.query import parse_query
from service.auth import SYSTEM, Role
from service.backtest import BacktestState
from service.console.i18n import Language, load_words
from service.console.pages.monitors.mistakes import mistake_said
from service.monitors import BrandDraft, MonitorDraft
from tests.support.console_scene import ConsoleScene, Viewer

TEA = MonitorDraft(id="tea", name="晨屿茶饮", query="晨屿", brand_id="chenyu")
ALL = {"name": "晨屿茶饮", "brand": "chenyu", "query": "晨屿"}


async def prepared(scene: ConsoleScene, *texts: str) -> None:
    """A brand and its monitor over posts of the last minutes."""
    await scene.container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    await scene.container.monitors.put(SYSTEM, TEA)
    posts = [
        Post(
            source="weibo",
            native_id=str(number),
            published_at=scene.clock.now() - timedelta(minutes=number),
            text=text,
            author=Author(id=f"u{number}", name=f"人{number}"),
        )
        for number, text in enumerate(texts, start=1)
    ]
    if posts:
        await scene.container.ingest.ingest(posts, via="push")


def type_query(page: Viewer, query: str) -> None:
    """What the browser tells while somebody types."""
    element = next(item for item in page.elements if item.props.get("name") == "query")
    for listener in element._event_listeners.values():
        if listener.type == "input":
            with element.client:
                element._handle_event({"listener_id": listener.id, "args": query})


async def test_the_list_says_what_is_watched_and_what_is_paused(scene: ConsoleScene):
    await prepared(scene)
    await scene.container.monitors.put(
        SYSTEM, MonitorDraft(id="old", name="旧方案", query="旧", enabled=False)
    )
    page = await scene.look("/monitors", await scene.person("kan", Role.VIEWER))
    assert {"晨屿茶饮", "旧方案", "监测中", "已暂停", "晨屿"} <= set(page.texts)
    assert "新建方案" not in page.texts
    page.pick(state="paused")
    await page.until(lambda: "晨屿茶饮" not in page.texts)
    assert "旧方案" in page.texts


async def test_a_mistake_is_shown_at_its_column_while_it_is_typed(scene: ConsoleScene):
    await prepared(scene)
    page = await scene.look("/monitors/tea", await scene.person("lin", Role.ANALYST))
    assert "✓ 检索式没有错误" in page.texts
    type_query(page, "晨屿 (咖啡 | 茶")
    await page.until(lambda: "✗ 第 4 列有错" in page.texts)
    type_query(page, "晨屿 (咖啡 | 茶)")
    await page.until(lambda: "✓ 检索式没有错误" in page.texts)


async def test_the_hits_follow_what_is_typed(scene: ConsoleScene):
    await prepared(scene, "晨屿咖啡凉了", "云雀咖啡香", "晨屿的茶好喝")
    page = await scene.look("/monitors/tea", await scene.person("lin", Role.ANALYST))
    await page.until(lambda: "已存的 3 条中收到 2 条（66.7%）" in page.texts)
    type_query(page, "咖啡 -云雀")
    await page.until(lambda: "已存的 3 条中收到 1 条（33.3%）" in page.texts)
    assert "晨屿咖啡凉了" in page.texts


async def test_numbers_of_people_in_hits_are_masked(scene: ConsoleScene):
    await prepared(scene, "晨屿客服让我打 13812345678")
    page = await scene.look("/monitors/tea", await scene.person("lin", Role.ANALYST))
    await page.until(lambda: any("晨屿客服" in text for text in page.texts))
    assert not any("13812345678" in text for text in page.texts)


async def test_a_new_monitor_is_made_and_refused_where_its_id_is_taken(scene: ConsoleScene):
    await prepared(scene)
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look("/monitors/_new", token)
    page.send("monitor-new", id="tea", **ALL)
    await page.until(lambda: any("exists already" in text for text in page.texts))
    page.send("monitor-new", id="lark", name="云雀", brand="", query="云雀")
    await page.until(lambda: any("/monitors/lark" in script for script in page.scripts))
    assert (await scene.container.monitors.get("lark")).query == "云雀"


async def test_a_bad_query_is_refused_at_its_field_and_nothing_is_stored(scene: ConsoleScene):
    await prepared(scene)
    page = await scene.look("/monitors/tea", await scene.person("lin", Role.ANALYST))
    page.send("monitor-tea", **(ALL | {"query": "(晨屿"}))
    await page.until(lambda: "column 1" in page.refused("query"))
    assert (await scene.container.monitors.get("tea")).query == "晨屿"


async def test_what_somebody_else_changed_meanwhile_is_shown(scene: ConsoleScene):
    await prepared(scene)
    page = await scene.look("/monitors/tea", await scene.person("lin", Role.ANALYST))
    theirs = MonitorDraft(id="tea", name="晨屿全部", query="晨屿", brand_id="chenyu")
    await scene.container.monitors.put(SYSTEM, theirs)
    page.send("monitor-tea", **(ALL | {"query": "晨屿 咖啡"}))
    await page.until(lambda: "keep-mine" in page.keys)
    assert "晨屿全部" in page.texts
    page.press("keep-mine")
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    kept = await scene.container.monitors.get("tea")
    assert (kept.name, kept.query) == ("晨屿茶饮", "晨屿 咖啡")


async def test_pausing_asks_and_says_what_goes_on(scene: ConsoleScene):
    await prepared(scene)
    page = await scene.look("/monitors/tea", await scene.person("lin", Role.ANALYST))
    page.press("switch")
    await page.until(lambda: "暂停“晨屿茶饮”？" in page.texts)
    assert any("0 个事件照常处置" in text for text in page.texts)
    page.answer("暂停")
    await page.until(lambda: any("已暂停" in script for script in page.scripts))
    assert not (await scene.container.monitors.get("tea")).enabled


async def test_whoever_only_looks_is_offered_nothing_to_change(scene: ConsoleScene):
    await prepared(scene)
    page = await scene.look("/monitors/tea", await scene.person("kan", Role.VIEWER))
    assert not {"switch", "submit-monitor-tea", "trial-begin"} & set(page.keys)
    page.send("monitor-tea", **(ALL | {"name": "改了"}))
    await page.until(lambda: any("没有这项权限" in text for text in page.texts))
    assert (await scene.container.monitors.get("tea")).name == "晨屿茶饮"


async def test_a_back_test_of_what_is_typed_is_asked_for_followed_and_read(scene: ConsoleScene):
    await prepared(scene, "晨屿咖啡喝完食物中毒进了ICU", "云雀咖啡香")
    page = await scene.look("/monitors/tea", await scene.person("lin", Role.ANALYST))
    type_query(page, "ICU")
    page.press("trial-begin")
    await page.until(lambda: any(text.startswith("排队中") for text in page.texts))
    (run,) = (await scene.container.backtests.page(after=None, limit=5)).items
    assert (run.asked["monitor"], run.asked["query"]) == ("tea", "ICU")
    page.press("trial-cancel")
    await page.until(lambda: "这次回测被停止了。" in page.texts)
    stopped = await scene.container.backtests.get(run.id)
    assert stopped.state is BacktestState.CANCELLED


async def test_a_monitor_that_is_gone_has_a_page_that_says_so(scene: ConsoleScene):
    browser = await scene.http(await scene.person("lin", Role.ANALYST))
    answer = await browser.get("/console/monitors/nobody")
    assert answer.status_code == 404
    assert "没有这样东西" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "词" * 10_001,
        "晨屿”",
        '"晨屿',
        "/a/b",
        "/晨屿",
        "晨屿 NEAR 茶",
        "晨*",
        "晨屿)",
        "晨屿 |",
        "-晨屿",
        "晨屿 + 茶",
        "晨屿 NEAR/9999 茶",
        "晨屿 NEAR/3",
        "NEAR/3 茶",
        "a NEAR/3 b NEAR/3 c",
        "lang:zh NEAR/3 茶",
        "(" * 60 + "晨屿" + ")" * 60,
        "(晨屿",
        '""',
        "".join(map(chr, range(0x4E00, 0x4E00 + 300))),
        "site:weibo",
        "source:",
        "channel:nowhere",
        "lang:中文",
    ],
)
def test_every_mistake_of_the_grammar_is_said_in_chinese(query: str):
    with pytest.raises(BadQuery) as raised:
        parse_query(query)
    said = mistake_said(raised.value, load_words(Language.ZH))
    assert said != raised.value.message
    assert "{" not in said
