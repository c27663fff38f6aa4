"""Score sheets: each deadline judged once, by what was done and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playbooks import RunStep, StepState, start
from service.drill.sheet import Scored, Verdict, sheet_of, verdict_of
from service.incidents import Incident, Kind, State
from tests.support.incident_scene import shipped_library

OPENED = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
END = OPENED + timedelta(hours=6)


def incident(**changes: Any) -> Incident:
    made = Incident(
        id="inc_1",
        kind=Kind.CRISIS,
        drill=True,
        monitor_id="tea",
        scenario="product_quality",
        title="茶",
        tier="yellow",
        tier_rank=1,
        state=State.ACKNOWLEDGED,
        reasons=(),
        posts=3,
        first_post_id=None,
        first_post_at=OPENED - timedelta(minutes=12),
        opened_at=OPENED,
        last_post_at=None,
        previous_id=None,
        updated_at=OPENED,
        version=1,
    )
    return replace(made, **changes)


def steps(tier: str = "yellow") -> dict[str, RunStep]:
    run, _ = start(
        shipped_library().playbook_for("product_quality", "crisis"),
        run_id="run_1",
        tier=tier,
        opened_at=OPENED,
        first_post_at=OPENED - timedelta(minutes=12),
        scenario="product_quality",
    )
    return {step.id: step for step in run.steps}


def done(step: RunStep, *, after: timedelta, by: str | None = "anna") -> RunStep:
    return replace(step, state=StepState.DONE, done_at=OPENED + after, by=by)


def scored(*found: RunStep, **changes: Any) -> Scored:
    return Scored(
        incident=incident(**changes),
        tiers=(("yellow", OPENED),),
        steps=found,
        deeds={"anna": 3},
        pages_sent=4,
        pages_made=5,
    )


@pytest.mark.parametrize(
    ("state", "minutes", "verdict"),
    [
        (StepState.DONE, 29, Verdict.IN_TIME),
        (StepState.DONE, 30, Verdict.IN_TIME),
        (StepState.DONE, 31, Verdict.LATE),
        (StepState.SKIPPED, 10, Verdict.SKIPPED),
        (StepState.CANCELLED, 10, Verdict.CANCELLED),
    ],
)
def test_what_has_ended_is_judged_by_its_due_time(
    state: StepState, minutes: int, verdict: Verdict
) -> None:
    step = done(steps()["acknowledge"], after=timedelta(minutes=minutes))
    assert verdict_of(replace(step, state=state), at=END) is verdict


def test_what_is_open_is_missed_from_its_due_time_on() -> None:
    step = steps()["acknowledge"]
    assert verdict_of(step, at=OPENED + timedelta(minutes=29)) is Verdict.NOT_DUE
    assert verdict_of(step, at=OPENED + timedelta(minutes=30)) is Verdict.MISSED


def test_what_was_done_before_it_had_a_due_time_is_in_time() -> None:
    step = replace(done(steps()["acknowledge"], after=timedelta(hours=9)), due_at=None)
    assert verdict_of(step, at=END) is Verdict.IN_TIME


def test_the_clocks_stand_in_the_order_of_the_table() -> None:
    sheet = sheet_of([scored(*steps("red").values())], names={}, at=END)
    clocks = [clock["step"] for clock in sheet["incidents"][0]["clocks"]]
    assert clocks[:4] == ["detected", "acknowledge", "first_response", "team_complete"]
    assert clocks.index("holding_statement") < clocks.index("authoritative_update")


def test_detection_is_measured_from_the_first_post() -> None:
    detected = steps()["detected"]
    row = sheet_of([scored(detected)], names={}, at=END)["incidents"][0]["clocks"][0]
    assert (row["target_s"], row["took_s"], row["late_by_s"]) == (600.0, 720.0, 120.0)
    assert row["verdict"] == Verdict.LATE
    assert row["done_by"] is None


def test_what_was_planned_anew_is_measured_from_its_anchor_too() -> None:
    raised = OPENED + timedelta(minutes=10)
    step = replace(steps()["acknowledge"], base_at=raised, due_at=raised + timedelta(minutes=5))
    sheet = sheet_of([scored(done(step, after=timedelta(minutes=12)))], names={}, at=END)
    row = sheet["incidents"][0]["clocks"][0]
    assert (row["from"], row["target_s"], row["took_s"]) == ("opened", 900.0, 720.0)


def test_a_missed_step_is_late_by_what_has_passed() -> None:
    row = sheet_of([scored(steps()["first_response"])], names={}, at=END)["incidents"][0]
    assert row["missed"] == ["first_response"]
    assert row["steps"][0]["late_by_s"] == 4 * 3600
    assert row["steps"][0]["took_s"] is None


def test_the_share_is_of_what_fell_due() -> None:
    found = steps()
    sheet = sheet_of(
        [
            scored(
                done(found["acknowledge"], after=timedelta(minutes=5)),
                done(found["first_response"], after=timedelta(hours=3)),
                found["contained"],
            )
        ],
        names={},
        at=END,
    )
    assert sheet["totals"] == {
        "incidents": 1,
        "due": 2,
        "in_time": 1,
        "late": 1,
        "missed": 0,
        "not_due": 1,
        "skipped": 0,
        "cancelled": 0,
        "kept_share": 0.5,
    }


def test_nothing_due_has_no_share() -> None:
    sheet = sheet_of([scored(steps()["contained"])], names={}, at=OPENED)
    assert sheet["totals"]["kept_share"] is None


def test_people_and_roles_are_counted() -> None:
    found = steps()
    sheet = sheet_of(
        [
            scored(
                done(found["acknowledge"], after=timedelta(minutes=5)),
                done(found["first_response"], after=timedelta(hours=3)),
                found["complaint_response"],
                acknowledged_by="anna",
            )
        ],
        names={"anna": "安娜"},
        at=END,
    )
    assert sheet["people"] == [
        {
            "person": {"id": "anna", "name": "安娜"},
            "deeds": 3,
            "acknowledged": 1,
            "steps_done": 2,
            "in_time": 1,
            "late": 1,
        }
    ]
    roles = {role["role"]: role for role in sheet["roles"]}
    assert roles["duty"]["in_time"] == 1
    assert roles["service"]["missed"] == 1
    assert sheet["incidents"][0]["pages"] == {"made": 5, "sent": 4}
