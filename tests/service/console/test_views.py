"""Saved views: everybody's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.auth import SYSTEM, Principal, Role
from service.console.i18n import Language, load_words
from service.console.views import LONGEST, MOST, Views
from service.errors import Conflict, InvalidInput
from tests.support.console_scene import ConsoleScene

WORDS = load_words(Language.ZH)


async def somebody(scene: ConsoleScene, name: str = "lin") -> Principal:
    made = await scene.container.users.create(SYSTEM, name=name, roles=[Role.LEAD])
    return replace(SYSTEM, id=made.user.id, name=name)


def kept(scene: ConsoleScene) -> Views:
    return Views(scene.database, scene.clock, place="queue")


async def test_a_view_is_its_owner_s_and_its_place_s_alone(scene: ConsoleScene):
    lin, rui = await somebody(scene), await somebody(scene, "rui")
    views = kept(scene)
    view = await views.save(lin, "  夜里   的 ", "tier=red", WORDS)
    assert view.name == "夜里 的"
    assert await views.every(lin.id) == (view,)
    assert await views.every(rui.id) == ()
    assert await Views(scene.database, scene.clock, place="posts").every(lin.id) == ()
    await views.forget(rui, view.id)
    assert await views.every(lin.id) == (view,)
    await views.forget(lin, view.id)
    assert await views.every(lin.id) == ()


@pytest.mark.parametrize("name", ["", "   ", "长" * (LONGEST + 1), "a\u202eb"])
async def test_a_name_that_will_not_do_is_refused(scene: ConsoleScene, name: str):
    with pytest.raises(InvalidInput, match="名称"):
        await kept(scene).save(await somebody(scene), name, "", WORDS)


async def test_a_name_is_taken_once_and_views_are_so_many_at_most(scene: ConsoleScene):
    lin, views = await somebody(scene), kept(scene)
    for number in range(MOST):
        await views.save(lin, f"v{number}", "", WORDS)
        if number == 0:
            with pytest.raises(Conflict, match="v0"):
                await views.save(lin, "v0", "tier=red", WORDS)
    with pytest.raises(InvalidInput, match=str(MOST)):
        await views.save(lin, "one more", "", WORDS)
    assert len(await views.every(lin.id)) == MOST
