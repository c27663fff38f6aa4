"""A channel that fails: its fallback has the message too; long failure switches it off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.delivery import DeliveryNews, DeliveryState, SendOutcome, SendResult
from service.delivery.claim import claim
from service.delivery.health import GIVEN_UP_AFTER
from service.delivery.retry import decide
from service.delivery.settlement import Settlement
from service.events import EventType
from tests.service.delivery.scene import BROKEN, SENT, Scene, channel

REFUSED = SendResult(outcome=SendOutcome.REFUSED, status=400, reason="no")


def pair(scene: Scene, **changes: Any) -> None:
    """`a` falls back to `b`, which by itself wants nothing of these events."""
    scene.channels = [
        channel("a", **({"fallback": "b"} | changes)),
        channel("b", events=("step.done",)),
    ]


async def test_a_message_that_is_dead_goes_to_the_fallback(scene: Scene) -> None:
    pair(scene)
    scene.sender.script["a"] = [REFUSED]
    message_id = await scene.tell_and_deliver()
    assert scene.sender.ids("b") == [message_id]
    found = {item.channel_id: item for item in await scene.deliveries()}
    assert found["a"].state is DeliveryState.DEAD
    assert found["b"].state is DeliveryState.SENT
    assert found["b"].fallback_of == found["a"].id
    dead = next(report for report in scene.reports if report.news is DeliveryNews.DEAD)
    assert dead.handed_to == "b"


async def test_the_second_failure_hands_over_and_the_first_goes_on(local: Scene) -> None:
    pair(local)
    local.sender.script["a"] = [BROKEN, BROKEN]
    message_id = await local.tell_and_deliver()
    assert local.sender.ids("b") == []
    local.step(timedelta(seconds=10))
    await local.deliver()
    assert local.sender.ids("b") == [message_id]
    assert [report.handed_to for report in local.reports] == ["b", None]
    local.step(timedelta(minutes=10))
    await local.deliver()
    assert local.sender.ids("a") == [message_id] * 3
    assert local.sender.ids("b") == [message_id]


async def test_how_many_failures_is_the_channels_to_say(local: Scene) -> None:
    pair(local, fallback_after=1)
    local.sender.script["a"] = [BROKEN]
    message_id = await local.tell_and_deliver()
    assert local.sender.ids("b") == [message_id]


async def test_a_fallback_that_has_it_anyway_has_it_once(local: Scene) -> None:
    local.channels = [channel("a", fallback="b"), channel("b")]
    local.sender.script["a"] = [REFUSED]
    message_id = await local.tell_and_deliver()
    assert local.sender.ids("b") == [message_id]
    assert {report.handed_to for report in local.reports} == {None}


async def test_what_needs_no_sending_goes_to_no_fallback_and_is_no_news(local: Scene) -> None:
    pair(local, fallback_after=1)
    local.sender.script["a"] = [SendResult(outcome=SendOutcome.NEEDLESS, reason="stands")]
    await local.tell_and_deliver()
    (found,) = await local.deliveries()
    assert (found.state, found.reason) == (DeliveryState.WITHDRAWN, "needless: stands")
    assert (local.sender.ids("b"), local.reports) == ([], [])


async def test_a_circle_of_dead_channels_ends(local: Scene) -> None:
    local.channels = [channel("a", fallback="b"), channel("b", fallback="a")]
    local.sender.otherwise = REFUSED
    await local.tell_and_deliver()
    assert {item.state for item in await local.deliveries()} == {DeliveryState.DEAD}
    assert len(local.sender.sent) == 2


async def test_a_channel_switched_off_meanwhile_hands_over(local: Scene) -> None:
    pair(local)
    message_id = await local.tell()
    await local.route()
    local.channels[0] = channel("a", fallback="b", enabled=False)
    await local.deliver()
    assert local.sender.ids("b") == [message_id]


async def test_a_heartbeat_has_no_stand_in(local: Scene) -> None:
    pair(local, events=("service.heartbeat",))
    local.sender.script["a"] = [BROKEN]
    await local.tell_and_deliver(
        type_=EventType.SERVICE_HEARTBEAT, incident_id=None, tier_rank=None
    )
    assert local.sender.ids("b") == []


async def test_a_drill_never_falls_back_to_a_real_channel(local: Scene) -> None:
    pair(local, drill=True)
    local.sender.script["a"] = [REFUSED]
    await local.tell_and_deliver(drill=True)
    assert local.sender.ids("b") == []


async def test_five_days_of_failures_switch_a_channel_off(scene: Scene) -> None:
    scene.sender.otherwise = BROKEN
    await scene.tell_and_deliver("first")
    for day in range(4):
        scene.step(timedelta(hours=24))
        await scene.tell_and_deliver(f"day {day}")
    scene.step(GIVEN_UP_AFTER - timedelta(hours=96, seconds=1))
    await scene.tell_and_deliver("second")
    assert scene.disabled == []
    scene.step(timedelta(seconds=1))
    await scene.tell_and_deliver("third")
    assert {name for name, _ in scene.disabled} == {"a"}
    assert "120 h" in scene.disabled[0][1]


async def test_one_success_starts_the_count_again(local: Scene) -> None:
    local.sender.script["a"] = [BROKEN, SENT, SENT, BROKEN]
    await local.tell_and_deliver("first")
    local.step(timedelta(seconds=20))
    await local.tell_and_deliver("second")
    local.step(GIVEN_UP_AFTER)
    await local.tell_and_deliver("third")
    assert local.disabled == []


async def test_two_failures_a_month_apart_switch_nothing_off(scene: Scene) -> None:
    scene.sender.script["a"] = [BROKEN, BROKEN]
    await scene.tell_and_deliver("one")
    scene.step(timedelta(days=30))
    await scene.tell_and_deliver("two")
    assert scene.disabled == []


async def test_refused_messages_switch_nothing_off(local: Scene) -> None:
    local.sender.otherwise = REFUSED
    for day in range(12):
        await local.tell_and_deliver(f"day {day}")
        local.step(timedelta(hours=24))
    assert local.disabled == []


async def test_few_failures_however_long_switch_nothing_off(local: Scene) -> None:
    local.sender.otherwise = BROKEN
    for day in range(6):
        await local.tell_and_deliver(f"day {day}", type_=EventType.SERVICE_HEARTBEAT)
        local.step(timedelta(hours=24))
    assert local.disabled == []


async def test_a_setting_that_makes_no_sense_breaks_no_lane(local: Scene) -> None:
    pair(local, fallback_after="3")
    local.sender.otherwise = BROKEN
    await local.tell_and_deliver()
    (found,) = await local.deliveries()
    assert (found.attempts, found.reason) == (1, "waiting: HTTP 500")


async def test_who_has_lost_the_lease_hands_nothing_over(local: Scene) -> None:
    async def announce(connection: Any, report: Any) -> None:
        return None

    async def disable(connection: Any, channel_id: str, reason: str, at: Any) -> None:
        return None

    await local.tell()
    await local.route()
    now, claims = local.clock.now(), []
    for owner, since in (("late", 0), ("quick", 41)):
        start = now + timedelta(seconds=since)
        async with local.database.write() as connection:
            claims.append(
                await claim(
                    connection, "a", owner=owner, now=start, until=start + timedelta(seconds=40)
                )
            )
    late, quick = claims
    for owner, claimed, result in (("quick", quick, SENT), ("late", late, BROKEN)):
        settlement = Settlement(
            local.database,
            owner=owner,
            announce=announce,
            disable=disable,
            observe=lambda kind, outcome, seconds: None,
        )
        await settlement.settle(
            claimed,
            decide(result, attempts=1, at=now, random=lambda: 0.5),
            result=result,
            channel=channel("a", fallback="b", fallback_after=1),
            at=now,
            deputy="b",
        )
    assert [(item.channel_id, item.state) for item in await local.deliveries()] == [
        ("a", DeliveryState.SENT)
    ]
