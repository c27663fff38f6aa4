from __future__ import annotations

from datetime import time, timedelta

import pytest
from structlog.testing import capture_logs

from service.db import tables
from service.oncall.model import Window
from service.oncall.outcry import Outcry, Unreached
from tests.support.oncall_scene import OncallScene

CRY = "incident.unreached"


async def asleep(scene: OncallScene) -> None:
    """Lin stands for duty, and sleeps for five hours from this one."""
    hour = (scene.clock.now() + timedelta(hours=8)).hour
    quiet = Window(since=time(hour), until=time((hour + 5) % 24))
    await scene.add_person("lin", "lin-phone", quiet=quiet)
    await scene.name_duty("duty", "lin")


@pytest.mark.parametrize(("tier", "loud"), [("yellow", []), ("red", ["lin-phone"])])
async def test_without_a_channel_of_last_resort_whoever_sleeps_is_left_in_peace(
    local: OncallScene, tier: str, loud: list[str]
) -> None:
    await asleep(local)
    local.sender.refusing = {"lin-phone"}

    await local.open(tier)
    await local.pass_time(minutes=16)

    cries = [row["only_channels"] for row in await local.rows(tables.outbox) if row["type"] == CRY]
    assert cries == [None, loud]


async def test_a_channel_of_somebody_else_too_is_loud(local: OncallScene) -> None:
    await asleep(local)
    await local.add_person("rui", "rui-phone")

    await local.open()
    await local.pass_time(minutes=16)

    assert local.pages(CRY) == [("rui-phone", CRY)]


async def test_what_is_rolled_back_is_not_said(local: OncallScene) -> None:
    incident = await local.open("red")
    outcry = Outcry(fallback=None, public_url="")
    now = local.clock.now()

    async def broken() -> None:
        async with local.database.write() as connection:
            await outcry.cry(connection, incident.id, Unreached.NOT_DELIVERED, now=now)
            raise ZeroDivisionError

    with capture_logs() as lines, pytest.raises(ZeroDivisionError):
        await broken()

    assert [line for line in lines if line["event"].startswith("oncall.")] == []
