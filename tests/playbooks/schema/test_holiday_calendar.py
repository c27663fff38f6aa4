from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from pydantic import ValidationError

from playbooks.schema import HolidayCalendar, Office, OfficeHours, Step, StepClock


def calendar(**changes: Any) -> HolidayCalendar:
    base = {
        "id": "cn",
        "name": {"zh": "假日"},
        "zone": "Asia/Shanghai",
        "office": {"from": "08:30", "to": "17:30"},
        "years": {
            "2026": {"source": "通知", "holidays": ["2026-01-01"], "workdays": ["2026-01-04"]},
            "2025": {"source": "通知", "holidays": ["2025-01-01"]},
        },
    }
    return HolidayCalendar.model_validate(base | changes)


def test_an_office_has_the_days_of_all_years() -> None:
    office = Office.of(calendar(), tiers=("yellow",))
    assert (office.years, office.tiers) == ((2025, 2026), ("yellow",))
    assert set(office.holidays) == {date(2025, 1, 1), date(2026, 1, 1)}
    assert office.workdays == (date(2026, 1, 4),)
    assert (office.hours.from_, office.hours.to) == (time(8, 30), time(17, 30))


def test_hours_are_nine_to_six_unless_said() -> None:
    assert (OfficeHours().from_, OfficeHours().to) == (time(9), time(18))
    assert OfficeHours(to=time(17)).to == time(17)


def test_an_office_survives_a_snapshot() -> None:
    office = Office.of(calendar(), tiers=("yellow",))
    dumped = office.model_dump(mode="json", by_alias=True)
    assert dumped["hours"] == {"from": "08:30:00", "to": "17:30:00"}
    assert Office.model_validate(dumped) == office


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"zone": "Mars/Olympus"}, "is not a time zone"),
        ({"office": {"from": "18:00", "to": "09:00"}}, "office hours end after they begin"),
        ({"office": {"from": 1080}}, "in quotes"),
        ({"years": {"26": {"source": "x", "holidays": []}}}, "match pattern"),
        ({"years": {"2026": {"source": "x", "holidays": ["2026-02-30"]}}}, "not a day of the"),
        ({"years": {"2026": {"source": "x", "holidays": [20260101]}}}, "not a day of the"),
    ],
)
def test_what_is_no_calendar(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        calendar(**changes)


def test_steps_go_by_the_wall_clock_unless_they_say_so() -> None:
    written = {"id": "s", "title": {"zh": "步"}, "role": "pr", "anchor": "opened", "due": {}}
    assert Step.model_validate(written).clock is StepClock.WALL
    assert Step.model_validate(written | {"clock": "business"}).clock is StepClock.BUSINESS
