"""What the ground does for every page: permission, errors, the frame, the menu."""

from __future__ import annotations

import pytest

from service.auth import SYSTEM, Action, Resource, Role
from service.console.board import Board
from service.console.page import console_page, heading
from service.console.places import Place, Section
from service.console.session import Visit
from service.console.states import empty, later
from service.console.theme import plain
from service.errors import NotFound
from service.monitors import BrandDraft
from service.stores.errors import StoreError
from tests.support.console_scene import ConsoleScene

PLACE = Place(
    name="brands",
    path="/trial",
    section=Section.SETTINGS,
    may=(Action.EDIT, Resource.CHANNEL),
    deeper=("/trial/{brand_id}",),
)


class Trial:
    """A page that fails as it is told, in the middle of drawing."""

    def __init__(self, scene: ConsoleScene) -> None:
        self.error: Exception | None = None
        board = Board(scene.container, (PLACE,))

        @console_page(board, PLACE)
        async def draw(visit: Visit) -> None:
            heading(visit, "试验", hint="说明")
            plain("画到一半")
            if self.error is not None:
                raise self.error

        @console_page(board, PLACE, "/trial/{brand_id}")
        async def one(visit: Visit, brand_id: str) -> None:
            heading(visit, brand_id)


@pytest.fixture
def trial(scene: ConsoleScene) -> Trial:
    return Trial(scene)


async def test_a_page_is_drawn_in_its_frame(scene: ConsoleScene, trial: Trial):
    page = await scene.look("/trial", await scene.person("lin", Role.ADMIN))
    assert {"试验", "说明", "画到一半", "lin", "退出", "跳到正文"} <= set(page.texts)


async def test_who_may_not_sees_which_roles_may_and_nothing_of_the_page(
    scene: ConsoleScene, trial: Trial
):
    token = await scene.person("lin", Role.VIEWER)
    page = await scene.look("/trial", token)
    assert "画到一半" not in page.texts
    assert "需要以下角色之一：管理员。请向管理员申请。" in page.texts
    assert page.status == 403


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotFound("no brand chenyu"), 404, "这里没有这样东西"),
        (StoreError("the node is gone"), 503, "数据暂时取不到"),
        (ZeroDivisionError("ours"), 500, "抱歉，这里出错了"),
    ],
)
async def test_an_error_takes_away_what_was_drawn_and_says_what_to_do(
    scene: ConsoleScene, trial: Trial, error: Exception, status: int, said: str
):
    trial.error = error
    token = await scene.person("lin", Role.ADMIN)
    page = await scene.look("/trial", token)
    assert said in page.texts
    assert "画到一半" not in page.texts
    assert "ours" not in " ".join(page.texts)
    assert page.status == status


async def test_what_the_path_has_in_braces_comes_by_name(scene: ConsoleScene, trial: Trial):
    page = await scene.look("/trial/晨屿", await scene.person("lin", Role.ADMIN))
    assert "晨屿" in page.texts


def test_a_path_that_the_place_does_not_have_is_a_mistake(scene_less_board: Board):
    with pytest.raises(ValueError, match="add it to `deeper`"):
        console_page(scene_less_board, PLACE, "/elsewhere")


@pytest.fixture
async def scene_less_board(scene: ConsoleScene) -> Board:
    return Board(scene.container, ())


async def test_an_address_that_leads_nowhere_is_a_page_that_says_so(scene: ConsoleScene):
    client = await scene.http(await scene.person("lin", Role.VIEWER))
    answer = await client.get("/console/no/such/page")
    assert answer.status_code == 404
    assert "这里没有这样东西" in answer.text
    stranger = await (await scene.http()).get("/console/no/such/page")
    assert stranger.status_code == 303


async def test_the_menu_shows_where_somebody_may_go_and_where_they_are(scene: ConsoleScene):
    await scene.container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    page = await scene.look("/brands/chenyu", await scene.person("lin", Role.VIEWER))
    marked = [item for item in page.elements if item.props.get("aria-current") == "page"]
    assert [item.props["href"] for item in marked] == ["/console/brands"]
    addresses = {item.props.get("href") for item in page.elements}
    assert "/console/history" in addresses
    assert "/console/users" not in addresses


async def test_what_comes_later_is_fetched_after_the_page_and_can_be_tried_again(
    scene: ConsoleScene,
):
    board = Board(scene.container, (PLACE,))
    answers: list[Exception | str] = [StoreError("the node is gone"), "到了"]

    @console_page(board, PLACE)
    async def draw(visit: Visit) -> None:
        async def load(_principal: object) -> str:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        heading(visit, "试验")
        later(visit, load, lambda loaded: empty(loaded))

    page = await scene.look("/trial", await scene.person("lin", Role.ADMIN))
    await page.until(lambda: "数据暂时取不到" in page.texts)
    page.press("again")
    await page.until(lambda: "到了" in page.texts)
    assert "数据暂时取不到" not in page.texts
