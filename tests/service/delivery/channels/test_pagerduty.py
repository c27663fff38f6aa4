"""PagerDuty: one alert an incident, whatever happens to it; and their webhooks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.delivery import SendOutcome
from service.delivery.channels import Exchange, PagerDutySender, trial_message
from service.delivery.channels.alerts import EventAction, Standing
from service.delivery.channels.pagerduty import dedup_key, head, judge, particulars
from service.delivery.channels.pagerduty_inbound import Pressed, notice_of, verify
from service.delivery.client import Answer
from service.delivery.errors import BadSignature
from service.delivery.model import Message
from service.errors import InvalidInput
from service.events import EventType
from tests.service.delivery.channels.pages import AT, INCIDENT, cards, channel, message
from tests.support.providers.robots import ROUTING_KEY, PagerDutyEvents
from tests.support.webhook_receiver import Reply, WebhookReceiver

VECTOR = (
    "abc123",
    b'{"event":{"id":"1"}}',
    "v1=8e46baec7ca28fdc719358d2890c7d9faed67674b8d4863bb82ed6b8767d9d19",
)


async def body_of(sent: Message) -> dict[str, Any]:
    card = await cards().card(channel("pagerduty"), sent, at=AT)
    return head(sent, EventAction.TRIGGER, routing_key=ROUTING_KEY) | particulars(card, sent)


class Now:
    """How it stands when a message is sent, as the test says."""

    def __init__(self, standing: Standing | Exception | None) -> None:
        self.standing = standing

    async def incident(self, incident_id: str) -> Standing | None:
        if isinstance(self.standing, Exception):
            raise self.standing
        return self.standing

    async def feed(self, feed_id: str) -> Standing | None:
        return await self.incident(feed_id)


async def test_the_life_of_an_incident_is_one_alert(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    service = PagerDutyEvents()
    receiver.judge = service
    sender = PagerDutySender(exchange, cards())
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    for type_, state in [
        (EventType.INCIDENT_OPENED, "new"),
        (EventType.INCIDENT_TIER_CHANGED, "new"),
        (EventType.INCIDENT_ACKNOWLEDGED, "acknowledged"),
        (EventType.STEP_DUE, "responding"),
        (EventType.INCIDENT_RESOLVED, "resolved"),
        (EventType.INCIDENT_UPDATED, "resolved"),
        (EventType.INCIDENT_CLOSED, "closed"),
    ]:
        result = await sender.send(target, message(type_, state=state), at=AT)
        assert result.outcome is SendOutcome.SENT
    assert service.alerts == {INCIDENT: ["resolved"]}


async def test_a_page_after_a_lapsed_acknowledgement_opens_a_new_alert(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    service = PagerDutyEvents()
    receiver.judge = service
    sender = PagerDutySender(exchange, cards())
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    for type_, state in [
        (EventType.INCIDENT_OPENED, "new"),
        (EventType.INCIDENT_PAGED, "new"),
        (EventType.INCIDENT_ACKNOWLEDGED, "acknowledged"),
        (EventType.INCIDENT_PAGED, "acknowledged"),
    ]:
        await sender.send(target, message(type_, state=state), at=AT)
    assert service.alerts == {INCIDENT: ["resolved", "triggered"]}


async def test_a_page_anew_that_cannot_end_the_old_alert_is_tried_again(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(status=500)
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    again = message(EventType.INCIDENT_PAGED, state="acknowledged")
    result = await PagerDutySender(exchange, cards()).send(target, again, at=AT)
    assert (result.outcome, len(receiver.received)) == (SendOutcome.RETRY, 1)


@pytest.mark.parametrize(
    ("tier", "severity"),
    [("red", "critical"), ("orange", "error"), ("yellow", "warning"), ("none", "info")],
)
async def test_the_tier_is_the_severity(tier: str, severity: str) -> None:
    assert (await body_of(message(tier=tier)))["payload"]["severity"] == severity


async def test_a_trigger_says_all_of_it() -> None:
    body = await body_of(message())
    assert body["dedup_key"] == INCIDENT
    assert body["payload"]["summary"] == "【重大】新事件：云朵茶饮：奶茶里有异物"
    assert body["payload"]["source"] == "fengsui tea"
    assert body["payload"]["timestamp"] == "2026-03-02T02:00:00.000Z"
    assert [link["text"] for link in body["links"]] == ["确认接警", "查看事件"]
    assert body["client_url"].endswith(INCIDENT)


async def test_the_summary_has_at_most_1024_characters() -> None:
    body = await body_of(message(title="茶" * 9_000))
    assert len(body["payload"]["summary"]) <= 1024


async def test_acknowledging_needs_no_payload(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    service = PagerDutyEvents()
    receiver.judge = service
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    taken = message(EventType.INCIDENT_ACKNOWLEDGED, state="acknowledged")
    await PagerDutySender(exchange, cards()).send(target, taken, at=AT)
    assert service.events[0] == {
        "routing_key": ROUTING_KEY,
        "event_action": "acknowledge",
        "dedup_key": INCIDENT,
    }


def feed(type_: EventType) -> Message:
    return Message(
        id="msg_9", type=type_, occurred_at=AT, data={"feed": {"id": "weibo", "name": "微博"}}
    )


def test_a_feed_lost_and_restored_is_one_alert() -> None:
    lost, restored = feed(EventType.COVERAGE_LOST), feed(EventType.COVERAGE_RESTORED)
    assert (dedup_key(lost), dedup_key(restored)) == ("feed:weibo", "feed:weibo")


async def test_a_trigger_that_was_put_off_opens_nothing_for_what_is_over(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    service, now = PagerDutyEvents(), Now(Standing.WAITING)
    sender = PagerDutySender(exchange, cards(), standings=now)
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    receiver.default = Reply(status=500)
    put_off = await sender.send(target, message(), at=AT)
    receiver.judge, now.standing = service, Standing.OVER
    for late in (message(EventType.INCIDENT_CLOSED, state="closed"), message()):
        assert (await sender.send(target, late, at=AT)).outcome is SendOutcome.SENT
    assert put_off.outcome is SendOutcome.RETRY
    assert service.alerts == {INCIDENT: []}


async def test_an_acknowledgement_that_has_lapsed_since_quiets_nothing(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    service = PagerDutyEvents()
    receiver.judge = service
    sender = PagerDutySender(exchange, cards(), standings=Now(Standing.LAPSED))
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    await sender.send(target, message(), at=AT)
    late = message(EventType.INCIDENT_ACKNOWLEDGED, state="acknowledged")
    result = await sender.send(target, late, at=AT)
    assert result.outcome is SendOutcome.NEEDLESS
    assert result.reason == "the alert stands as it should"
    assert service.alerts == {INCIDENT: ["triggered"]}


@pytest.mark.parametrize("unknown", [None, RuntimeError("no database")])
async def test_where_nothing_is_known_the_message_counts(
    exchange: Exchange, receiver: WebhookReceiver, unknown: Exception | None
) -> None:
    service = PagerDutyEvents()
    receiver.judge = service
    sender = PagerDutySender(exchange, cards(), standings=Now(unknown))
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    await sender.send(target, message(), at=AT)
    await sender.send(target, feed(EventType.COVERAGE_LOST), at=AT)
    assert service.alerts == {INCIDENT: ["triggered"], "feed:weibo": ["triggered"]}


async def test_a_feed_that_is_seen_again_before_it_was_told_of_rings_nobody(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    service = PagerDutyEvents()
    receiver.judge = service
    sender = PagerDutySender(exchange, cards(), standings=Now(Standing.OVER))
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    await sender.send(target, feed(EventType.COVERAGE_LOST), at=AT)
    assert service.alerts == {"feed:weibo": []}


async def test_a_test_opens_the_lowest_and_resolves_it(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    service = PagerDutyEvents()
    receiver.judge = service
    target = channel("pagerduty", receiver.url("/v2/enqueue"), ROUTING_KEY)
    trial = trial_message("duty", by="tester", nonce="1", at=AT)
    result = await PagerDutySender(exchange, cards()).send(target, trial, at=AT)
    assert result.outcome is SendOutcome.SENT
    assert service.alerts == {trial.id: ["resolved"]}
    assert service.events[0]["payload"]["severity"] == "info"


async def test_without_a_routing_key_nothing_is_sent(exchange: Exchange) -> None:
    result = await PagerDutySender(exchange, cards()).send(channel("pagerduty"), message(), at=AT)
    assert (result.outcome, "routing key" in result.reason) == (SendOutcome.REFUSED, True)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (202, {"status": "success", "message": "Event processed"}, SendOutcome.SENT),
        (202, {"status": "invalid event"}, SendOutcome.RETRY),
        (400, {"status": "invalid event", "message": "bad", "errors": []}, SendOutcome.REFUSED),
        (404, {"message": "no"}, SendOutcome.RETRY),
    ],
)
def test_what_an_answer_means(status: int, body: object, outcome: SendOutcome) -> None:
    answer = Answer(status=status, text=json.dumps(body), retry_after=None)
    assert judge(answer).outcome is outcome


def test_a_proxys_page_is_no_refusal() -> None:
    answer = Answer(status=400, text="<html>blocked by policy</html>", retry_after=None)
    assert judge(answer).outcome is SendOutcome.RETRY


def test_the_vector_of_the_inbound_signature() -> None:
    secret, body, header = VECTOR
    verify((secret,), header, body)
    verify(("other", secret), f"v1=00, {header}", body)


@pytest.mark.parametrize(
    ("secrets", "header", "body"),
    [
        ((), VECTOR[2], VECTOR[1]),
        (("abc124",), VECTOR[2], VECTOR[1]),
        (("abc123",), VECTOR[2], VECTOR[1] + b" "),
        (("abc123",), "", VECTOR[1]),
        (("abc123",), VECTOR[2].removeprefix("v1="), VECTOR[1]),
        (("abc123",), "v1=ÿ", VECTOR[1]),
    ],
)
def test_anything_else_is_not_signed(secrets: tuple[str, ...], header: str, body: bytes) -> None:
    with pytest.raises(BadSignature):
        verify(secrets, header, body)


def event(**changes: Any) -> bytes:
    told = {
        "id": "01E",
        "event_type": "incident.acknowledged",
        "agent": {"type": "user_reference", "summary": "李雷\u202e"},
        "data": {"incident_key": INCIDENT},
        **changes,
    }
    return json.dumps({"event": told}).encode()


def test_what_a_person_pressed_is_read() -> None:
    notice = notice_of(event())
    assert (notice.pressed, notice.key, notice.by) == (Pressed.ACKNOWLEDGED, INCIDENT, "李雷")


@pytest.mark.parametrize(
    ("changes", "pressed", "by"),
    [
        ({"event_type": "incident.resolved"}, Pressed.RESOLVED, "李雷"),
        ({"event_type": "incident.annotated"}, None, "李雷"),
        ({"agent": None}, Pressed.ACKNOWLEDGED, None),
        ({"event_type": []}, None, "李雷"),
        ({"agent": {"type": []}}, Pressed.ACKNOWLEDGED, None),
        ({"agent": {"type": "service_reference"}}, Pressed.ACKNOWLEDGED, None),
        ({"agent": {"type": "user_reference"}}, Pressed.ACKNOWLEDGED, "somebody"),
    ],
)
def test_only_people_press(
    changes: dict[str, Any], pressed: Pressed | None, by: str | None
) -> None:
    notice = notice_of(event(**changes))
    assert (notice.pressed, notice.by) == (pressed, by)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"event": 1}', b'{"event": {"id": ""}}'])
def test_a_body_without_an_event_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        notice_of(body)
