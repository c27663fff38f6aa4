from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from service.incidents.lifecycle import State
from service.incidents.model import Incident, Kind
from service.monitoring.grouping import INSIDE_FOR, TakingEnd, assess_calm
from tests.support.clock import START

OPENED = Incident(
    id="inc_1",
    kind=Kind.CRISIS,
    drill=False,
    monitor_id="tea",
    scenario="outage",
    title="茶",
    tier="yellow",
    tier_rank=1,
    state=State.NEW,
    reasons=(),
    posts=1,
    first_post_id=None,
    first_post_at=START,
    opened_at=START,
    last_post_at=START,
    previous_id=None,
    updated_at=START,
    version=1,
)


def test_one_that_burnt_on_past_its_taking_is_contained_later() -> None:
    ended = replace(OPENED, taking_ended_at=START + timedelta(hours=24))
    later = START + timedelta(hours=30)
    calm = assess_calm(replace(ended, inside_since=later - INSIDE_FOR), is_inside=True, now=later)
    assert calm.end is TakingEnd.CONTAINED


def test_one_that_takes_no_posts_does_not_end_its_taking_again() -> None:
    ended = replace(OPENED, taking_ended_at=START + timedelta(hours=24))
    calm = assess_calm(ended, is_inside=False, now=START + timedelta(hours=30))
    assert calm.end is None
