"""Replies and sessions, as a request brings them."""

from __future__ import annotations

import pytest

from service.db import Database
from service.errors import Overloaded
from tests.support.clock import SteppingClock
from tests.support.judgement_scene import CLAIM, Scene, rows, scene_with, told


async def test_a_reply_and_a_session_are_read_together(scene: Scene) -> None:
    reply, split, plain = await scene.judge(
        {"text": "加我", "parent": "一手货源拉群"},
        {"text": "信", "session": ["加", "V"]},
        "今天天气真好",
    )
    assert [told(one)[0] for one in (reply, split, plain)] == ["review", "review", "pass"]
    assert scene.reader.asked == [["一手货源拉群", "加V信"]]


async def test_surroundings_that_cannot_be_read_are_named(scene: Scene) -> None:
    broken, sound = await scene.judge(
        {"text": "你好", "parent": "坏的"}, {"text": "加我", "parent": "一手货源拉群"}
    )
    assert (told(broken), broken.degraded) == (("review", False), ("context",))
    assert (told(sound), sound.degraded) == (("review", False), ())


async def test_a_full_line_refuses_before_anything_has_happened(scene: Scene) -> None:
    scene.reader.error = Overloaded("full", retry_after=1)
    with pytest.raises(Overloaded):
        await scene.judge(CLAIM, {"text": "x", "parent": "y"})
    assert await rows(scene.database) == (0, 0)
    assert not scene.people.filed


async def test_a_policy_may_leave_the_parent_aside(
    small_database: Database, clock: SteppingClock
) -> None:
    scene = scene_with(small_database, clock, "context: {parent: false}")
    assert told(await scene.one("加我", parent="一手货源拉群")) == ("pass", False)
    assert not scene.reader.asked
