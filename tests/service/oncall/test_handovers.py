from __future__ import annotations

from datetime import time, timedelta

from service.auth import SYSTEM
from service.db import tables
from service.oncall import RotaDraft
from service.oncall.model import Layer, Override, Window
from service.timers import TimerState
from tests.support.oncall_scene import OncallScene


async def two(scene: OncallScene) -> None:
    """Lin and Rui change at nine each day; it is ten in Shanghai."""
    await scene.add_person("lin", "lin-phone")
    await scene.add_person("rui", "rui-phone")
    await scene.add_rota("night", "lin", "rui")


async def told(scene: OncallScene) -> list[tuple[str, str, str]]:
    """(channel, who went, who came) of each hand-over that was announced."""
    return [
        (item.channel_id, item.message.data["from"], item.message.data["to"])
        for item in scene.sender.sent
        if item.message.type.value == "rota.handed_over"
    ]


async def test_both_are_told_of_the_hand_over(scene: OncallScene) -> None:
    await two(scene)

    await scene.pass_time(hours=22, minutes=59)
    assert await told(scene) == []
    await scene.pass_time(minutes=1)

    found = await told(scene)
    assert sorted(channel for channel, _, _ in found) == ["lin-phone", "rui-phone"]
    assert {(before, after) for _, before, after in found} == {("rui", "lin")}


async def test_the_next_one_follows(local: OncallScene) -> None:
    await two(local)

    await local.pass_time(days=3)

    assert len(await told(local)) == 6


async def test_an_override_is_a_hand_over_too(local: OncallScene) -> None:
    await two(local)
    begin = local.clock.now() + timedelta(hours=1)
    layer = Layer(members=("lin",), starts_on=begin.date() - timedelta(days=1))
    override = Override(person="rui", since=begin, until=begin + timedelta(hours=2))
    await local.books.rotas.put(
        SYSTEM, RotaDraft(id="night", name="night", layers=(layer,), overrides=(override,))
    )

    await local.pass_time(hours=4)

    changes = [(before, after) for _, before, after in await told(local)]
    assert changes == [("lin", "rui"), ("lin", "rui"), ("rui", "lin"), ("rui", "lin")]


async def test_a_rota_of_one_has_no_timer(local: OncallScene) -> None:
    await two(local)
    await local.add_rota("night", "lin")

    states = {row["state"] for row in await local.rows(tables.timer)}

    assert states == {TimerState.CANCELLED.value}


async def test_a_rota_that_is_gone_announces_nothing(local: OncallScene) -> None:
    await two(local)
    await local.books.rotas.delete(SYSTEM, "night")

    await local.pass_time(days=2)

    assert await told(local) == []


async def test_history_is_not_announced(local: OncallScene) -> None:
    await two(local)

    local.clock.step(days=1, hours=5)
    await local.pass_time()

    assert await told(local) == []
    await local.pass_time(days=1)
    assert len(await told(local)) == 2


async def test_whoever_sleeps_is_told_when_they_wake_up(scene: OncallScene) -> None:
    await two(scene)
    quiet = Window(since=time(8), until=time(11))
    await scene.add_person("rui", "rui-phone", quiet=quiet)

    await scene.pass_time(hours=23)
    assert [channel for channel, _, _ in await told(scene)] == ["lin-phone"]
    await scene.pass_time(hours=2)

    assert await told(scene) == [("lin-phone", "rui", "lin"), ("rui-phone", "rui", "lin")]


async def test_what_is_history_when_they_wake_up_is_not_told(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone")
    await local.add_person("rui", "rui-phone", quiet=Window(since=time(8), until=time(17)))
    begin = local.clock.now() + timedelta(hours=1)
    layer = Layer(members=("lin",), starts_on=begin.date() - timedelta(days=1))
    override = Override(person="rui", since=begin, until=begin + timedelta(hours=2))
    await local.books.rotas.put(
        SYSTEM, RotaDraft(id="night", name="night", layers=(layer,), overrides=(override,))
    )

    await local.pass_time(hours=1, minutes=30)
    assert [channel for channel, _, _ in await told(local)] == ["lin-phone"]
    await local.pass_time(hours=8)

    assert ("rui-phone", "lin", "rui") not in await told(local)
