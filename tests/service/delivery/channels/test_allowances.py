"""The deliverer against providers that count: none of them ever hears too much."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.delivery import DeliveryState, Sender
from service.delivery.channels import (
    DingTalkSender,
    Exchange,
    FeishuSender,
    PagerDutySender,
    SlackSender,
    WeComSender,
    limits_of,
)
from service.events import EventType
from tests.service.delivery.channels.pages import cards, incident
from tests.service.delivery.scene import Scene, channel
from tests.support.providers.robots import (
    ROUTING_KEY,
    TOKEN,
    DingTalkRobot,
    FeishuRobot,
    PagerDutyEvents,
    SlackHook,
    Throttled,
    WeComRobot,
    answer,
)
from tests.support.webhook_receiver import Reply, WebhookReceiver

TOO_MANY: dict[str, Reply] = {
    "dingtalk": answer(errcode=130101, errmsg="send too fast"),
    "feishu": answer(code=11232, msg="frequency limited"),
    "wecom": answer(errcode=45009, errmsg="api freq out of limit"),
    "slack": Reply(status=429, headers={"retry-after": "30"}),
    "pagerduty": Reply(status=429),
}
MUTE = timedelta(minutes=10)


async def busy(
    scene: Scene,
    receiver: WebhookReceiver,
    sender: Sender,
    provider: Throttled,
    kind: str,
    path: str,
    secrets: tuple[str, ...] = (),
    type_: EventType = EventType.INCIDENT_OPENED,
    **told: Any,
) -> None:
    """Two channels of one robot have forty messages each, and a minute and a half."""
    receiver.judge = provider
    scene.channels = [
        channel(
            name, kind=kind, url=receiver.url(path), secrets=secrets, robot="r", settings=settings
        )
        for name, settings in (("zh", {}), ("en", {"language": "en"}))
    ]
    deliverer = scene.make_deliverer(senders={kind: sender}, limits_of=limits_of)
    for place in range(40):
        data = {"incident": incident(id=f"inc_{place}", title=f"第 {place} 起", **told)}
        await scene.tell(str(place), type_=type_, incident_id=f"inc_{place}", data=data)
    await scene.route()
    for _ in range(90):
        if await deliverer.next_at() is None:
            break
        await scene.deliver(deliverer)
        scene.step(timedelta(seconds=1))


@pytest.mark.parametrize(
    ("kind", "make", "robot", "path", "secrets", "per_minute", "per_second"),
    [
        (
            "dingtalk",
            DingTalkSender,
            DingTalkRobot(),
            f"/robot/send?access_token={TOKEN}",
            ("SECabc123",),
            20,
            None,
        ),
        ("feishu", FeishuSender, FeishuRobot(), f"/hook/{TOKEN}", ("feishu-s3cret",), 100, 5),
        ("wecom", WeComSender, WeComRobot(), f"/cgi-bin/webhook/send?key={TOKEN}", (), 20, None),
        ("slack", SlackSender, SlackHook(), f"/services/T0/B0/{TOKEN}", (), 60, 5),
    ],
)
async def test_a_robot_never_hears_too_much_and_every_message(
    kind: str,
    make: Any,
    robot: Any,
    path: str,
    secrets: tuple[str, ...],
    per_minute: int,
    per_second: int | None,
    local: Scene,
    exchange: Exchange,
    receiver: WebhookReceiver,
) -> None:
    provider = Throttled(
        robot,
        now=local.clock.now,
        per_minute=per_minute,
        per_second=per_second,
        too_many=TOO_MANY[kind],
        mutes=MUTE,
    )
    await busy(local, receiver, make(exchange, cards()), provider, kind, path, secrets)
    assert provider.muted_until is None
    assert {each.state for each in await local.deliveries(limit=100)} == {DeliveryState.SENT}


async def test_a_pager_never_hears_too_much_though_each_page_is_two_calls(
    local: Scene, exchange: Exchange, receiver: WebhookReceiver
) -> None:
    provider = Throttled(
        PagerDutyEvents(),
        now=local.clock.now,
        per_minute=120,
        too_many=TOO_MANY["pagerduty"],
    )
    sender = PagerDutySender(exchange, cards())
    paged, state = EventType.INCIDENT_PAGED, "acknowledged"
    secrets = (ROUTING_KEY,)
    await busy(
        local, receiver, sender, provider, "pagerduty", "/v2/enqueue", secrets, paged, state=state
    )
    assert provider.muted_until is None
    assert len(provider.came) == 160
