"""The words of briefings: complete in both languages, each used, figures as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from service.briefings import Figure, Kind, Language, SectionId, State, Unit
from service.briefings.figure import too_few
from service.briefings.words import Words, word_table
from service.complaints.lifecycle import Clock
from service.coverage import Sight
from service.incidents.lifecycle import State as IncidentState
from service.indicators import IndicatorId, Window

HERE = "/console/posts"
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZH = Words(language=Language.ZH, zone=SHANGHAI)
EN = Words(language=Language.EN, zone=SHANGHAI)
FAMILIES: dict[str, set[StrEnum]] = {
    "kind": set(Kind),
    "briefing_state": set(State),
    "section": set(SectionId),
    "state": set(IncidentState),
    "indicator": set(IndicatorId),
    "sight": set(Sight),
    "clock": set(Clock),
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_with_the_same_names() -> None:
    for key, forms in word_table().items():
        assert {"zh", "en"} <= set(forms) <= {"zh", "en", "one"}, key
        assert fields(forms["zh"]) == fields(forms["en"]), key


@pytest.mark.parametrize("family", FAMILIES)
def test_everything_of_a_family_has_its_word(family: str) -> None:
    there = {key.partition(".")[2] for key in word_table() if key.startswith(f"{family}.")}

    assert there == {str(item) for item in FAMILIES[family]}


def test_every_word_is_used() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parents[3] / "service/briefings").rglob("*.py")
    )
    # `opened_incidents` is made of a name and what is counted.
    made = {
        f"{name}_{what}" for name in ("opened", "closed") for what in ("incidents", "in_period")
    }
    made |= {f"complaints_{name}" for name in ("opened", "waiting", "overdue", "settled")}
    unused = [
        key
        for key in word_table()
        if not key.startswith(tuple(f"{family}." for family in (*FAMILIES, "unit")))
        and key not in made
        and not re.search(rf'"{re.escape(key)}"', sources)
    ]

    assert unused == []


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (1, Unit.POSTS, "1 条", "1 post"),
        (12_345, Unit.POSTS, "12,345 条", "12,345 posts"),
        (0, Unit.INCIDENTS, "0 起", "0 incidents"),
        (1, Unit.COPIES, "相同内容 1 条", "1 post of this text"),
        (0.1234, Unit.SHARE, "12.3%", "12.3%"),
        (-0.5, Unit.CHANGE, "-50.0%", "-50.0%"),
        (0.031, Unit.POINTS, "+3.1 个百分点", "+3.1 points"),
        (-0.25, Unit.BALANCE, "-0.25", "-0.25"),
        (12.5, Unit.PER_THOUSAND, "12.5‰", "12.5‰"),
        (3.0, Unit.HOURS, "3.0 小时", "3.0 h"),
        (0, Unit.SECONDS, "0 秒", "0 s"),
        (59, Unit.SECONDS, "59 秒", "59 s"),
        (3_660, Unit.SECONDS, "1 小时 1 分钟", "1 h 1 min"),
        (86_400 * 2 + 7_200 + 59, Unit.SECONDS, "2 天 2 小时", "2 d 2 h"),
    ],
)
def test_figures_are_written_with_their_unit(value: float, unit: Unit, zh: str, en: str) -> None:
    figure = Figure(value=value, unit=unit, n=1, link=HERE)

    assert (ZH.figure(figure), EN.figure(figure)) == (zh, en)


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_can_be_written(unit: Unit) -> None:
    for value in (0.0, 1.0, 2.5):
        figure = Figure(value=value, unit=unit, n=1, link=HERE)
        assert ZH.figure(figure)
        assert EN.figure(figure)


def test_too_few_are_told_in_words() -> None:
    assert ZH.figure(too_few(Unit.SHARE, HERE, n=3)) == "数据不足"
    assert EN.figure(too_few(Unit.SHARE, HERE, n=3)) == "not enough data"


def test_a_range_stands_behind_its_middle() -> None:
    figure = Figure(value=120, unit=Unit.POSTS, n=90, link=HERE, low=90, high=150)

    assert EN.figure(figure) == "120 posts (four in five: 90 to 150)"


def test_periods_name_their_days_and_the_last_one_is_included() -> None:
    since = datetime(2024, 2, 18, 16, tzinfo=UTC)
    week = Window(since=since, until=since + timedelta(days=7))
    hours = Window(since=since, until=since + timedelta(hours=3))

    assert ZH.title("晨屿", Kind.WEEKLY, week) == "晨屿周报 2024-02-19 至 2024-02-25"
    assert EN.period(Kind.SPECIAL, hours) == "2024-02-19 00:00 to 2024-02-19 03:00"
    assert EN.period(Kind.DAILY, week) == "2024-02-19"


def test_instants_name_their_zone() -> None:
    at = datetime(2024, 7, 1, 12, tzinfo=UTC)

    assert ZH.instant(at) == "2024-07-01 20:00 UTC+8"
    kathmandu = Words(language=Language.EN, zone=ZoneInfo("Asia/Kathmandu"))
    new_york = Words(language=Language.EN, zone=ZoneInfo("America/New_York"))
    assert kathmandu.instant(at) == "2024-07-01 17:45 UTC+5:45"
    assert new_york.instant(at) == "2024-07-01 08:00 UTC-4"
