"""More messages than a channel may send: one digest stands for the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.delivery import DeliveryState, SendOutcome, SendResult
from service.delivery.pacing import Pace
from tests.service.delivery.scene import Scene

ROBOT = Pace(per_minute=15, burst=5)
WAITING = Pace(per_minute=15, burst=5, digests=False)


async def tell_many(scene: Scene, count: int) -> list[str]:
    ids = [
        await scene.tell(f"inc_{place}", tier_rank=1 + place % 3, data={"place": place})
        for place in range(count)
    ]
    await scene.route()
    return ids


async def test_what_does_not_fit_goes_in_one_digest(scene: Scene) -> None:
    deliverer = scene.make_deliverer(pace_of=lambda _: ROBOT)
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
    deliverer = scene.make_deliverer(pace_of=lambda _: ROBOT)
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
    deliverer = local.make_deliverer(pace_of=lambda _: ROBOT)
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
    deliverer = local.make_deliverer(pace_of=lambda _: WAITING)
    await tell_many(local, 7)
    assert await local.deliver(deliverer) == 5
    for _ in range(2):
        local.step(timedelta(seconds=6))
        assert await local.deliver(deliverer) == 1
    assert all(message.parts == () for _, message, _ in local.sender.sent)


async def test_a_digest_that_fails_is_told_again_with_all_of_it(local: Scene) -> None:
    deliverer = local.make_deliverer(pace_of=lambda _: Pace(per_minute=2, burst=1))
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
    first = scene.make_deliverer(pace_of=lambda _: ROBOT)
    second = scene.make_deliverer(pace_of=lambda _: ROBOT, owner="worker-2")
    await tell_many(scene, 9)
    await scene.deliver(first)
    await scene.tell("late")
    await scene.route()
    assert await scene.deliver(second) == 0
    assert len(scene.sender.sent) == 5


@pytest.mark.parametrize("count", [1, 5])
async def test_what_fits_goes_by_itself(local: Scene, count: int) -> None:
    deliverer = local.make_deliverer(pace_of=lambda _: ROBOT)
    await tell_many(local, count)
    await local.deliver(deliverer)
    assert [message.parts for _, message, _ in local.sender.sent] == [()] * count
