"""What the doctor says of sources, objectives, the canary, the lags and rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from playbooks import load_library
from service.cli.seen import Finding, findings, lag_line, overlays
from service.coverage import Cause, Condition, Sight
from service.coverage.canary import CanaryState
from service.coverage.lag import EVERY_FEED, LagReport, Stage
from service.coverage.objectives import Objective, ObjectiveName, Standing
from service.coverage.overview import Overview
from service.coverage.percentiles import Percentiles
from service.coverage.samples import Accuracy
from service.db import Database
from service.db.tables import rule_overlay
from tests.support.clock import START
from tests.support.coverage_scene import FEED

DARK = replace(
    FEED,
    condition=Condition(
        sight=Sight.BLOCKED, since=START, cause=Cause.REFUSED, detail="HTTP 403", dark=True
    ),
)
LATER = START + timedelta(hours=1)


def objective(share: float | None, *, cases: int = 2000) -> Objective:
    return Objective(name=ObjectiveName.COLLECTION, target=0.999, share=share, cases=cases)


CALM = Overview(
    at=LATER,
    feeds=(FEED,),
    gaps=(),
    channels={},
    standing=Standing(
        objectives=(objective(1.0),),
        collection={},
        accuracy=Accuracy(checked=0, right=0, wrong_fields={}),
    ),
    canary=CanaryState(),
)


def test_an_installation_that_sees_everything_has_no_problem() -> None:
    assert findings(CALM) == (
        Finding("source news: ok", None),
        Finding("objective collection", None),
    )


def test_a_dark_source_is_a_problem_with_its_cause_and_where_to_look() -> None:
    (found, _) = findings(replace(CALM, feeds=(DARK,)))
    assert found.name == "source news: blocked"
    assert found.problem is not None
    assert "since 2024-03-01 02:00 UTC: HTTP 403; see its incident" in found.problem


def test_a_missed_objective_is_told_with_its_figures() -> None:
    standing = replace(CALM.standing, objectives=(objective(0.97),))
    assert findings(replace(CALM, standing=standing))[-1].problem == (
        "97.00% of 2000 where 99.9% are promised"
    )


def test_a_share_of_too_few_cases_is_no_problem() -> None:
    standing = replace(CALM.standing, objectives=(objective(0.97, cases=288),))
    assert findings(replace(CALM, standing=standing))[-1] == Finding("objective collection", None)


def test_an_objective_without_a_case_is_not_told() -> None:
    standing = replace(CALM.standing, objectives=(objective(None),))
    assert len(findings(replace(CALM, standing=standing))) == 1


def test_a_late_canary_is_told_with_the_place_where_it_is_stuck() -> None:
    stuck = CanaryState(first_seen_at=START, stuck_at="delivery")
    (*_, found) = findings(replace(CALM, canary=stuck))
    assert found.name == "canary"
    assert found.problem is not None
    assert found.problem.endswith("stuck at: delivery")


def test_a_canary_that_arrived_is_good() -> None:
    arrived = CanaryState(first_seen_at=START, arrived_at=LATER)
    assert findings(replace(CALM, canary=arrived))[-1] == Finding("canary", None)


def test_lags_are_one_line_of_the_stages_that_were_measured() -> None:
    none = Percentiles(None, None, None, 0)
    stages = dict.fromkeys(Stage, none) | {Stage.FETCHED: Percentiles(60.0, 120.5, 300.0, 9)}
    assert lag_line(LagReport({EVERY_FEED: stages})) == (
        "lag of a day, p50/p95/p99 in seconds: fetched 60.0/120.5/300.0"
    )
    assert lag_line(LagReport({EVERY_FEED: {Stage.STORED: none}})) is None


async def test_a_rule_whose_overlay_cannot_be_read_is_a_problem(database: Database) -> None:
    kept = {"author": "usr_1", "created_at": START, "updated_at": START, "version": 3}
    written: dict[str, dict[str, Any]] = {
        "slow_burn": {"enabled": False},
        "boycott_call": {"tier": "gone"},
    }
    async with database.write() as connection:
        for name, data in written.items():
            row = {"id": name, "data": {"id": name, **data}, **kept}
            await connection.execute(rule_overlay.insert().values(**row))

    bad, good = await overlays(database, load_library())
    assert (good, bad.name) == (Finding("rule slow_burn", None), "rule boycott_call")
    assert "at version 3 cannot be read" in str(bad.problem)
    assert "DELETE /v1/rules/boycott_call" in str(bad.problem)
