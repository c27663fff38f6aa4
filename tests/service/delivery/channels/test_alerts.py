"""What becomes of an alert at a pager."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.delivery.channels.alerts import (
    EventAction,
    Standing,
    actions_of,
    told_standing,
)
from service.delivery.channels.trial import trial_message
from service.delivery.model import Message
from service.events import EventType
from tests.service.delivery.channels.pages import AT, message

TRIGGER, ACKNOWLEDGE, RESOLVE = EventAction
WAITING, HELD, LAPSED, OVER = Standing
OPENED, PAGED = EventType.INCIDENT_OPENED, EventType.INCIDENT_PAGED
COVERAGE = (EventType.COVERAGE_LOST, EventType.COVERAGE_RESTORED)
MAY_OPEN = {
    OPENED,
    EventType.INCIDENT_TIER_CHANGED,
    PAGED,
    EventType.INCIDENT_UNREACHED,
    EventType.COVERAGE_LOST,
}


def paged(why: str) -> Message:
    return message(PAGED, extra={"page": {"why": why, "person": "李雷"}})


def feed(type_: EventType) -> Message:
    return Message(id="m", type=type_, occurred_at=AT, data={"feed": {"id": "weibo"}})


@pytest.mark.parametrize(
    ("sent", "standing", "wanted"),
    [
        (message(OPENED), WAITING, (TRIGGER,)),
        (message(OPENED), HELD, (ACKNOWLEDGE,)),
        (message(OPENED), LAPSED, (RESOLVE, TRIGGER)),
        (message(OPENED), OVER, (RESOLVE,)),
        (message(EventType.INCIDENT_TIER_CHANGED), LAPSED, (RESOLVE, TRIGGER)),
        (paged("escalation"), WAITING, (TRIGGER,)),
        (paged("escalation"), HELD, (ACKNOWLEDGE,)),
        (paged("lapsed"), LAPSED, (RESOLVE, TRIGGER)),
        (paged("lapsed"), OVER, (RESOLVE,)),
        (paged("seat"), HELD, (RESOLVE, TRIGGER)),
        (paged("step_late"), HELD, (RESOLVE, TRIGGER)),
        (paged("step_late"), OVER, (TRIGGER,)),
        (message(EventType.STEP_DONE), OVER, (RESOLVE,)),
        (message(EventType.INCIDENT_ACKNOWLEDGED), HELD, (ACKNOWLEDGE,)),
        (message(EventType.INCIDENT_ACKNOWLEDGED), LAPSED, ()),
        (message(EventType.INCIDENT_CLOSED), OVER, (RESOLVE,)),
        (message(EventType.INCIDENT_CLOSED), HELD, (ACKNOWLEDGE,)),  # it was opened again since
        (feed(EventType.COVERAGE_LOST), WAITING, (TRIGGER,)),
        (feed(EventType.COVERAGE_LOST), OVER, (RESOLVE,)),
        (feed(EventType.COVERAGE_RESTORED), OVER, (RESOLVE,)),
        (feed(EventType.COVERAGE_RESTORED), WAITING, ()),  # it was lost again since
        (trial_message("duty", by="me", nonce="", at=AT), WAITING, (TRIGGER, RESOLVE)),
    ],
)
def test_the_alert_is_made_to_stand_as_the_incident_does(
    sent: Message, standing: Standing, wanted: tuple[EventAction, ...]
) -> None:
    assert actions_of(sent, standing) == wanted


@given(type_=st.sampled_from(EventType), standing=st.sampled_from(Standing))
def test_nothing_but_calls_opens_an_alert_and_none_for_what_is_over(
    type_: EventType, standing: Standing
) -> None:
    sent = feed(type_) if type_ in COVERAGE else message(type_)
    opens = TRIGGER in actions_of(sent, standing)
    assert not opens or (type_ in MAY_OPEN and standing is not OVER)


@pytest.mark.parametrize(
    ("sent", "standing"),
    [
        (message(OPENED, state="new"), WAITING),
        (message(OPENED, state=None), WAITING),
        (message(PAGED, state="acknowledged"), LAPSED),
        (message(EventType.INCIDENT_UPDATED, state="responding"), HELD),
        (message(EventType.INCIDENT_UPDATED, state="false_positive"), OVER),
        (message(EventType.INCIDENT_CLOSED, state=None), OVER),
        (feed(EventType.COVERAGE_LOST), WAITING),
        (feed(EventType.COVERAGE_RESTORED), OVER),
    ],
)
def test_how_it_stood_when_it_was_written(sent: Message, standing: Standing) -> None:
    assert told_standing(sent) is standing
