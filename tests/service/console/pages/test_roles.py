"""Roles and permissions in the console."""

from __future__ import annotations

from service.auth import PERMISSIONS, Action, Resource, Role
from service.console.i18n import Language, load_words
from service.console.pages.roles import roles_text
from tests.support.console_scene import ConsoleScene


async def test_everybody_sees_who_may_what_and_their_own_role_marked(scene: ConsoleScene):
    page = await scene.look("/roles", await scene.person("kan", Role.VIEWER))
    assert page.status == 200
    assert page.texts.count("✓ 你有这个角色") == 1
    assert "谁有这个角色" not in page.texts


async def test_the_table_is_the_one_that_the_server_asks(scene: ConsoleScene):
    page = await scene.look(
        "/roles?resource=statement", await scene.person("lin", Role.LEAD), language="en"
    )
    words = load_words(Language.EN)
    for action in (Action.APPROVE, Action.EDIT, Action.READ):
        place = page.texts.index(words.choice("roles.actions", action.value))
        roles = PERMISSIONS[(action, Resource.STATEMENT)]
        assert page.texts[place + 1] == roles_text(roles, words)
    assert page.texts.count("✓ may") == 3


async def test_a_role_is_asked_what_it_may(scene: ConsoleScene):
    page = await scene.look("/roles?role=classifier", await scene.person("lin", Role.ADMIN))
    shown = [text for text in page.texts if text in ("✓ 可以", "– 不可以")]
    assert len(shown) == sum(Role.CLASSIFIER in roles for roles in PERMISSIONS.values())
    assert "谁有这个角色" in page.texts
