"""Which posts open a complaint: one reason for each that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.complaints.rule import ComplaintRuleDraft, Evidence, Reason, judge, shipped_rule
from tests.support.clock import START
from tests.support.complaint_scene import complaining

BRANDED = {"tea"}
_NEUTRAL: dict[str, Any] = {"intent": {"label": "other", "scores": {"complaint": 0.1}}}


def judged(rule: ComplaintRuleDraft, monitor: str = "tea", **changes: Any) -> Reason:
    return judge(rule, complaining(**changes), monitor=monitor, branded=BRANDED, now=START)


def test_an_ordinary_complaint_opens_one() -> None:
    assert judged(shipped_rule()) is Reason.MATCHED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"spared": ("tea",)}, Reason.SPARED),
        ({"categories": ("complaint", "pattern:self_harm")}, Reason.AT_RISK),
        ({"channel": "news"}, Reason.LEFT_OUT),
        ({"repost_of": "7"}, Reason.SHARED),
        ({"verified": True}, Reason.OTHER_BAND),
        ({"followers": 100_001}, Reason.OTHER_BAND),
        ({"categories": ("boycott",)}, Reason.NO_WORDS),
        ({"analysis": _NEUTRAL}, Reason.UNSURE),
        ({"analysis": {}}, Reason.UNSURE),
        ({"analysis": {"intent": {"label": "complaint"}}}, Reason.UNSURE),
        ({"published_at": START - timedelta(hours=25)}, Reason.TOO_OLD),
        ({"monitors": ("milk",)}, Reason.OTHER_MONITOR),
    ],
)
def test_what_the_shipped_rule_leaves_alone(changes: dict[str, Any], reason: Reason) -> None:
    assert judged(shipped_rule(), **changes) is reason


@pytest.mark.parametrize(
    ("changes", "rule", "reason"),
    [
        ({}, {"enabled": False}, Reason.DISABLED),
        ({}, {"scenarios": ("outage",)}, Reason.OTHER_SCENARIO),
        ({"scenario": "outage"}, {"scenarios": ("outage",)}, Reason.MATCHED),
        ({"followers": None}, {"followers_from": 500}, Reason.MATCHED),
        ({"followers": 499}, {"followers_from": 500}, Reason.OTHER_BAND),
        ({"followers": 10**7}, {"followers_to": None}, Reason.MATCHED),
        ({"verified": True}, {"verified": True}, Reason.MATCHED),
        ({"repost_of": "7"}, {"shares": True}, Reason.MATCHED),
        ({"analysis": _NEUTRAL}, {"needs": Evidence.EITHER}, Reason.MATCHED),
        ({"categories": ()}, {"needs": Evidence.EITHER}, Reason.MATCHED),
        ({"categories": (), "analysis": {}}, {"needs": Evidence.EITHER}, Reason.UNSURE),
        ({}, {"confidence": 0.96}, Reason.UNSURE),
        ({}, {"monitors": ("milk",)}, Reason.OTHER_MONITOR),
    ],
)
def test_a_rule_is_data(changes: dict[str, Any], rule: dict[str, Any], reason: Reason) -> None:
    assert judged(replace(shipped_rule(), **rule), **changes) is reason


def test_a_monitor_without_a_brand_has_to_be_named() -> None:
    def unbranded(rule: ComplaintRuleDraft) -> Reason:
        return judge(rule, complaining(), monitor="tea", branded=(), now=START)

    assert unbranded(shipped_rule()) is Reason.OTHER_MONITOR
    assert unbranded(replace(shipped_rule(), monitors=("tea",))) is Reason.MATCHED
