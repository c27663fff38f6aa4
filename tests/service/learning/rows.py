"""Rows, and an outcome of a back-test, for tests."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from playbooks import Library
from service.backtest import Candidate as Rewritten
from service.backtest import Found, Outcome, Raise, Rehearsal, Sample, Scene, Stage
from service.backtest.comparison import compare
from service.learning import Head, Origin, TrainingRow
from service.learning.row import group_of, split_of
from service.rules import RulesInForce
from tests.support.clock import START
from tests.support.stored_posts import NOON, stored_post


def row(text: str = "漏水", label: str = "negative", **given: Any) -> TrainingRow:
    """A correction of the sentiment, by default."""
    group = given.pop("group", group_of(author=given.pop("author", None), text=text))
    values: dict[str, Any] = {
        "id": f"correction:{text}",
        "origin": Origin.CORRECTION,
        "head": Head.SENTIMENT,
        "text": text,
        "label": label,
        "by": "usr_ana",
        "at": "2026-03-01T08:00:00.000Z",
        "group": group,
        "split": split_of(group),
    }
    return TrainingRow(**values | given)


def outcome(library: Library) -> Outcome:
    """One incident lost and another gained."""

    def found(scenario: str) -> Found:
        return Found(
            monitor="tea",
            scenario=scenario,
            opened_at=NOON,
            first_post_at=NOON,
            ended_at=NOON,
            tiers=(Raise(tier="yellow", at=NOON, rules=("slow_burn",)),),
            samples=(Sample(post_id="p1", source="weibo", published_at="", text="漏水的杯子"),),
        )

    before = Rehearsal(library=library, incidents=(found("pricing_refunds"),))
    after = Rehearsal(library=library, incidents=(found("outage"),))
    stage = Stage(brands=(), monitors=(), zone=ZoneInfo("UTC"), since=START)
    return Outcome(
        scene=Scene(
            posts=[stored_post()], stage=stage, rules=RulesInForce.shipped(library), labels=None
        ),
        candidate=Rewritten(),
        before=before,
        after=after,
        comparison=compare(before.incidents, after.incidents),
    )
