"""How a command's coroutine runs: one error out of a task group comes out as itself."""

from __future__ import annotations

import asyncio

import pytest

from service.cli.opening import run
from service.errors import NotFound


async def fail() -> None:
    raise NotFound("nothing there")


async def fail_in_groups() -> None:
    async with asyncio.TaskGroup() as outer:
        outer.create_task(fail_in_group())


async def fail_in_group() -> None:
    async with asyncio.TaskGroup() as inner:
        inner.create_task(fail())


def test_the_error_inside_groups_is_raised() -> None:
    with pytest.raises(NotFound, match="nothing there"):
        run(fail_in_groups())


def test_the_result_is_answered() -> None:
    async def work() -> int:
        return 7

    assert run(work()) == 7
