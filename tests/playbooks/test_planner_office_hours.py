"""Steps with `clock: business`: office hours in the low tiers, every hour from orange on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playbooks import (
    Anchors,
    DeadlineKind,
    PlannedStep,
    TierChanged,
    TierSince,
    advance,
    from_json,
    plan,
    start,
    to_json,
)
from playbooks.schema import Playbook
from playbooks.schema.holiday_calendar import Office, OfficeHours

HOUR = timedelta(hours=1)
STEP = {"id": "s", "title": {"zh": "题"}, "role": "pr", "anchor": "opened", "clock": "business"}


def at(text: str) -> datetime:
    """An instant of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


FRIDAY = at("2026-03-06 17:00")


def playbook(**step: Any) -> Playbook:
    office = Office(
        zone="Asia/Shanghai",
        hours=OfficeHours(),
        years=(2026,),
        holidays=(),
        workdays=(),
        tiers=("yellow",),
    )
    return Playbook.model_validate(
        {
            "id": "p",
            "name": {"zh": "名"},
            "scenario": None,
            "kind": "crisis",
            "ladders": (),
            "steps": [STEP | {"due": {"all": "5h"}} | step],
            "tiers": ("yellow", "orange", "red"),
            "version": "v",
            "office": office,
        }
    )


def planned(anchors: Anchors, **step: Any) -> PlannedStep:
    return plan(playbook(**step), anchors)[0]


def test_yellow_waits_for_the_office() -> None:
    step = planned(Anchors.at_opening(tier="yellow", opened=FRIDAY))
    assert step.warn_at == at("2026-03-09 12:00")  # an hour on Friday, three on Monday
    assert step.due_at == at("2026-03-09 13:00")
    assert step.escalate_at == at("2026-03-09 13:10")


def test_orange_and_red_never_wait() -> None:
    for tier in ("orange", "red"):
        step = planned(Anchors.at_opening(tier=tier, opened=FRIDAY))
        assert step.due_at == FRIDAY + 5 * HOUR


def test_a_wall_clock_step_of_the_same_playbook_never_waits() -> None:
    step = planned(Anchors.at_opening(tier="yellow", opened=FRIDAY), clock="wall")
    assert step.due_at == FRIDAY + 5 * HOUR


def test_a_raise_out_of_hours_starts_the_wall_clock_at_the_raise() -> None:
    saturday = at("2026-03-07 09:00")
    tiers = (TierSince(tier="yellow", at=FRIDAY), TierSince(tier="orange", at=saturday))
    step = planned(Anchors(first_post=FRIDAY, opened=FRIDAY, tiers=tiers))
    assert step.due_at == saturday + 5 * HOUR


def test_a_raise_never_moves_a_deadline_back() -> None:
    noon = at("2026-03-09 12:00")
    tiers = (TierSince(tier="yellow", at=FRIDAY), TierSince(tier="orange", at=noon))
    step = planned(Anchors(first_post=FRIDAY, opened=FRIDAY, tiers=tiers))
    assert step.due_at == at("2026-03-09 13:00")


def test_a_deadline_kept_over_a_raise_escalates_by_the_wall_clock() -> None:
    friday = at("2026-03-06 13:00")
    tiers = (TierSince(tier="yellow", at=friday), TierSince(tier="orange", at=FRIDAY))
    step = planned(Anchors(first_post=friday, opened=friday, tiers=tiers))
    assert step.due_at == at("2026-03-06 18:00")
    assert step.escalate_at == at("2026-03-06 18:10")


def test_what_ends_at_closing_escalates_after_the_next_opening() -> None:
    step = planned(Anchors.at_opening(tier="yellow", opened=at("2026-03-06 13:00")))
    assert step.due_at == at("2026-03-06 18:00")
    assert step.escalate_at == at("2026-03-09 09:10")


def test_years_without_holidays_are_named() -> None:
    silvester = at("2026-12-31 17:00")
    step = planned(Anchors.at_opening(tier="yellow", opened=silvester))
    assert step.unknown_years == (2027,)
    assert planned(Anchors.at_opening(tier="yellow", opened=FRIDAY)).unknown_years == ()


def test_a_run_keeps_its_office_in_its_snapshot() -> None:
    run, _ = start(playbook(), run_id="r", tier="yellow", opened_at=FRIDAY)
    again = from_json(to_json(run))
    assert again == run
    after, _ = advance(again, TierChanged(tier="orange"), at("2026-03-07 09:00"))
    assert after.timers()[("s", DeadlineKind.DUE)] == at("2026-03-07 14:00")


def test_late_at_once_escalates_in_office_hours() -> None:
    opened = at("2026-03-06 17:55")
    late = playbook(anchor="first_post")
    run, _ = start(
        late,
        run_id="r",
        tier="yellow",
        opened_at=opened,
        first_post_at=at("2026-03-05 09:00"),
    )
    assert run.step("s").escalate_at == at("2026-03-09 09:05")
