"""Thresholds that keep the nights quiet, and which incidents they cost."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.backtest import Budget, Label, Labels, Look, Rehearsal
from service.backtest.budget import multiplied, parse_budget, propose
from service.backtest.tape import play
from service.errors import InvalidInput
from tests.service.backtest.cases import BIG, SHANGHAI, SMALL, at, library, look

RULES = library(SMALL, BIG)
NIGHT = 13.0
"""23:00 in Shanghai."""


def rehearsal(looks: Sequence[Look]) -> Rehearsal:
    return Rehearsal(library=RULES, incidents=play(looks, RULES), looks=tuple(looks))


def busy_night() -> list[Look]:
    """A grave burst of two pages, and three small ones of other scenarios."""
    tape = [
        look(NIGHT + number / 10, 11 + number, rules=RULES, scenario=scenario)
        for number, scenario in enumerate(("misconduct", "data_privacy", "policy_dispute"))
    ]
    grave = [look(NIGHT + 1 + hours, count, rules=RULES) for hours, count in ((0, 39), (1, 90))]
    return [*tape, *grave]


@pytest.mark.parametrize("text", ["3", "x/night", "3/day", "-1/night", ""])
def test_what_is_no_budget_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="write 3/night"):
        parse_budget(text)


def test_a_budget_is_read() -> None:
    assert parse_budget(" 3 / night ") == Budget(pages=3)


def test_only_counts_are_multiplied_and_rounded_up() -> None:
    shares = library(
        SMALL
        | {
            "when": {
                "all": [
                    {"fact": "negative_1h", "at_least": 3},
                    {"fact": "negative_share_1h", "at_least": 0.5},
                    {"fact": "history_h", "below": 24},
                ]
            }
        }
    )
    assert multiplied(shares.rules["small"], 1.5) == {"negative_1h ≥ 3": 5}


def test_the_small_bursts_go_and_the_grave_one_stays() -> None:
    proposal = propose(rehearsal(busy_night()), Budget(pages=2), labels=None, zone=SHANGHAI)

    assert (proposal.busiest_night, proposal.fits) == (5, True)
    assert proposal.chosen == {"small": {"negative_1h ≥ 10": 15}}


def test_the_grid_tells_of_each_rule_by_itself() -> None:
    proposal = propose(rehearsal(busy_night()), Budget(pages=2), labels=None, zone=SHANGHAI)

    rows = {(item.rule_id, item.factor): item for item in proposal.options}
    assert {name for name, _ in rows} == {"big", "small"}
    assert (rows["small", 1.25].kept, rows["small", 1.25].of) == (2, 4)
    assert rows["small", 1.25].busiest_night == 3
    assert (rows["big", 3.0].pages, rows["big", 3.0].kept, rows["big", 3.0].lowered) == (4, 4, 1)
    assert rows["small", 5.0].later.total_seconds() == 3600


def test_a_quiet_night_changes_nothing() -> None:
    tape = [look(2, 12, rules=RULES)]
    proposal = propose(rehearsal(tape), Budget(pages=0), labels=None, zone=SHANGHAI)

    assert (proposal.fits, proposal.chosen, proposal.busiest_night) == (True, {}, 0)


def test_what_cannot_be_kept_to_is_said() -> None:
    tape = [look(NIGHT, 10_000, rules=RULES)]
    proposal = propose(rehearsal(tape), Budget(pages=0), labels=None, zone=SHANGHAI)

    assert not proposal.fits


def test_false_alarms_are_no_loss() -> None:
    """One page too many: of two rules each could be raised, and one pages for a false alarm."""
    tape = [
        look(NIGHT, 45, rules=RULES, scenario="misconduct"),
        look(NIGHT + 1, 12, rules=RULES, scenario="data_privacy"),
    ]
    false = Label(
        incident_id="inc_1",
        monitor="tea",
        scenarios=frozenset({"misconduct"}),
        since=at(NIGHT),
        until=at(NIGHT + 9),
        about_us=False,
    )
    proposal = propose(
        rehearsal(tape), Budget(pages=1), labels=Labels(incidents=(false,)), zone=SHANGHAI
    )

    assert proposal.fits
    assert proposal.chosen


def test_a_search_that_nobody_wants_any_more_stops_at_its_next_play() -> None:
    class Enough(Exception):
        pass

    told: list[tuple[int, int]] = []

    def tell(done: int, of: int) -> None:
        told.append((done, of))
        if len(told) == 12:
            raise Enough

    with pytest.raises(Enough):
        propose(rehearsal(busy_night()), Budget(pages=2), labels=None, zone=SHANGHAI, tell=tell)
    assert told == [*((done, 10) for done in range(10)), (10, 10), (10, 10)]
