"""Mistakes in a calendar file are told with file, line and column, all at once."""

from __future__ import annotations

from pathlib import Path

from playbooks import lint, load_library
from tests.playbooks.sample import replaced, write_content
from tests.playbooks.test_loader import errors_of

CALENDAR = """\
id: cn
name: {zh: 假日, en: Holidays}
zone: Asia/Shanghai
years:
  "2026":
    source: 通知
    holidays:
      - 2026-01-01
      - 2025-12-31
      - 2026-01-01
    workdays: [2026-01-04, 2026-01-05, 2026-01-01]
"""
BY_OFFICE = replaced(
    "playbooks/product_quality.yaml",
    "due: {orange: 5h, red: 5h}",
    "due: {all: 5h}\n    clock: business",
)


def test_every_wrong_day_is_told_with_its_place(tmp_path: Path) -> None:
    assert errors_of(tmp_path, {"calendars/cn.yaml": CALENDAR}) == [
        "calendars/cn.yaml:9:9: 2025-12-31 is not a day of 2026",
        "calendars/cn.yaml:10:9: 2026-01-01 stands here twice",
        "calendars/cn.yaml:11:28: 2026-01-05 is no weekend day: people work on it anyway",
        "calendars/cn.yaml:11:40: 2026-01-01 stands under `holidays` too",
    ]


def test_a_word_that_is_no_day_is_told_with_its_place(tmp_path: Path) -> None:
    text = CALENDAR.replace("- 2025-12-31", "- new year")
    assert errors_of(tmp_path, {"calendars/cn.yaml": text})[0] == (
        "calendars/cn.yaml:9:9: `holidays`: 'new year' is not a day of the calendar: "
        "write 2026-02-15"
    )


def test_office_hours_need_their_calendar(tmp_path: Path) -> None:
    assert errors_of(tmp_path, dict(BY_OFFICE)) == [
        "playbooks/product_quality.yaml:16:12: there is no calendars/cn"
    ]


def test_a_broken_calendar_is_told_once(tmp_path: Path) -> None:
    changes = dict(BY_OFFICE) | {"calendars/cn.yaml": "id: cn\n"}
    assert all("calendars/cn.yaml" in problem for problem in errors_of(tmp_path, changes))


def good_calendar() -> str:
    text = CALENDAR.replace("      - 2025-12-31\n      - 2026-01-01\n", "")
    return text.replace(", 2026-01-05, 2026-01-01", "")


def test_office_hours_that_no_tier_may_keep_are_a_warning(tmp_path: Path) -> None:
    changes = replaced(
        "playbooks/product_quality.yaml", "red: 5h}", "red: 5h}\n    clock: business"
    )
    library = load_library(
        write_content(tmp_path, changes | {"calendars/cn.yaml": good_calendar()})
    )
    assert [str(issue) for issue in lint(library)] == [
        "playbooks/product_quality.yaml step sample: warning: `clock: business` changes nothing: "
        "its tiers keep the wall clock"
    ]


def test_office_hours_may_be_fewer_than_the_hours_of_the_tier_above(tmp_path: Path) -> None:
    changes = replaced(
        "playbooks/product_quality.yaml",
        "due: {orange: 5h, red: 5h}\n    needs: [assess]",
        "due: {yellow: 4h, orange: 5h, red: 5h}\n    clock: business",
    )
    library = load_library(
        write_content(tmp_path, changes | {"calendars/cn.yaml": good_calendar()})
    )
    assert lint(library) == ()


def test_only_a_playbook_with_office_hours_carries_an_office(tmp_path: Path) -> None:
    changes = dict(BY_OFFICE) | {"calendars/cn.yaml": good_calendar()}
    library = load_library(write_content(tmp_path, changes))
    office = library.playbook("product_quality").office
    assert office is not None
    assert (office.tiers, office.years) == (("yellow",), (2026,))
    assert library.playbook("coverage").office is None
