"""More messages than a channel may send: one digest stands for the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from service.delivery import ChannelTarget, DeliveryState, SendOutcome, SendResult
from service.delivery.pacing import Limit, Pace
from service.events import EventType
from tests.service.delivery.scene import Scene, channel

ROBOT = Pace(per_minute=15, burst=5)
WAITING = Pace(per_minute=15, burst=5, digests=False)


def limited(pace: Pace) -> Callable[[ChannelTarget], Sequence[Limit]]:
    """By what is sent to, else each channel for itself."""
    return lambda target: (Limit(key=f"robot:{target.robot or target.id}", pace=pace),)


async def tell_many(scene: Scene, count: int) -> list[str]:
    ids = [
        await scene.tell(f"inc_{place}", tier_rank=1 + place % 3, data={"place": place})
        for place in range(count)
    ]
    await scene.route()
    return ids


async def test_what_does_not_fit_goes_in_one_digest(scene: Scene) -> None:
    deliverer = scene.make_deliverer(limits_of=limited(ROBOT))
    ids = await tell_many(scene, 12)
    assert await scene.deliver(deliverer) == 12
    sent = [message for _, message, _ in scene.sender.sent]
    assert len(sent) == 5
    assert [message.parts for message in sent[:4]] == [()] * 4
    digest = sent[4]
    assert {message.id for message in sent[:4]} | {part.id for part in digest.parts} == set(ids)
    ranks = [1 + part.data["place"] % 3 for part in digest.parts]
    assert ranks == sorted(ranks, reverse=True)


async def test_each_delivery_says_that_it_was_told_of_in_the_digest(scene: Scene) -> None:
    deliverer = scene.make_deliverer(limits_of=limited(ROBOT))
    await tell_many(scene, 7)
    await scene.deliver(deliverer)
    found = await scene.deliveries()
    assert {item.state for item in found} == {DeliveryState.SENT}
    digest_id = scene.sender.sent[-1][1].id
    inside = [item for item in found if item.digest == digest_id]
    assert len(inside) == 3
    assert {item.reason for item in inside} == {f"sent: HTTP 200, in digest {digest_id}"}
    assert len([item for item in found if item.digest is None]) == 4


async def test_a_spent_allowance_waits_and_costs_no_attempt(local: Scene) -> None:
    deliverer = local.make_deliverer(limits_of=limited(ROBOT))
    await tell_many(local, 5)
    await local.deliver(deliverer)
    await local.tell("late")
    await local.route()
    assert await local.deliver(deliverer) == 0
    (waiting,) = await local.deliveries(states=[DeliveryState.PENDING])
    assert waiting.attempts == 0
    assert waiting.next_at is not None
    assert timedelta(0) < waiting.next_at - local.clock.now() <= timedelta(seconds=6)
    local.step(timedelta(seconds=6))
    assert await local.deliver(deliverer) == 1


async def test_a_pager_gets_each_by_itself_later(local: Scene) -> None:
    deliverer = local.make_deliverer(limits_of=limited(WAITING))
    await tell_many(local, 7)
    assert await local.deliver(deliverer) == 5
    for _ in range(2):
        local.step(timedelta(seconds=6))
        assert await local.deliver(deliverer) == 1
    assert all(message.parts == () for _, message, _ in local.sender.sent)


async def test_a_digest_that_fails_is_told_again_with_all_of_it(local: Scene) -> None:
    deliverer = local.make_deliverer(limits_of=limited(Pace(per_minute=2, burst=1)))
    broken = SendResult(outcome=SendOutcome.RETRY, status=500, answer="oops")
    local.sender.script["a"] = [broken]
    ids = await tell_many(local, 3)
    await local.deliver(deliverer)
    pending = await local.deliveries(states=[DeliveryState.PENDING])
    assert [item.attempts for item in pending] == [1, 1, 1]
    assert {item.digest for item in pending} == {None}
    local.step(timedelta(seconds=70))
    await local.deliver(deliverer)
    last = local.sender.sent[-1][1]
    assert {part.id for part in last.parts} == set(ids)
    assert {item.state for item in await local.deliveries()} == {DeliveryState.SENT}


async def test_two_workers_share_one_allowance(scene: Scene) -> None:
    first = scene.make_deliverer(limits_of=limited(ROBOT))
    second = scene.make_deliverer(limits_of=limited(ROBOT), owner="worker-2")
    await tell_many(scene, 9)
    await scene.deliver(first)
    await scene.tell("late")
    await scene.route()
    assert await scene.deliver(second) == 0
    assert len(scene.sender.sent) == 5


@pytest.mark.parametrize("count", [1, 5])
async def test_what_fits_goes_by_itself(local: Scene, count: int) -> None:
    deliverer = local.make_deliverer(limits_of=limited(ROBOT))
    await tell_many(local, count)
    await local.deliver(deliverer)
    assert [message.parts for _, message, _ in local.sender.sent] == [()] * count


async def test_pages_of_people_go_first_and_by_themselves(scene: Scene) -> None:
    deliverer = scene.make_deliverer(limits_of=limited(Pace(per_minute=15, burst=2)))
    await tell_many(scene, 6)
    scene.step(timedelta(seconds=1))
    paged = [
        await scene.tell(f"page {n}", type_=EventType.INCIDENT_PAGED, person="usr_1", tier_rank=1)
        for n in range(3)
    ]
    await scene.route()
    await scene.deliver(deliverer)
    for _ in range(2):
        scene.step(timedelta(seconds=5))
        await scene.deliver(deliverer)
    sent = [message for _, message, _ in scene.sender.sent]
    assert {message.id for message in sent[:3]} == set(paged)
    assert {message.person for message in sent[:3]} == {"usr_1"}
    assert [len(message.parts) for message in sent] == [0, 0, 0, 6]


async def test_a_digest_has_no_more_than_its_receiver_shows(local: Scene) -> None:
    pace = Pace(per_minute=2, burst=1, most=4)
    deliverer = local.make_deliverer(limits_of=limited(pace))
    await tell_many(local, 6)
    assert await local.deliver(deliverer) == 4
    assert len(await local.deliveries(states=[DeliveryState.PENDING])) == 2


@pytest.mark.parametrize("pace", [ROBOT, WAITING])
async def test_the_gravest_does_not_queue_behind_the_rest(scene: Scene, pace: Pace) -> None:
    deliverer = scene.make_deliverer(limits_of=limited(pace))
    for place in range(40):
        await scene.tell(f"y{place}", tier_rank=1, incident_id=f"inc_{place}")
    scene.step(timedelta(seconds=1))
    red = await scene.tell("red", tier_rank=3, incident_id="inc_red")
    await scene.route()
    await scene.deliver(deliverer)
    assert scene.sender.sent[0][1].id == red


async def test_a_pager_has_each_incident_in_its_own_order(scene: Scene) -> None:
    deliverer = scene.make_deliverer(limits_of=limited(WAITING))
    told = []
    for type_, rank in (
        (EventType.INCIDENT_OPENED, 1),
        (EventType.INCIDENT_UPDATED, 3),
        (EventType.INCIDENT_RESOLVED, 3),
    ):
        told.append(await scene.tell(type_.value, type_=type_, tier_rank=rank))
        scene.step(timedelta(seconds=1))
    await scene.route()
    await scene.deliver(deliverer)
    assert scene.sender.ids("a") == told


async def test_channels_of_one_robot_share_what_it_takes(scene: Scene) -> None:
    scene.channels = [channel("zh", robot="r"), channel("en", robot="r"), channel("alone")]
    deliverer = scene.make_deliverer(limits_of=limited(WAITING))
    await tell_many(scene, 30)
    for _ in range(60):
        await scene.deliver(deliverer)
        scene.step(timedelta(seconds=1))
    told = [to for to, _, _ in scene.sender.sent]
    assert 10 <= told.count("zh") + told.count("en") <= WAITING.per_minute
    assert {"zh", "en"} <= set(told)
    assert 10 <= told.count("alone") <= WAITING.per_minute
