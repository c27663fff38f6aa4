"""A form: refused at its fields, sent once, and fair to two people at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest
from pydantic import BaseModel, Field

from service.auth import Action, Principal, Resource, Role
from service.console.board import Board
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.places import Place, Section
from service.console.session import Visit
from service.errors import Conflict, Forbidden, InvalidInput
from tests.support.console_scene import ConsoleScene, Viewer

PLACE = Place(name="brands", path="/trial", section=Section.SETTINGS)


class Shape(BaseModel):
    """What a body may be."""

    name: str = Field(min_length=3)


class Book:
    """What is stored: one thing with a version."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {"name": "晨屿", "tier": "red", "aliases": ("屿",)}
        self.version = 1
        self.saved: list[Mapping[str, object]] = []
        self.refusal: Exception | None = None
        self.gate: Callable[[], Awaitable[object]] | None = None

    async def read(self, _principal: Principal) -> Stored:
        return Stored(values=dict(self.values), version=self.version)

    async def save(self, _principal: Principal, values: Values) -> None:
        if self.gate is not None:
            await self.gate()
        if self.refusal is not None:
            raise self.refusal
        if values.version != self.version:
            raise Conflict(f"at version {self.version}, not {values.version}")
        self.values = {"name": values.text("name"), "tier": values.text("tier")}
        self.values["aliases"] = values.lines("aliases")
        self.version += 1
        self.saved.append(self.values)

    def change(self, **values: object) -> None:
        """Somebody else saves."""
        self.values |= values
        self.version += 1


@pytest.fixture
def book() -> Book:
    return Book()


async def opened(scene: ConsoleScene, book: Book) -> Viewer:
    board = Board(scene.container, (PLACE,))

    @console_page(board, PLACE)
    async def draw(visit: Visit) -> None:
        heading(visit, "试验")
        principal = await visit.principal()
        stored = await book.read(principal)
        form = Form(visit, "trial", stored=stored, save=book.save, reread=book.read)
        form.said = "存好了"
        with form:
            form.text("name", "名称", required=True, longest=10)
            form.choice("tier", "级别", {"red": "红", "orange": "橙"})
            form.lines("aliases", "别名")
            if visit.may(Action.READ, Resource.BRAND):
                form.submit("保存")

    return await scene.look("/trial", await scene.person("lin", Role.ANALYST))


def sent(**changed: str) -> dict[str, str | bool | list[str]]:
    return {"name": "晨屿", "tier": "red", "aliases": "屿"} | changed


async def test_what_is_stored_stands_in_the_fields(scene: ConsoleScene, book: Book):
    page = await opened(scene, book)
    filled = {
        str(item.props["name"]): item.props.get("defaultValue")
        for item in page.elements
        if "name" in item.props
    }
    assert filled == {"name": "晨屿", "tier": None, "aliases": "屿"}
    (chosen,) = [item.props["value"] for item in page.elements if item.props.get("selected")]
    assert chosen == "red"


async def test_a_saved_form_says_so_and_stays_open_on_the_new_version(
    scene: ConsoleScene, book: Book
):
    page = await opened(scene, book)
    for name in ("云雀", "云雀二"):
        page.send("trial", **sent(name=name))
        await page.until(lambda name=name: book.values["name"] == name)
    assert page.told == ["存好了", "存好了"]
    assert book.version == 3


async def test_what_is_missing_or_too_long_or_not_offered_is_refused_before_anything_is_saved(
    scene: ConsoleScene, book: Book
):
    page = await opened(scene, book)
    page.send("trial", **sent(name="  ", tier="purple"))
    await page.until(lambda: page.refused("name") == "必填")
    assert page.refused("tier") == "请从列表中选一个"
    page.send("trial", **sent(name="长" * 11))
    await page.until(lambda: "最多 10 个字符" in page.refused("name"))
    assert page.refused("tier") == ""
    assert book.saved == []


@pytest.mark.parametrize("path", ["aliases", "aliases[2]", "aliases.2.text"])
async def test_the_desk_s_message_lands_at_the_field_of_its_path(
    scene: ConsoleScene, book: Book, path: str
):
    book.refusal = InvalidInput("cannot be saved", errors=[(path, "太长"), ("else", "<b>别处</b>")])
    page = await opened(scene, book)
    page.send("trial", **sent())
    await page.until(lambda: page.refused("aliases") == "太长")
    assert "else: <b>别处</b>" in page.texts
    assert any('"trial", false, "aliases"' in script for script in page.scripts)


async def test_a_body_that_pydantic_refuses_is_refused_at_its_fields(
    scene: ConsoleScene, book: Book
):
    async def build() -> None:
        Shape(name="x")

    book.gate = build
    page = await opened(scene, book)
    page.send("trial", **sent())
    await page.until(lambda: "at least 3" in page.refused("name"))


async def test_a_form_sent_twice_in_haste_is_saved_once(scene: ConsoleScene, book: Book):
    goes = asyncio.Event()
    book.gate = goes.wait
    page = await opened(scene, book)
    page.send("trial", **sent(name="一"))
    page.send("trial", **sent(name="二"))
    await asyncio.sleep(0.05)
    goes.set()
    await page.until(lambda: book.saved)
    await asyncio.sleep(0.05)
    assert [values["name"] for values in book.saved] == ["一"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Forbidden("not yours"), "你没有这项权限"),
        (ZeroDivisionError("ours"), "抱歉，这里出错了"),
    ],
)
async def test_another_refusal_is_told_above_the_form(
    scene: ConsoleScene, book: Book, error: Exception, said: str
):
    book.refusal = error
    page = await opened(scene, book)
    page.send("trial", **sent())
    await page.until(lambda: said in page.texts)
    assert "ours" not in page.texts


async def test_two_at_once_see_what_the_other_changed_and_mine_can_be_kept(
    scene: ConsoleScene, book: Book
):
    page = await opened(scene, book)
    book.change(tier="orange", aliases=("屿", "chenyu"))
    page.send("trial", **sent(name="云雀"))
    await page.until(lambda: "别人刚刚改过" in page.texts)
    assert {"级别", "红", "橙", "屿\nchenyu", "与你改的地方不冲突。"} <= set(page.texts)
    page.press("keep-mine")
    await page.until(lambda: book.saved)
    assert book.values == {"name": "云雀", "tier": "red", "aliases": ("屿",)}


async def test_or_theirs_is_taken_into_the_fields(scene: ConsoleScene, book: Book):
    page = await opened(scene, book)
    book.change(name="他人所改")
    page.send("trial", **sent(name="云雀"))
    await page.until(lambda: "别人刚刚改过" in page.texts)
    page.press("take-theirs")
    await page.until(lambda: any(".fill(" in script for script in page.scripts))
    (filled,) = [script for script in page.scripts if ".fill(" in script]
    assert '"name": "他人所改"' in filled
    assert book.saved == []


async def test_a_clash_with_something_else_is_told_in_the_desk_s_words(
    scene: ConsoleScene, book: Book
):
    book.refusal = Conflict("this name is another brand's")
    page = await opened(scene, book)
    page.send("trial", **sent())
    await page.until(lambda: "this name is another brand's" in page.texts)


async def test_what_a_browser_makes_up_is_not_taken(scene: ConsoleScene, book: Book):
    page = await opened(scene, book)
    page.send("trial", **sent(), admin=True, version="99")
    await page.until(lambda: book.saved)
    assert set(book.values) == {"name", "tier", "aliases"}


async def test_a_session_that_ended_leads_to_sign_in_and_the_draft_stays(
    scene: ConsoleScene, book: Book
):
    page = await opened(scene, book)
    scene.clock.step(days=2)
    page.send("trial", **sent(name="云雀"))
    await page.until(lambda: any("sign-in" in script for script in page.scripts))
    assert not any('"trial", true' in script for script in page.scripts)
    assert book.saved == []
