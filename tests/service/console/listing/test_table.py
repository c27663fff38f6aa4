"""A list on a page: filtered, sorted, paged, worked on in bulk."""

from __future__ import annotations

import pytest

from service.auth import Principal, Role
from service.console.board import Board
from service.console.dialogs import Question
from service.console.listing import AnyOf, Bulk, Column, Containing, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.places import Place, Section
from service.console.session import Visit
from service.errors import Forbidden
from service.stores.errors import StoreError
from tests.support.console_scene import ConsoleScene, Viewer

PLACE = Place(name="brands", path="/trial", section=Section.SETTINGS)


class Shelf:
    """Things with a number and a colour."""

    def __init__(self) -> None:
        self.things = [(number, "红" if number % 2 else "橙") for number in range(25)]
        self.asked: list[ListQuery] = []
        self.done: list[tuple[str, ...]] = []
        self.error: Exception | None = None
        self.by_cursor = False

    async def load(self, _principal: Principal, query: ListQuery) -> Rows[tuple[int, str]]:
        self.asked.append(query)
        if self.error is not None:
            raise self.error
        found = [
            thing
            for thing in self.things
            if query.text("q") in str(thing[0])
            and (not query.many("colour") or thing[1] in query.many("colour"))
        ]
        if query.sort == "number" and query.descending:
            found.reverse()
        if not self.by_cursor:
            return Rows.cut(found, query)
        begin = int(query.cursor or 0)
        end = begin + query.limit
        return Rows(found[begin:end], following=str(end) if end < len(found) else None)

    async def act(self, _principal: Principal, ids: tuple[str, ...]) -> None:
        if self.error is not None:
            raise self.error
        self.done.append(ids)
        self.things = [thing for thing in self.things if str(thing[0]) not in ids]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def opened(scene: ConsoleScene, shelf: Shelf, address: str = "") -> Viewer:
    board = Board(scene.container, (PLACE,))

    @console_page(board, PLACE)
    async def draw(visit: Visit) -> None:
        heading(visit, "试验")
        listing = Listing(
            visit,
            columns=(
                Column("number", "编号", lambda it: f"第{it[0]}件", sortable=True, number=True),
                Column("colour", "颜色", lambda it: it[1]),
            ),
            load=shelf.load,
            key=lambda it: str(it[0]),
            opens=lambda it: f"/console/things/{it[0]}",
            filters=(
                Containing("q", "找"),
                AnyOf("colour", "颜色", {"红": "红", "橙": "橙"}),
            ),
            bulk=(
                Bulk("drop", "扔掉", shelf.act),
                Bulk(
                    "burn", "烧掉", shelf.act, ask=Question(title="烧?", confirm="烧"), grave=True
                ),
            ),
            empty=("架上空空", "先放一件"),
            page_size=10,
        )
        await listing.draw()

    return await scene.look(f"/trial{address}", await scene.person("lin", Role.ANALYST))


def rows(page: Viewer) -> list[str]:
    return [str(item.props["data-row"]) for item in page.elements if "data-row" in item.props]


def tick(page: Viewer, key: str) -> None:
    (row,) = (item for item in page.elements if item.props.get("data-row") == key)
    (box,) = (item for item in row.descendants() if "data-select" in item.props)
    for listener in box._event_listeners.values():
        with box.client:
            box._handle_event({"listener_id": listener.id, "args": True})


async def test_a_page_of_the_list_with_its_links_and_how_many_there_are(
    scene: ConsoleScene, shelf: Shelf
):
    page = await opened(scene, shelf)
    assert rows(page) == [str(number) for number in range(10)]
    assert "第 1–10 项，共 25 项" in page.texts
    links = {item.props.get("href") for item in page.elements}
    assert "/console/things/3" in links


async def test_turning_pages_keeps_the_place_in_the_address(scene: ConsoleScene, shelf: Shelf):
    page = await opened(scene, shelf)
    page.press("list-later")
    await page.until(lambda: rows(page)[0] == "10")
    page.press("list-later")
    await page.until(lambda: "第 21–25 项，共 25 项" in page.texts)
    assert any("?from=20" in script for script in page.scripts)
    page.press("list-earlier")
    await page.until(lambda: rows(page)[0] == "10")
    again = await opened_again(scene, "?from=20")
    assert rows(again) == ["20", "21", "22", "23", "24"]


async def opened_again(scene: ConsoleScene, address: str) -> Viewer:
    return await scene.look(f"/trial{address}", await scene.person("rui", Role.ANALYST))


async def test_a_cursor_s_pages_lead_back_the_way_they_came(scene: ConsoleScene, shelf: Shelf):
    shelf.by_cursor = True
    page = await opened(scene, shelf)
    page.press("list-later")
    await page.until(lambda: rows(page)[0] == "10")
    page.press("list-earlier")
    await page.until(lambda: rows(page)[0] == "0")
    far = await opened_again(scene, "?after=20")
    assert rows(far)[0] == "20"
    assert "回到第一页" in far.texts


async def test_filters_narrow_begin_anew_and_stand_in_the_address(
    scene: ConsoleScene, shelf: Shelf
):
    page = await opened(scene, shelf, "?from=10")
    page.pick(q="2", colour=["橙", "紫"])
    await page.until(lambda: rows(page) == ["2", "12", "20", "22", "24"])
    assert shelf.asked[-1].many("colour") == ("橙",)
    assert any("?q=2&colour=%E6%A9%99" in script for script in page.scripts)
    before = len(shelf.asked)
    page.pick(q="2", colour=["橙"])
    assert len(shelf.asked) == before


async def test_a_column_is_sorted_both_ways(scene: ConsoleScene, shelf: Shelf):
    page = await opened(scene, shelf)
    for expected in ("0", "24"):
        page.press("list-sort-number")
        await page.until(lambda expected=expected: rows(page)[0] == expected)
    marked = [item.props.get("aria-sort") for item in page.elements]
    assert "descending" in marked


async def test_nothing_there_and_nothing_found_are_told_apart(scene: ConsoleScene, shelf: Shelf):
    page = await opened(scene, shelf)
    page.pick(q="nothing")
    await page.until(lambda: "没有符合条件的" in page.texts)
    shelf.things = []
    assert "架上空空" in (await opened_again(scene, "")).texts


async def test_selected_rows_are_worked_on_together(scene: ConsoleScene, shelf: Shelf):
    page = await opened(scene, shelf)
    tick(page, "3")
    tick(page, "5")
    assert "已选 2 项" in page.texts
    page.press("list-drop")
    await page.until(lambda: "3" not in rows(page))
    assert shelf.done == [("3", "5")]
    assert "2 项已处理" in page.told


async def test_what_asks_first_does_nothing_when_it_is_called_off(
    scene: ConsoleScene, shelf: Shelf
):
    page = await opened(scene, shelf)
    tick(page, "3")
    page.press("list-burn")
    await page.until(lambda: "烧?" in page.texts)
    page.answer("取消")
    await page.until(lambda: "烧?" not in page.texts)
    assert shelf.done == []


async def test_a_refused_deed_is_told_and_the_rows_stay(scene: ConsoleScene, shelf: Shelf):
    page = await opened(scene, shelf)
    tick(page, "3")
    shelf.error = Forbidden("not yours")
    page.press("list-drop")
    await page.until(lambda: any("你没有这项权限" in told for told in page.told))
    shelf.error = None
    assert "3" in {str(thing[0]) for thing in shelf.things}


async def test_a_list_that_cannot_be_read_anew_says_so_and_can_be_tried_again(
    scene: ConsoleScene, shelf: Shelf
):
    page = await opened(scene, shelf)
    shelf.error = StoreError("the node is gone")
    page.press("list-later")
    await page.until(lambda: "数据暂时取不到" in page.texts)
    shelf.error = None
    page.press("again")
    await page.until(lambda: rows(page)[:1] == ["10"])


async def test_a_page_whose_rows_have_gone_shows_the_last_that_has_some(
    scene: ConsoleScene, shelf: Shelf
):
    page = await opened(scene, shelf, "?from=20")
    for number in range(20, 25):
        tick(page, str(number))
    page.press("list-drop")
    await page.until(lambda: rows(page)[:1] == ["10"])


async def test_only_the_cells_whose_content_changed_are_drawn_anew(
    scene: ConsoleScene, shelf: Shelf
):
    drawn: list[str] = []
    listings: list[Listing[tuple[int, str]]] = []
    board = Board(scene.container, (PLACE,))

    def cell(name: str, place: int) -> Column[tuple[int, str]]:
        def draw(thing: tuple[int, str]) -> str:
            drawn.append(f"{name} {thing[place]}")
            return str(thing[place])

        return Column(name, name, draw, shows=lambda thing: thing[place])

    @console_page(board, PLACE)
    async def page(visit: Visit) -> None:
        heading(visit, "试验")
        listing = Listing(
            visit,
            columns=(
                cell("number", 0),
                cell("colour", 1),
                Column("both", "全", lambda it: drawn.append(f"both {it}")),
            ),
            load=shelf.load,
            key=lambda it: str(it[0]),
        )
        listings.append(listing)
        await listing.draw()

    shelf.things = [(0, "红"), (1, "橙")]
    seen = await scene.look("/trial", await scene.person("lin", Role.ANALYST))
    drawn.clear()
    shelf.things = [(1, "蓝"), (0, "红")]
    await listings[0].renew()
    assert drawn == ["colour 蓝", "both (1, '蓝')"]
    (body,) = (item for item in seen.elements if item.tag == "tbody")
    assert [row.props["data-row"] for row in body.default_slot.children] == ["1", "0"]
    assert "蓝" in seen.texts
    assert "橙" not in seen.texts
    drawn.clear()
    shelf.things = [(1, "蓝")]
    await listings[0].renew()
    assert drawn == []
    assert rows(seen) == ["1"]
