"""What belongs to which topic."""

from __future__ import annotations

import pytest

from service.cases.topics import Topic, topic_of, wanted
from service.incidents import Action


@pytest.mark.parametrize("action", Action)
def test_every_move_of_an_incident_is_news_of_its_state(action: Action) -> None:
    assert topic_of(action.value) is Topic.STATE


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        ("tier_changed", Topic.TIER),
        ("comment", Topic.COMMENTS),
        ("step_due", Topic.STEPS),
        ("review_closed", Topic.STEPS),
        ("improvement_proposed", Topic.STEPS),
        ("recurrence_confirmed", Topic.STATE),
        ("promise_due", Topic.STATEMENTS),
        ("handover_accepted", Topic.PEOPLE),
        ("screenshot_added", Topic.EVIDENCE),
        ("reached_nobody", Topic.PAGES),
    ],
)
def test_kinds_have_their_topic(kind: str, topic: Topic) -> None:
    assert topic_of(kind) is topic
    assert wanted(kind, actor="lin", person="rui", topics=[topic])
    others = set(Topic) - {topic}
    assert not wanted(kind, actor="lin", person="rui", topics=others)


def test_nobody_is_told_of_their_own_deeds() -> None:
    assert not wanted("comment", actor="rui", person="rui", topics=list(Topic))


def test_the_inner_workings_are_no_news() -> None:
    assert topic_of("page_sent") is None
    assert not wanted("page_sent", actor="system", person="rui", topics=list(Topic))
