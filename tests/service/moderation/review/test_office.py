"""The office takes its limits from the settings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.moderation.review import Limits, Line, limits_of
from service.moderation.review.ages import ages
from service.settings import BadSettings, load_settings
from tests.support.clock import START


def test_the_limits_of_plain_settings() -> None:
    assert limits_of(load_settings({})) == Limits()


def test_every_line_has_its_own_limit() -> None:
    limits = limits_of(
        load_settings(
            {
                "FENGSUI_REVIEW_SECOND_H": "1",
                "FENGSUI_REVIEW_THIRD_H": "2",
                "FENGSUI_REVIEW_LEGAL_H": "3",
                "FENGSUI_REVIEW_APPEAL_H": "4",
            }
        )
    )
    assert [limits.of(line) / timedelta(hours=1) for line in Line] == [1, 2, 3]
    assert limits.of(Line.THIRD, appealed=True) == timedelta(hours=4)
    assert limits.of(Line.SECOND, opinion=True) == timedelta(hours=2)


def test_ages_are_a_half_one_and_two_limits() -> None:
    known = ages(START, timedelta(hours=2))
    assert [
        (at - START) / timedelta(hours=1) for at in (known.warn_at, known.due_at, known.twice_at)
    ] == [1, 2, 4]


@pytest.mark.parametrize(
    ("name", "value"), [("SECOND_H", "0"), ("OPINION_SHARE", "2"), ("OVERDUE_MOST", "0")]
)
def test_settings_that_cannot_be_meant(name: str, value: str) -> None:
    with pytest.raises(BadSettings):
        load_settings({f"FENGSUI_REVIEW_{name}": value})
