"""From an event to deliveries."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from service.delivery import DeliveryState
from service.events import EventType
from service.ids import stable_id
from tests.service.delivery.scene import Scene, channel


async def test_each_wanting_channel_gets_one_delivery(scene: Scene) -> None:
    scene.channels = [channel("a"), channel("b", minimum_rank=3), channel("c")]
    message = await scene.tell()
    assert await scene.route() == 2
    made = await scene.deliveries()
    assert {each.channel_id for each in made} == {"a", "c"}
    assert {each.id for each in made} == {stable_id("dlv", message, name) for name in "ac"}
    assert {each.state for each in made} == {DeliveryState.PENDING}


async def test_routing_again_makes_nothing_new(scene: Scene) -> None:
    await scene.tell()
    assert [await scene.route(), await scene.route()] == [1, 0]


async def test_two_routers_make_each_delivery_once(scene: Scene) -> None:
    for n in range(5):
        await scene.tell(str(n))
    await asyncio.gather(scene.route(), scene.route())
    await scene.route()
    assert len(await scene.deliveries()) == 5


async def test_an_event_that_nobody_wants_is_said_aloud_with_reasons(local: Scene) -> None:
    local.channels = [channel("a", enabled=False), channel("b", minimum_rank=3)]
    await local.tell()
    with capture_logs() as logged:
        assert await local.route() == 0
    assert logged[0]["event"] == "delivery.nobody_wants"
    assert logged[0]["channels"] == {"a": "disabled", "b": "below_minimum_tier"}
    assert local.observed == [("none", "unheard")]


async def test_a_heartbeat_that_nobody_wants_is_normal(local: Scene) -> None:
    await local.tell(type_=EventType.SERVICE_HEARTBEAT)
    with capture_logs() as logged:
        await local.route()
    assert (logged, local.observed) == ([], [])


async def test_drills_reach_drill_channels_only(local: Scene) -> None:
    local.channels = [channel("real"), channel("drill", drill=True)]
    await local.tell("drill", drill=True)
    await local.route()
    assert [(each.channel_id, each.drill) for each in await local.deliveries()] == [("drill", True)]


async def test_a_pager_hears_the_end_of_what_it_was_told_of_whatever_it_chose(
    scene: Scene,
) -> None:
    chosen = ("incident.opened",)
    scene.channels = [channel("pager", alerts=True, events=chosen, minimum_rank=2)]
    await scene.tell("grave", incident_id="inc_1")
    await scene.tell("light", incident_id="inc_2", tier_rank=1)
    await scene.route()
    closed = EventType.INCIDENT_CLOSED
    told = await scene.tell("end 1", type_=closed, incident_id="inc_1", tier_rank=1)
    await scene.tell("end 2", type_=closed, incident_id="inc_2", tier_rank=1)
    await scene.route()
    assert [each.message_id for each in await scene.deliveries() if each.type is closed] == [told]


async def test_it_is_due_while_something_is_unrouted(local: Scene) -> None:
    assert await local.router.next_at() is None
    await local.tell()
    assert await local.router.next_at() == local.clock.now()
    await local.route()
    assert await local.router.next_at() is None


async def test_more_than_a_batch_is_routed_in_one_run(local: Scene) -> None:
    for n in range(205):
        await local.tell(str(n))
    assert await local.route() == 205
    assert local.router.name == "router"
