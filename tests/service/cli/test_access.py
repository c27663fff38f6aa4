"""`fengsui user` and `fengsui key`: what they print opens the door, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from service.auth import SYSTEM, BadCredentials, Handle, Role
from service.bootstrap import Container
from service.cli.opening import opened
from service.settings import load_settings
from tests.support.process import Shell

T = TypeVar("T")


def inside(data: Path, work: Callable[[Container], Awaitable[T]]) -> T:
    """Do something with the service on the folder that the commands have worked on."""

    async def run() -> T:
        async with opened(load_settings({"FENGSUI_DATA_DIR": str(data)})) as container:
            return await work(container)

    return asyncio.run(run())


def test_a_new_user_signs_in_with_the_printed_password(installed: Shell, data: Path) -> None:
    done = installed("user", "add", "lin", "--role", "lead", "--role", "analyst")
    assert done.code == 0
    password = done.out.strip()
    assert password not in done.err
    user = inside(data, lambda container: container.sign_in.authenticate("lin", password))
    assert set(user.roles) == {Role.LEAD, Role.ANALYST}
    assert user.must_change_password


def test_a_reset_gives_a_new_password_and_ends_the_old(installed: Shell, data: Path) -> None:
    old = installed("user", "add", "lin", "--role", "lead").out.strip()
    done = installed("user", "reset", "lin")
    new = done.out.strip()
    assert done.code == 0
    assert new != old
    inside(data, lambda container: container.sign_in.authenticate("lin", new))
    with pytest.raises(BadCredentials):
        inside(data, lambda container: container.sign_in.authenticate("lin", old))


def test_a_key_opens_the_api_for_its_roles(installed: Shell, data: Path) -> None:
    done = installed("key", "add", "moderation", "--role", "classifier")
    assert done.code == 0
    token = done.out.strip()
    principal = inside(data, lambda container: container.keys.authenticate(token))
    assert set(principal.roles) == {Role.CLASSIFIER}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("user", "add", "lin"), "Missing option '--role'"),
        (("user", "add", "lin", "--role", "king"), "'king' is not one of"),
        (("user", "reset", "nobody"), "there is no user 'nobody'"),
    ],
)
def test_a_mistake_is_exit_2_and_makes_nobody(
    installed: Shell, data: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = installed(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert inside(data, lambda container: container.users.find("lin")) is None


def test_the_same_name_twice_is_refused(installed: Shell) -> None:
    installed("user", "add", "lin", "--role", "lead")
    done = installed("user", "add", "lin", "--role", "lead")
    assert (done.code, done.out) == (2, "")
    assert "lin" in done.err


def test_a_rotated_key_opens_what_the_old_one_closed(installed: Shell, data: Path) -> None:
    sealed = inside(data, _sealed)
    before = (data / "keys.json").read_bytes()
    done = installed("key", "rotate")
    assert (done.code, done.out) == (0, "1 rows encrypted anew, 1 old keys forgotten\n")
    assert (data / "keys.json").read_bytes() != before
    revealed = inside(
        data,
        lambda container: container.handles.reveal(SYSTEM, sealed, reason="asked by counsel"),
    )
    assert (revealed.id, revealed.name) == ("u-77", "墨鱼丸")


async def _sealed(container: Container) -> str:
    """One author's handle in the store; answers the pseudonym."""
    author = container.keyring.pseudonym("weibo", "u-77")
    handle = Handle(author=author, source="weibo", id="u-77", name="墨鱼丸")
    async with container.database.write() as connection:
        await container.handles.remember(connection, [handle])
    return author
