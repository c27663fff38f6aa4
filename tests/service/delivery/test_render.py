"""The body of a webhook."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from service.delivery import Message
from service.delivery.render import LIMIT, render
from service.events import EventType

AT = datetime(2024, 3, 1, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


def body_of(data: dict, **limits: int) -> dict:
    message = Message(id="msg_1", type=EventType.STEP_DUE, occurred_at=AT, data=data)
    body = render(message, **limits)
    assert len(body) < limits.get("limit", LIMIT)
    return json.loads(body)


def test_the_envelope_is_that_of_the_standard() -> None:
    assert body_of({"title": "奶茶里有异物"}) == {
        "type": "step.due",
        "timestamp": "2024-03-01T02:00:00.123Z",
        "data": {"title": "奶茶里有异物"},
    }


def test_the_order_of_keys_does_not_change_the_bytes() -> None:
    one = Message(id="m", type=EventType.STEP_DUE, occurred_at=AT, data={"a": 1, "b": 2})
    two = Message(id="m", type=EventType.STEP_DUE, occurred_at=AT, data={"b": 2, "a": 1})
    assert render(one) == render(two)


def test_posts_are_the_first_to_go() -> None:
    data = {"id": "inc_1", "posts": ["贴" * 9000], "reasons": ["volume"]}
    assert body_of(data)["data"] == {"id": "inc_1", "reasons": ["volume"], "truncated": True}


def test_then_reasons() -> None:
    data = {"id": "inc_1", "posts": ["x"], "reasons": ["因" * 9000], "steps": ["s"]}
    assert body_of(data)["data"] == {"id": "inc_1", "steps": ["s"], "truncated": True}


def test_a_long_text_is_cut_rather_than_dropped() -> None:
    cut = body_of({"id": "inc_1", "title": "长" * 20_000})["data"]
    assert cut["id"] == "inc_1"
    assert cut["title"] == "长" * 199 + "…"
    assert cut["truncated"] is True


def test_the_largest_member_goes_when_no_text_can_be_cut() -> None:
    data = {"id": "inc_1", "steps": ["步" * 9000], "tags": ["食品"]}
    assert body_of(data)["data"] == {"id": "inc_1", "tags": ["食品"], "truncated": True}


@settings(max_examples=40)
@given(
    data=st.dictionaries(
        st.text(min_size=1, max_size=6),
        st.one_of(
            st.none(),
            st.integers(-(2**53), 2**53),
            st.text(max_size=600),
            st.lists(st.text(max_size=50), max_size=20),
        ),
        max_size=12,
    )
)
def test_any_data_fits(data: dict) -> None:
    whole = body_of(data, limit=1000)
    assert whole["type"] == "step.due"
    kept = whole["data"]
    assert kept == data or kept["truncated"] is True


def test_the_instant_is_utc() -> None:
    message = Message(
        id="m", type=EventType.STEP_DUE, occurred_at=datetime(2024, 1, 1, tzinfo=UTC), data={}
    )
    assert json.loads(render(message))["timestamp"] == "2024-01-01T00:00:00.000Z"
