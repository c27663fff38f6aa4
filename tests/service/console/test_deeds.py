"""Doing, undoing, keeping fresh, and keys: on a page that is told what to do."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from service.auth import BadCredentials, Principal, Role
from service.console.board import Board
from service.console.deeds import attempt, go, keep_fresh
from service.console.dialogs import undo
from service.console.format import moment
from service.console.keys import Keys
from service.console.page import console_page, heading
from service.console.places import Place, Section
from service.console.session import Visit
from service.console.theme import button
from service.errors import Conflict
from service.stores.errors import StoreError
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene, Viewer

PLACE = Place(name="brands", path="/trial", section=Section.SETTINGS)


class Trial:
    """What the page does, and how often."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.looks = 0
        self.done: list[str] = []

    async def deed(self, principal: Principal) -> None:
        if self.error is not None:
            raise self.error
        self.done.append(principal.name)

    async def look(self) -> None:
        self.looks += 1
        if self.error is not None:
            raise self.error


@pytest.fixture
def trial() -> Trial:
    return Trial()


async def opened(scene: ConsoleScene, trial: Trial) -> Viewer:
    board = Board(scene.container, (PLACE,))

    @console_page(board, PLACE)
    async def draw(visit: Visit) -> None:
        heading(visit, "试验")
        moment(visit, START)

        async def act() -> None:
            await attempt(visit, trial.deed)

        button("做", act, key="act")
        button("收起", lambda: undo(visit, "收起了一件", trial.deed), key="fold")
        button("走", lambda: go(visit, "/console/brands", said="走了"), key="go")
        Keys(visit, {"a": ("做", act), "f": ("收起", "fold")})
        keep_fresh(visit, 0.02, trial.look)

    return await scene.look("/trial", await scene.person("lin", Role.ANALYST))


def scripts(page: Viewer, function: str) -> list[str]:
    return [script for script in page.scripts if f"fengsui.{function}(" in script]


async def test_a_deed_is_done_as_the_visitor(scene: ConsoleScene, trial: Trial):
    page = await opened(scene, trial)
    page.press("act")
    await page.until(lambda: trial.done == ["lin"])


async def test_a_refusal_says_what_and_why(scene: ConsoleScene, trial: Trial):
    page = await opened(scene, trial)
    trial.error = Conflict("somebody was faster")
    page.press("act")
    await page.until(lambda: any("somebody was faster" in told for told in page.told))
    assert trial.done == []


async def test_what_nobody_foresaw_is_told_by_its_reference_alone(
    scene: ConsoleScene, trial: Trial
):
    page = await opened(scene, trial)
    trial.error = KeyError("of ours")
    with capture_logs() as logs:
        page.press("act")
        await page.until(lambda: any("编号 " in told for told in page.told))
    assert logs[0]["event"] == "console.page_failed"
    assert not any("of ours" in told for told in page.told)


async def test_a_session_that_ended_leads_to_sign_in(scene: ConsoleScene, trial: Trial):
    page = await opened(scene, trial)
    scene.clock.step(days=2)
    page.press("act")
    await page.until(lambda: scripts(page, "go"))
    assert "sign-in" in scripts(page, "go")[0]
    assert trial.done == []


async def test_what_can_be_undone_is_undone_once(scene: ConsoleScene, trial: Trial):
    page = await opened(scene, trial)
    page.press("fold")
    await page.until(lambda: "收起了一件" in page.texts)
    page.press("undo")
    await page.until(lambda: trial.done == ["lin"])
    await page.until(lambda: "已撤销" in page.told)
    assert "收起了一件" not in page.texts


async def test_a_page_that_cannot_be_refreshed_says_so_once_and_takes_it_back(
    scene: ConsoleScene, trial: Trial
):
    page = await opened(scene, trial)
    trial.error = StoreError("the node is gone")
    await page.until(lambda: scripts(page, "stale"))
    assert "数据暂时取不到" in scripts(page, "stale")[0]
    looks = trial.looks
    await page.until(lambda: trial.looks > looks + 3)
    assert len(scripts(page, "stale")) == 1
    trial.error = None
    await page.until(lambda: len(scripts(page, "stale")) == 2)
    assert '(...[""])' in scripts(page, "stale")[1]


async def test_a_page_whose_session_ended_stops_asking_and_leads_away(
    scene: ConsoleScene, trial: Trial
):
    page = await opened(scene, trial)
    trial.error = BadCredentials("the session has ended")
    await page.until(lambda: scripts(page, "go"))
    looks = trial.looks
    await page.until(lambda: True)
    assert trial.looks <= looks + 1


async def test_a_key_does_what_it_is_declared_to_do(scene: ConsoleScene, trial: Trial):
    page = await opened(scene, trial)
    (place,) = (item for item in page.elements if "data-keys" in item.props)
    assert '"key": "f"' in place.props["data-keys"]
    assert '"press": "fold"' in place.props["data-keys"]
    for sent, done in (("q", []), (None, []), ("a", ["lin"])):
        for listener in place._event_listeners.values():
            with place.client:
                place._handle_event({"listener_id": listener.id, "args": sent})
        await page.until(lambda done=done: trial.done == done)


async def test_an_instant_is_told_with_its_zone_and_counted_by_the_browser(
    scene: ConsoleScene, trial: Trial
):
    page = await opened(scene, trial)
    assert "03-01 10:00 CST" in page.texts
    (counted,) = (item for item in page.elements if "data-ago" in item.props)
    assert counted.props["data-ago"] == START.isoformat()


async def test_going_elsewhere_takes_the_toast_along(scene: ConsoleScene, trial: Trial):
    page = await opened(scene, trial)
    page.press("go")
    await page.until(lambda: scripts(page, "go"))
    assert scripts(page, "go") == ['window.fengsui.go(...["/console/brands", "走了"])']
