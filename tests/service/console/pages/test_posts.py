"""The search for posts in the console."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from sqlalchemy import select

from nlp import normalize, search_tokens, whole_text
from service.auth import SYSTEM, Role
from service.console.session import BASE
from service.db import tables
from service.monitors import MonitorDraft
from service.stores import StoredPost
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.stored_posts import stored_post


def post(scene: ConsoleScene, number: int, text: str, **changes: object) -> StoredPost:
    """A post of some hours ago, the higher its number the later."""
    at = scene.clock.now() - timedelta(hours=30) + timedelta(minutes=10 * number)
    made = stored_post(number, text, published_at=at, fetched_at=at, stored_at=at, **changes)
    tokens = search_tokens(normalize(whole_text(text, title=made.title)).text)
    return replace(made, search_tokens=tokens)


async def store(scene: ConsoleScene, *posts: StoredPost) -> None:
    await scene.container.monitors.put(
        SYSTEM, MonitorDraft(id="tea", name="晨屿口碑", query="晨屿")
    )
    await scene.container.store.upsert(posts)


async def three(scene: ConsoleScene) -> None:
    await store(
        scene,
        post(scene, 1, "晨屿的拿铁要退款", sentiment="negative", severity=3),
        post(scene, 2, "晨屿新店很好喝", sentiment="positive"),
        post(scene, 3, "云雀发布新手机", source="news:daily"),
    )


def ask(page: Viewer, **values: str) -> None:
    """Send the form of the search."""
    sent = {"q": "", "from": "", "to": "", "period": "week", "sort": "newest"}
    [form] = [item for item in page.elements if item.props.get("data-sieve") == "posts"]
    for listener in form._event_listeners.values():
        if listener.type == "submit":
            with form.client:
                form._handle_event(
                    {
                        "listener_id": listener.id,
                        "args": {**sent, "severity": "", "fold": "yes", **values},
                    }
                )


async def test_posts_are_found_by_the_grammar_of_monitors(scene: ConsoleScene) -> None:
    await three(scene)
    token = await scene.person("lin", Role.VIEWER)
    page = await scene.look("/posts", token)
    assert "共 3 帖" in page.texts
    ask(page, q="+晨屿 -退款")
    await page.until(lambda: "共 1 帖" in page.texts)
    assert any("新店很好喝" in text for text in page.texts)
    assert any("%2B%E6%99%A8%E5%B1%BF+-%E9%80%80%E6%AC%BE" in script for script in page.scripts)
    again = await scene.look(f"/posts?q={quote('+晨屿 -退款')}", token)
    assert "共 1 帖" in again.texts
    marks = [item.text for item in again.of(TextElement) if item.tag == "mark"]
    assert marks == ["晨屿"]


async def test_a_broken_query_is_told_with_its_column_while_typing_and_when_sent(
    scene: ConsoleScene,
) -> None:
    await three(scene)
    page = await scene.look("/posts", await scene.person("lin", Role.VIEWER))
    [box] = [item for item in page.elements if item.props.get("name") == "q"]
    for listener in box._event_listeners.values():
        with box.client:
            box._handle_event({"listener_id": listener.id, "args": "晨屿 ("})
    await page.until(lambda: any("data-column" in item.props for item in page.elements))
    ask(page, q="晨屿 (")
    await page.until(lambda: "这次查询有看不懂的地方" in page.texts)
    assert any("column" in text for text in page.texts)


async def test_facets_narrow_and_let_go(scene: ConsoleScene) -> None:
    await three(scene)
    page = await scene.look("/posts", await scene.person("lin", Role.VIEWER))
    await page.until(lambda: "facet-sentiment-negative" in page.keys)
    assert "晨屿口碑" in page.texts
    page.press("facet-sentiment-negative")
    await page.until(lambda: "共 1 帖" in page.texts)
    page.press("drop-sentiment-negative")
    await page.until(lambda: "共 3 帖" in page.texts)


async def test_a_brushed_time_is_asked_for(scene: ConsoleScene) -> None:
    await three(scene)
    page = await scene.look("/posts", await scene.person("lin", Role.VIEWER))
    await page.until(lambda: page.of(ui.echart))
    [chart] = page.of(ui.echart)
    bars = chart.options["series"][0]["data"]
    place = next(index for index, count in enumerate(bars) if count)
    for listener in chart._event_listeners.values():
        if listener.type == "chart:brushEnd":
            with chart.client:
                chart._handle_event(
                    {
                        "listener_id": listener.id,
                        "args": {"areas": [{"coordRange": [place, place]}]},
                    }
                )
    await page.until(lambda: any("from=" in script for script in page.scripts))

    def given() -> str:
        return next(
            str(item.props["defaultValue"])
            for item in page.elements
            if item.props.get("name") == "from"
        )

    await page.until(given)


async def test_copies_are_folded_and_unfolded(scene: ConsoleScene) -> None:
    await store(
        scene,
        *(post(scene, n, "晨屿退款无门，转发扩散", copy_group="g1") for n in range(1, 5)),
        post(scene, 9, "晨屿好喝"),
    )
    token = await scene.person("lin", Role.VIEWER)
    page = await scene.look("/posts", token)
    assert "同文 4 帖" in page.texts
    assert len([item for item in page.elements if "data-row" in item.props]) == 2
    flat = await scene.look("/posts?copy_group=g1&fold=no", token)
    assert len([item for item in flat.elements if "data-row" in item.props]) == 4


async def test_pages_go_on_by_cursor_and_back(scene: ConsoleScene) -> None:
    await store(scene, *(post(scene, n, f"晨屿 {n} 号帖") for n in range(1, 41)))
    page = await scene.look("/posts", await scene.person("lin", Role.VIEWER))
    assert "晨屿 40 号帖" in "".join(page.texts)
    page.press("posts-later")
    await page.until(lambda: "posts-earlier" in page.keys)
    rows = [item for item in page.elements if "data-row" in item.props]
    assert len(rows) == 10
    page.press("posts-earlier")
    await page.until(lambda: "posts-earlier" not in page.keys)


async def test_what_other_pages_link_to_is_understood(scene: ConsoleScene) -> None:
    await three(scene)
    token = await scene.person("lin", Role.VIEWER)
    now = scene.clock.now()
    since, until = quote((now - timedelta(days=2)).isoformat()), quote(now.isoformat())
    for address in (
        f"/posts?monitor=tea&from={since}&to={until}&sentiment=negative",
        f"/posts?monitor=tea,other&since={since}&until={until}&sentiment=negative",
    ):
        assert "共 1 帖" in (await scene.look(address, token)).texts
    spoilt = await scene.look("/posts?from=yesterday&severity=9", token)
    assert "这次查询有看不懂的地方" in spoilt.texts


async def test_a_post_opens_beside_the_list_and_on_its_own_page(scene: ConsoleScene) -> None:
    await store(scene, post(scene, 1, "晨屿退款，电话 13812345678", author="au_123456"))
    token = await scene.person("lin", Role.ANALYST)
    post_id = f"p{1:023d}"
    page = await scene.look(f"/posts?post={post_id}", token)
    assert "close-post" in page.keys
    page.press("close-post")
    await page.until(lambda: "close-post" not in page.keys)
    one = await scene.look(f"/posts/{post_id}", token, language="en")
    assert "13812345678" not in "".join(one.texts)
    assert "reveal" not in one.keys
    await one.until(lambda: "No repost was collected." in one.texts)


async def test_a_label_is_corrected(scene: ConsoleScene) -> None:
    await store(scene, post(scene, 1, "晨屿真行", sentiment="positive"))
    post_id = f"p{1:023d}"
    page = await scene.look(f"/posts/{post_id}", await scene.person("lin", Role.ANALYST))
    page.press("correct")
    await page.until(lambda: "更正判读" in page.texts)
    await page.until(lambda: any("data-form" in item.props for item in page.elements))
    page.send(f"correct-{post_id}", label="sentiment:negative", note="反话")
    await page.until(lambda: "正面 → 负面" in page.texts)
    async with scene.database.read() as connection:
        [row] = (await connection.execute(select(tables.correction))).all()
    assert (row.head, row.label, row.note) == ("sentiment", "negative", "反话")


async def test_the_original_is_shown_for_a_reason_to_those_who_may(scene: ConsoleScene) -> None:
    await store(scene, post(scene, 1, "晨屿退款，电话 13812345678"))
    page = await scene.look(f"/posts/p{1:023d}", await scene.person("li", Role.LEAD))
    page.press("reveal")
    await page.until(lambda: page.of(ui.textarea))
    page.user.find(kind=ui.textarea).type("核对投诉电话")
    page.answer("看原文")
    await page.until(lambda: "13812345678" in "".join(page.texts))
    async with scene.database.read() as connection:
        rows = await connection.execute(select(tables.audit_entry.c.action))
        assert "post.revealed" in set(rows.scalars())


async def test_export_is_offered_to_those_who_may(scene: ConsoleScene) -> None:
    await three(scene)
    viewer = await scene.look("/posts", await scene.person("wei", Role.VIEWER))
    assert "export-csv" not in viewer.keys
    token = await scene.person("lin", Role.ANALYST)
    page = await scene.look(f"/posts?q={quote('+晨屿 NEAR/9 退款')}", token)
    assert "最多 1 帖" in page.texts or "最多 2 帖" in page.texts
    [anchor] = [item for item in page.elements if item.props.get("data-key") == "export-jsonl"]
    address = str(anchor.props["href"])
    assert address.startswith("/v1/posts/export?")
    assert "query=" in address
    assert "since=" in address


async def test_a_post_that_is_not_there_is_said_so(scene: ConsoleScene) -> None:
    token = await scene.person("lin", Role.VIEWER)
    answer = await (await scene.http(token)).get(f"{BASE}/posts/nothing")
    assert answer.status_code == 404


async def test_nothing_found_says_what_to_do(scene: ConsoleScene) -> None:
    page = await scene.look("/posts", await scene.person("lin", Role.VIEWER), language="en")
    assert "No post was found" in page.texts
