"""Accounts in the console."""

from __future__ import annotations

import pytest

from service.audit import AuditFilter, entries
from service.auth import SYSTEM, BadCredentials, Role
from tests.support.console_scene import ConsoleScene


async def account(scene: ConsoleScene, name: str) -> str:
    found = await scene.container.users.find(name)
    assert found is not None
    return found.id


async def deeds(scene: ConsoleScene, user_id: str) -> list[str]:
    where = AuditFilter(subject_type="user", subject_id=user_id)
    async with scene.container.database.read() as connection:
        return [item.action for item in (await entries(connection, where=where)).items]


async def test_a_new_account_shows_its_password_once(scene: ConsoleScene):
    token = await scene.person("lin", Role.ADMIN)
    page = await scene.look("/users/_new", token)
    page.send("user-new", name="wang.min", roles=["responder", "viewer"])
    await page.until(lambda: "wang.min 的一次性密码，只显示这一次" in page.texts)
    made = await scene.container.users.find("wang.min")
    assert made is not None
    assert set(made.roles) == {Role.RESPONDER, Role.VIEWER}
    shown = page.texts[page.texts.index("wang.min 的一次性密码，只显示这一次") + 2]
    assert (await scene.container.sign_in.authenticate("wang.min", shown)).id == made.id
    again = await scene.look(f"/users/{made.id}", token)
    assert shown not in again.texts


async def test_an_account_without_a_role_or_with_a_name_that_is_taken_is_not_made(
    scene: ConsoleScene,
):
    page = await scene.look("/users/_new", await scene.person("lin", Role.ADMIN))
    page.send("user-new", name="wang min", roles=["viewer"])
    await page.until(lambda: page.refused("name"))
    page.send("user-new", name="wang", roles=[])
    await page.until(lambda: page.refused("roles"))
    page.send("user-new", name="lin", roles=["viewer"])
    await page.until(lambda: any("named lin already" in text for text in page.texts))
    assert await scene.container.users.find("wang") is None


async def test_roles_are_given_and_the_last_administrator_stays_one(scene: ConsoleScene):
    token = await scene.person("lin", Role.ADMIN)
    await scene.person("kan", Role.VIEWER)
    kan, lin = await account(scene, "kan"), await account(scene, "lin")
    page = await scene.look(f"/users/{kan}", token)
    page.send(f"user-{kan}", roles=["lead", "legal"])
    await page.until(lambda: any("角色已保存" in script for script in page.scripts))
    assert set((await scene.container.users.get(kan)).roles) == {Role.LEAD, Role.LEGAL}
    page = await scene.look(f"/users/{lin}", token)
    page.send(f"user-{lin}", roles=["viewer"])
    await page.until(lambda: any("the last admin" in text for text in page.texts))
    assert (await scene.container.users.get(lin)).roles == (Role.ADMIN,)


async def test_two_who_change_the_same_roles_see_what_the_other_chose(scene: ConsoleScene):
    token = await scene.person("lin", Role.ADMIN)
    await scene.person("kan", Role.VIEWER)
    kan = await account(scene, "kan")
    page = await scene.look(f"/users/{kan}", token)
    version = (await scene.container.users.get(kan)).version
    await scene.container.users.set_roles(SYSTEM, kan, roles=[Role.LEGAL], version=version)
    page.send(f"user-{kan}", roles=["lead"])
    await page.until(lambda: "别人刚刚改过" in page.texts)
    assert (await scene.container.users.get(kan)).roles == (Role.LEGAL,)


@pytest.mark.parametrize(
    ("key", "confirm", "deed"),
    [
        ("sign-out", "结束所有登录", "user.signed_out"),
        ("disable", "停用账号", "user.disabled"),
        ("reset", "重置密码", "user.reset"),
    ],
)
async def test_sessions_end_after_a_question_and_on_the_record(
    scene: ConsoleScene, key: str, confirm: str, deed: str
):
    token = await scene.person("lin", Role.ADMIN)
    theirs = await scene.person("kan", Role.VIEWER)
    kan = await account(scene, "kan")
    page = await scene.look(f"/users/{kan}", token)
    page.press(key)
    await page.until(lambda: any(text.endswith("？") for text in page.texts))
    assert (await scene.container.sessions.resolve(theirs)).user.id == kan
    page.answer(confirm)
    await page.until(lambda: page.scripts or any("一次性密码，只显示" in it for it in page.texts))
    with pytest.raises(BadCredentials):
        await scene.container.sessions.resolve(theirs)
    assert (await deeds(scene, kan))[0] == deed


async def test_a_closed_account_is_opened_again(scene: ConsoleScene):
    token = await scene.person("lin", Role.ADMIN)
    await scene.person("kan", Role.VIEWER)
    kan = await account(scene, "kan")
    await scene.container.users.set_disabled(SYSTEM, kan, disabled=True)
    page = await scene.look(f"/users/{kan}", token)
    assert "✗ 已停用" in page.texts
    page.press("enable")
    await page.until(lambda: any("账号已启用" in script for script in page.scripts))
    assert not (await scene.container.users.get(kan)).disabled


async def test_accounts_are_found_by_role_and_state(scene: ConsoleScene):
    token = await scene.person("lin", Role.ADMIN)
    await scene.container.users.create(SYSTEM, name="wang.min", roles=[Role.LEGAL])
    await scene.person("kan", Role.LEGAL)
    legal = await scene.look("/users?role=legal&state=one_time", token)
    assert "wang.min" in legal.texts
    assert "kan" not in legal.texts


async def test_who_is_no_administrator_any_more_is_refused_on_an_open_page(scene: ConsoleScene):
    token = await scene.person("lin", Role.ADMIN)
    await scene.person("kan", Role.ADMIN)
    lin, kan = await account(scene, "lin"), await account(scene, "kan")
    page = await scene.look(f"/users/{kan}", token)
    version = (await scene.container.users.get(lin)).version
    await scene.container.users.set_roles(SYSTEM, lin, roles=[Role.VIEWER], version=version)
    page.press("disable")
    await page.until(lambda: "停用账号 kan？" in page.texts)
    page.answer("停用账号")
    await page.until(lambda: any("需要以下角色之一：管理员" in said for said in page.told))
    assert not (await scene.container.users.get(kan)).disabled
