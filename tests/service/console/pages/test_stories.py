"""Stories: a list, one with its growth and its posts."""

from __future__ import annotations

import pytest

from service.auth import Role
from service.console.pages.stories import _cursor, _position
from service.errors import InvalidInput
from service.stories import StorySort
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene
from tests.support.insight_scene import brands, posts, story


async def test_a_story_is_listed_and_opened_with_its_posts(scene: ConsoleScene):
    await brands(scene)
    found = await story(scene, await posts(scene, days=2))
    token = await scene.person("lin", Role.VIEWER)
    page = await scene.look("/stories", token)
    assert f"list-{found}" in page.keys
    one = await scene.look(f"/stories/{found}", token)
    for text in ("帖子随时间", "从这里开始", "有代表性的帖子", "概况"):
        assert text in one.texts
    await one.until(lambda: any(text.startswith("最新的 ") for text in one.texts))


async def test_the_order_is_shown_chosen_or_not(scene: ConsoleScene):
    token = await scene.person("lin", Role.VIEWER)
    for path, order in (("/stories", "growth"), ("/stories?order=recency", "recency")):
        page = await scene.look(path, token)
        options = [it for it in page.elements if it.props.get("value") in set(StorySort)]
        assert [it.props["value"] for it in options if it.props.get("selected")] == [order]


async def test_there_is_no_story_yet(scene: ConsoleScene):
    page = await scene.look("/stories", await scene.person("lin", Role.VIEWER))
    assert "还没有故事" in page.texts


async def test_a_story_that_is_gone(scene: ConsoleScene):
    page = await scene.look("/stories/sty_none", await scene.person("lin", Role.VIEWER))
    assert "这里没有这样东西" in page.texts


@pytest.mark.parametrize(
    ("sort", "position"),
    [
        (StorySort.GROWTH, (1.25, "sty_1")),
        (StorySort.VOLUME, (40, "sty_1")),
        (StorySort.RECENCY, (START, "sty_1")),
    ],
)
def test_a_page_begins_where_the_one_before_ended(sort: StorySort, position: tuple[object, str]):
    assert _position(_cursor(position), sort) == position


@pytest.mark.parametrize(
    "cursor", ["x", "[1]", "[true, 'a']", '["a", "b"]', '[1e99, "a"]', "[" * 900, '[1, ""]']
)
def test_an_address_that_somebody_has_spoilt_is_refused(cursor: str):
    with pytest.raises(InvalidInput):
        _position(cursor, StorySort.GROWTH)
