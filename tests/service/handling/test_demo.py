"""Every measure of the demo's crises against a table worked out by hand from deeds and clocks.

| | refunds (orange) | safety (red) | rumour (yellow) |
| --- | --- | --- | --- |
| first post | 03-08 12:02:10 | 03-10 06:03:20 | 03-10 07:33:07 |
| opened | 12:28:53 | 06:03:20 | 14:47:12 |
| acknowledged | + 4 min | + 12 min | + 10 min |
| first response | + 25 min | + 20 min | + 50 min |
| statement | published + 80 min | step + 130 min | none |
| contained | 17:26:37 | 18:02:12 | 18:47:12 |
| resolved | + 300 min | never | + 241 min |
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.handling import Axis, Measure
from service.handling.figures import Row
from service.indicators import Window
from tests.service.handling.demo_work import END, RUMOUR, SAFETY, DemoWork
from tests.support.red_scene import red_scene

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(800),
    pytest.mark.slow,
]
START = datetime(2026, 3, 8, tzinfo=UTC)
SPANS = {
    # 12:28:53 − 12:02:10; at the first post; 14:47:12 − 07:33:07.
    Measure.DETECT: {"orange": 1_603, "red": 0, "yellow": 26_045},
    Measure.ACKNOWLEDGE: {"orange": 4 * 60, "red": 12 * 60, "yellow": 10 * 60},
    Measure.FIRST_RESPONSE: {"orange": 25 * 60, "red": 20 * 60, "yellow": 50 * 60},
    Measure.STATEMENT: {"orange": 80 * 60, "red": 130 * 60},
    # 5 h 24 min 27 s; 11 h 58 min 52 s; 11 h 14 min 5 s after the first post.
    Measure.CONTAIN: {"orange": 19_467, "red": 43_132, "yellow": 40_445},
    # Since the first post: 26 min 43 s + 300 min; 7 h 14 min 5 s + 241 min.
    Measure.RESOLVE: {"orange": 19_603, "yellow": 40_505},
    Measure.HANDLING: {"orange": 300 * 60, "yellow": 241 * 60},
}
TOTAL = {
    # n, still waiting, median, p90 by nearest rank: of two or three values the greatest.
    Measure.DETECT: (3, 0, 1_603, 26_045),
    Measure.ACKNOWLEDGE: (3, 0, 600, 720),
    Measure.FIRST_RESPONSE: (3, 0, 1_500, 3_000),
    Measure.STATEMENT: (2, 1, 6_300, 7_800),
    Measure.CONTAIN: (3, 0, 40_445, 43_132),
    Measure.RESOLVE: (2, 1, 30_054, 40_505),
    Measure.HANDLING: (2, 1, 16_230, 18_000),
}
BREACHES = {
    # Of the run's steps that fell due: those that nobody did in time. In time were the
    # acknowledgement, the first response, containment and what `DemoWork` does otherwise.
    "orange": {
        "duty": (1, 2),  # detected
        "executive": (1, 1),  # apology_published
        "legal": (2, 2),  # remedy_decided, regulator_answered
        "pr": (3, 5),  # holding_statement, rectification_plan, authoritative_update
        "service": (2, 5),  # complaint_resolved, line_unified
        "tech": (4, 5),  # service_recovered, price_checked, loss_stopped, refunds_submitted
    },
    "red": {
        "duty": (0, 2),
        "executive": (2, 2),  # sale_stopped, apology_published
        "legal": (2, 2),  # regulator_reported, recall_decided
        "pr": (3, 5),  # holding_statement came late, rectification_plan, authoritative_update
        "service": (1, 3),  # family_accompanied
        # service_recovered, samples_kept, test_report, affected_share, dealers_told
        "tech": (5, 6),
    },
    "yellow": {
        "duty": (1, 2),
        "legal": (4, 4),  # copies_saved, nature_decided, notices_sent, claim_answered
        "pr": (2, 3),  # claims_listed, clarification_published
        "service": (1, 2),  # script_unified
        "tech": (1, 1),  # claims_verified
    },
}
COSTS = {
    # PR 2.5 h × 180 entered; half an hour a step of tech 1, service 3, duty 1; 20,000 promised;
    # 1,000 USD × 7.1234. The loss of 77 was withdrawn.
    "orange": "27878.40",  # 450 + 110 + 135 + 60 + 20000 + 7123.40
    "red": "440.00",  # pr 2 × 90, tech 110, service 2 × 45, duty 60
    "yellow": "105.00",  # service 45, duty 60
}
TEAMS = {
    Measure.DETECT: "duty",
    Measure.ACKNOWLEDGE: "duty",
    Measure.FIRST_RESPONSE: "service",
    Measure.STATEMENT: "pr",
    Measure.CONTAIN: "pr",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def work(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DemoWork]:
    async with red_scene(tmp_path_factory.mktemp("demo"), start=START) as scene:
        done = DemoWork(scene)
        await done.play()
        yield done


async def told(work: DemoWork, *by: Axis) -> tuple[Row, tuple[Row, ...]]:
    """With figures of fewer than five, for there are three crises."""
    board = work.scene.container.handling.board
    wanted = board.wanted(SYSTEM, Window(since=START, until=END))
    table = await board.table(SYSTEM, wanted, by, least=1)
    return table.total, table.rows


def seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


async def test_every_time_of_every_crisis(work: DemoWork) -> None:
    items = (await work.scene.get("wei", "/handling/incidents"))["items"]
    found = {
        measure: {
            item["tier"]: item["spans"][measure]
            for item in items
            if item["spans"][measure] is not None
        }
        for measure in Measure
    }
    assert found == SPANS
    waiting = {item["scenario"]: item["waiting"] for item in items if item["waiting"]}
    assert waiting == {SAFETY: ["resolve", "handling"], RUMOUR: ["statement"]}


async def test_the_figures_of_all_three(work: DemoWork) -> None:
    total, _ = await told(work)
    assert {
        measure: (item.n, item.waiting, seconds(item.median), seconds(item.p90))
        for measure, item in total.spreads.items()
    } == TOTAL


async def test_handling_and_containment_against_their_targets(work: DemoWork) -> None:
    total, _ = await told(work)
    # 4 h 1 min is inside 4.2 h, 5 h is not, and safety can no longer be: it lasts three days.
    handled = total.spreads[Measure.HANDLING].within
    contained = total.spreads[Measure.CONTAIN].within
    assert handled is not None
    assert contained is not None
    assert (handled.part, handled.whole, handled.share) == (1, 3, 0.3333)
    assert (contained.part, contained.whole, contained.share) == (3, 3, 1.0)


async def test_breaches_by_tier_and_team(work: DemoWork) -> None:
    total, rows = await told(work, Axis.TIER, Axis.TEAM)
    found: dict[Any, dict[Any, tuple[int, int]]] = {}
    for row in rows:
        if row.key[Axis.TEAM] is not None and row.breaches is not None:
            of_tier = found.setdefault(row.key[Axis.TIER], {})
            of_tier[row.key[Axis.TEAM]] = (row.breaches.part, row.breaches.whole)
    assert found == BREACHES
    assert total.breaches is not None
    assert (total.breaches.part, total.breaches.whole) == (13 + 13 + 9, 20 + 20 + 12)


async def test_each_measure_belongs_to_the_team_whose_step_it_is(work: DemoWork) -> None:
    _, rows = await told(work, Axis.TEAM)
    found = {
        measure: row.key[Axis.TEAM]
        for row in rows
        if row.key[Axis.TEAM] is not None
        for measure in row.spreads
    }
    assert found == TEAMS


async def test_no_crisis_of_the_demo_repeats_another(work: DemoWork) -> None:
    total, _ = await told(work)
    assert total.recurrence is not None
    assert (total.recurrence.part, total.recurrence.whole) == (0, 3)
    assert (total.recurrence.share, total.recurrence.target) == (0.0, 0.08)


async def test_what_each_crisis_cost(work: DemoWork) -> None:
    items = (await work.scene.get("wei", "/handling/incidents"))["items"]
    assert {item["tier"]: item["cost"]["amount"] for item in items} == COSTS
    assert {(item["cost"]["currency"], item["cost"]["whole"]) for item in items} == {("CNY", True)}
    total, _ = await told(work)
    assert total.cost is not None
    assert f"{total.cost.amount:f}" == "28423.40"


async def test_complaints_answered_in_time_and_rated(work: DemoWork) -> None:
    """Answered after 10, 5, 20, 14 and 12 minutes, all responded after 60, resolved after 90."""
    figures = (await work.scene.get("wei", "/handling"))["complaints"]
    assert {
        clock: (item["part"], item["n"], item["share"], item["median_s"], item["p90_s"])
        for clock, item in figures["answered_in_time"].items()
    } == {
        "answer": (4, 6, 0.6667, 12 * 60, 20 * 60),
        "response": (5, 6, 0.8333, 60 * 60, 60 * 60),
        "resolution": (5, 5, 1.0, 30 * 60, 30 * 60),
    }
    # (5 + 4 + 2 + 5 + 4) / 5; two of five give 9 or more, one gives 6 or less.
    assert (figures["csat"]["mean"], figures["csat"]["n"]) == (4.0, 5)
    assert (figures["nps"]["score"], figures["nps"]["n"]) == (20.0, 5)


async def test_three_crises_say_nothing_to_people(work: DemoWork) -> None:
    total = (await work.scene.get("wei", "/handling"))["total"]
    told = {(item["median_s"], item["p90_s"]) for item in total["measures"].values()}
    assert told == {(None, None)}
    assert {item["reason"] for item in total["measures"].values()} == {"not_enough_data"}
    assert (total["recurrence"]["share"], total["recurrence"]["n"]) == (None, 3)
    assert total["breach_rate"]["share"] == 0.6731
