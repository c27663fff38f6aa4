"""The page as plain HTML: everything that is to be read, nothing that can run or be pressed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html.parser import HTMLParser

import pytest
from nicegui import ui

from service.auth import Role
from service.console.board import Board
from service.console.page import console_page
from service.console.places import Place, Section
from service.console.session import BASE, THEME_COOKIE, Visit
from service.console.theme import button, link, plain, put
from service.errors import NotFound
from tests.support.console_scene import ConsoleScene
from tests.support.hostile import HOSTILE

PLACE = Place(name="brands", path="/trial", section=Section.SETTINGS, may=None)
VOID = {"br", "col", "hr", "img", "input", "wbr"}
BEGIN = '<div id="first-paint"'


class Read(HTMLParser):
    """What a browser would make of it: elements in their order, and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


Paint = Callable[[Callable[[], object]], Awaitable[Read]]


@pytest.fixture
def paint(scene: ConsoleScene) -> Paint:
    """What is drawn, on a page of its own, as it is painted first."""

    async def painted(draw: Callable[[], object]) -> Read:
        @console_page(Board(scene.container, (PLACE,)), PLACE)
        async def page(visit: Visit) -> None:
            draw()

        http = await scene.http(await scene.person("lin", Role.ADMIN))
        answer = (await http.get(f"{BASE}/trial")).text
        return Read(BEGIN + answer.split(BEGIN)[1].split("<style>")[0].strip())

    return painted


async def test_what_strangers_wrote_is_text_and_nothing_else(paint: Paint):
    def draw() -> None:
        for text in HOSTILE:
            put(plain(text, classes="strange"), title=text)

    read = await paint(draw)
    strange = [it for it in read.all("span") if it.get("class") == "strange"]
    shown = [text.encode("utf-8", "replace").decode("utf-8") for text in HOSTILE]
    assert [it["title"] for it in strange] == shown
    joined = "".join(read.texts)
    assert all(text in joined for text in shown)
    assert {tag for tag, _ in read.found}.isdisjoint({"script", "style", "iframe", "base", "link"})


async def test_a_link_leads_and_nothing_else_can_be_pressed_or_typed_into(paint: Paint):
    def draw() -> None:
        link("/console/posts", "帖子")
        button("接警", print, key="acknowledge-1")
        put(ui.element("input"), name="q", defaultValue="茶", autofocus="")
        with put(ui.element("select"), name="tier"):
            plain("红", "option")
        put(ui.element("textarea"), name="said", defaultValue="\n第一行是空的 <b>")

    read = await paint(draw)
    assert {"href": "/console/posts"} in read.all("a")
    pressed = next(it for it in read.all("button") if it.get("class") == "act")
    assert pressed == {"class": "act", "type": "button", "inert": None}
    assert read.all("input") == [{"name": "q", "value": "茶", "inert": None, "disabled": None}]
    assert read.all("select") == [{"name": "tier", "inert": None, "disabled": None}]
    assert read.all("textarea")[0]["disabled"] is None
    assert "\n\n第一行是空的 <b>" in read.texts


async def test_what_only_scripts_can_draw_leaves_its_place(paint: Paint):
    def draw() -> None:
        ui.echart({}).classes("canvas tall")
        with ui.dialog():
            plain("真要删掉吗")
        plain("藏起来的").visible = False
        with put(ui.element("iframe"), srcdoc="x"):
            plain("框里的")

    read = await paint(draw)
    assert any("canvas tall" in (it.get("class") or "") for it in read.all("div"))
    assert not {"真要删掉吗", "藏起来的", "框里的"} & set(read.texts)


async def test_what_is_drawn_anew_later_is_there_too(paint: Paint):
    @ui.refreshable
    def tally() -> None:
        plain("三起未接警", "b")

    assert "三起未接警" in (await paint(tally)).texts


async def test_a_page_that_failed_says_so_at_once(paint: Paint):
    def draw() -> None:
        plain("画到一半")
        raise NotFound("没有这个品牌")

    read = await paint(draw)
    assert "没有这个品牌" in "".join(read.texts)
    assert "画到一半" not in read.texts


@pytest.mark.parametrize(
    ("theme", "dark"),
    [
        ("light", "false"),
        ("dark", "true"),
        ("auto", "matchMedia('(prefers-color-scheme: dark)').matches"),
    ],
)
async def test_the_theme_is_there_from_the_beginning(scene: ConsoleScene, theme: str, dark: str):
    http = await scene.http(await scene.person("lin", Role.VIEWER))
    http.cookies.set(THEME_COOKIE, theme)
    answer = (await http.get(f"{BASE}/")).text
    assert f'document.body.classList.toggle("body--dark", {dark})' in answer
