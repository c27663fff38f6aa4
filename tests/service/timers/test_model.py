"""Timers as values."""

from __future__ import annotations

from datetime import timedelta

from service.timers import FiredTimer, TimerSpec
from tests.support.clock import START


def test_the_same_timer_at_another_time_has_the_same_id_and_payload() -> None:
    spec = TimerSpec(
        kind="due",
        subject_type="step",
        subject_id="s",
        incident_id="inc_1",
        due_at=START,
        payload={"a": 1},
    )
    fired = FiredTimer(
        id=spec.id,
        kind=spec.kind,
        subject_type=spec.subject_type,
        subject_id=spec.subject_id,
        incident_id=spec.incident_id,
        due_at=spec.due_at,
        fired_at=START,
        late_by=timedelta(),
        payload=spec.payload,
    )

    again = fired.again(START + timedelta(minutes=1))

    assert (again.id, again.incident_id, again.payload) == (spec.id, "inc_1", {"a": 1})
    assert again.due_at == START + timedelta(minutes=1)
