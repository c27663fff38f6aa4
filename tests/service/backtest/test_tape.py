"""Incidents played from a tape: the grouping of the tick, without a store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playbooks import Rule
from service.backtest import Look
from service.backtest.tape import Thresholded, play
from service.monitoring.crowds import Crowd
from tests.service.backtest.cases import BIG, SMALL, at, library, look, rule

RULES = library(SMALL, BIG)


def test_an_incident_opens_once_and_rises() -> None:
    tape = [look(hours, count, rules=RULES) for hours, count in ((0, 3), (1, 12), (2, 15), (3, 50))]

    (incident,) = play(tape, RULES)
    assert [(item.tier, item.at, item.rules) for item in incident.tiers] == [
        ("yellow", at(1), ("small",)),
        ("orange", at(3), ("big",)),
    ]


def test_calm_for_four_hours_ends_it_and_the_next_burst_is_another() -> None:
    calm = [look(1 + hours / 4, 0, rules=RULES, inside=True) for hours in range(21)]
    tape = [look(0, 12, rules=RULES), *calm, look(10, 12, rules=RULES)]

    first, second = play(tape, RULES)
    assert (first.opened_at, second.opened_at) == (at(0), at(10))
    assert at(4) <= first.ended_at <= at(6)


def test_a_named_incident_explains_the_whole_monitor() -> None:
    rules = library(SMALL, rule("flood", "red", 60, scenarios="unclassified"))
    tape = [look(0, 12, rules=rules, whole=70), look(1, 2, rules=rules, whole=70)]

    named, whole = play(tape, rules)
    assert (named.scenario, named.opened_at) == ("outage", at(0))
    assert (whole.scenario, whole.opened_at) == ("unclassified", at(1))


def test_an_inhibited_rule_opens_nothing() -> None:
    rules = library(
        SMALL | {"inhibited_by": ["big"]},
        BIG,
        rule("flood", "red", 1, scenarios="unclassified", inhibited_by=["big"]),
    )

    (incident,) = play([look(0, 50, rules=rules)], rules)
    assert incident.tiers[0].rules == ("big",)


def test_other_thresholds_are_judged_on_the_recorded_facts() -> None:
    tape = [look(hours, count, rules=RULES) for hours, count in ((0, 12), (1, 20), (2, 50))]
    strict = Rule.model_validate(SMALL | {"when": {"fact": "negative_1h", "at_least": 15}})

    (incident,) = play(tape, RULES, holds=Thresholded({"small": strict}))
    assert incident.opened_at == at(1)


@pytest.mark.parametrize("handed_on", [False, True])
def test_what_explains_the_monitor_is_judged_as_the_tick_judges_it(*, handed_on: bool) -> None:
    """A crowd that hands on a text is counted by posts: hardly one of these is negative."""
    rules = library(SMALL, rule("flood", "red", 30, scenarios="unclassified"))
    first = look(0, 12, rules=rules, whole=20)
    named, whole = look(1, 2, rules=rules, whole=40).segments
    if handed_on:
        named = replace(named, crowd=Crowd(posts=300, negative=2))
        whole = replace(whole, crowd=Crowd(posts=400, negative=40))
    tape = [first, Look(monitor="tea", at=at(1), segments=(named, whole))]

    scenarios = [item.scenario for item in play(tape, rules)]
    assert scenarios == (["outage"] if handed_on else ["outage", "unclassified"])


def test_a_rule_that_has_not_let_go_keeps_its_incident_burning() -> None:
    calm = [look(1 + hours / 4, 5, rules=RULES, inside=True) for hours in range(21)]
    on = [
        replace(
            one,
            segments=tuple(replace(part, still_on=frozenset({"small"})) for part in one.segments),
        )
        for one in calm
    ]
    again = look(7, 12, rules=RULES)

    assert len(play([look(0, 12, rules=RULES), *calm, again], RULES)) == 2
    assert len(play([look(0, 12, rules=RULES), *on, again], RULES)) == 1


def test_a_rule_that_cools_down_opens_no_second_one_so_soon() -> None:
    rules = library(SMALL | {"cool_down": "4h"}, BIG)
    calm = [look(1 + hours / 4, 0, rules=rules, inside=True) for hours in range(21)]
    early, late = look(7.5, 12, rules=rules), look(9.5, 12, rules=rules)

    tape = [look(0, 12, rules=rules), *calm]
    assert len(play([*tape, early], rules)) == 1
    assert len(play([*tape, early, late], rules)) == 2
    assert len(play([*tape, look(7.5, 50, rules=rules)], rules)) == 2
