"""Which incident answers which cascade."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bench.detection import judge, table
from bench.mixed_streams import Cascade, Mixed
from crawlers import Post
from service.replay import Stream
from tests.support.clock import START


def post(at: datetime) -> Post:
    return Post(source="weibo", native_id=at.isoformat(), published_at=at, text="好")


def minutes(*numbers: int) -> tuple[datetime, ...]:
    return tuple(START + timedelta(minutes=number) for number in numbers)


def opened(minute: int, *, kind: str = "crisis") -> dict[str, Any]:
    at = START + timedelta(minutes=minute)
    return {
        "kind": kind,
        "opened_at": at.isoformat(),
        "scenario": "unclassified",
        "tier": "yellow",
    }


BURST = Cascade("burst", 10, minutes(100, 101, 102, 103))
LATER = Cascade("later", 4, minutes(9_000, 9_001))
STREAM = Mixed(
    Stream((post(START), post(START + timedelta(weeks=2))), ()),
    (BURST, LATER),
)


def test_the_first_incident_in_its_hour_answers() -> None:
    found = judge(STREAM, [opened(120), opened(102), opened(9_002)])
    first, second = found.answers
    assert first.delay == timedelta(minutes=2)
    assert first.share == 0.3
    assert second.share == 0.5
    assert found.false == ()


def test_an_incident_that_answers_none_is_false() -> None:
    early, late = opened(99), opened(100 + 24 * 60)
    found = judge(STREAM, [early, late, opened(110, kind="coverage")])
    assert len(found.false) == 2
    assert "0 of 2 found" in table([found])
    assert "2 false incidents in 2.0 weeks, 1.00 a week" in table([found])


def test_a_cascade_that_others_outnumber_is_not_answered() -> None:
    talk = tuple(post(START + timedelta(minutes=100, seconds=number)) for number in range(9))
    loud = Mixed(Stream((*STREAM.stream.posts, *talk), ()), STREAM.cascades)
    assert judge(loud, [opened(110)]).answers[0].share is None


def test_no_incident_is_no_answer() -> None:
    found = judge(STREAM, [])
    assert [answer.share for answer in found.answers] == [None, None]
    assert found.weeks == 2
