"""What a match means for the incidents that there are, and when taking ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.incidents import UNCLASSIFIED, Incident, Kind, State
from service.monitoring.grouping import (
    INSIDE_FOR,
    RESUME_FOR,
    TAKING_MAX,
    Asked,
    Calm,
    Move,
    Reason,
    TakingEnd,
    assess_calm,
    burns_on,
    decide,
)
from tests.support.clock import START

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LATER = START + 6 * HOUR


def incident(scenario: str = "outage", *, rank: int = 1, **changes: object) -> Incident:
    made = Incident(
        id=f"inc_{scenario}",
        kind=Kind.CRISIS,
        drill=False,
        monitor_id="tea",
        scenario=scenario,
        title="tea",
        tier=("yellow", "orange", "red")[rank - 1],
        tier_rank=rank,
        state=State.NEW,
        reasons=(),
        posts=3,
        first_post_id="p1",
        first_post_at=START,
        opened_at=START,
        last_post_at=START,
        previous_id=None,
        updated_at=START,
        version=1,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def asked(scenario: str = "outage", *, rank: int = 1, last: datetime = LATER) -> Asked:
    return Asked(
        scenario=scenario,
        tier=("yellow", "orange", "red")[rank - 1],
        rank=rank,
        reasons=(),
        first_post_at=START,
        last_post_at=last,
    )


ENDED = incident(taking_ended_at=START + 5 * HOUR)


def test_a_burst_where_nothing_is_opens() -> None:
    found = decide(asked(), latest=None, now=LATER)
    assert (found.move, found.reason, found.incident) == (Move.OPEN, Reason.NEW_BURST, None)


def test_one_that_takes_is_joined() -> None:
    mine = incident()
    found = decide(asked(), latest=mine, now=LATER)
    assert (found.move, found.incident) == (Move.JOIN, mine)


def test_a_graver_match_raises_it_and_a_milder_one_does_not_lower_it() -> None:
    mine = incident(rank=2)
    assert decide(asked(rank=3), latest=mine, now=LATER).move is Move.RAISE
    assert decide(asked(rank=1), latest=mine, now=LATER).move is Move.JOIN


def test_an_unclassified_burst_beside_a_named_incident_is_left_alone() -> None:
    found = decide(asked(UNCLASSIFIED), latest=None, explained=0.4, now=LATER)
    assert (found.move, found.reason) == (Move.LEAVE, Reason.NAMED_ALREADY)


def test_a_small_named_incident_does_not_hide_a_big_unclassified_burst() -> None:
    found = decide(asked(UNCLASSIFIED), latest=None, explained=0.02, now=LATER)
    assert (found.move, found.reason) == (Move.OPEN, Reason.NEW_BURST)


def test_what_a_person_lowered_stays_down_until_more_is_asked() -> None:
    lowered = incident(rank=1, held_rank=2)
    assert decide(asked(rank=2), latest=lowered, now=LATER).move is Move.JOIN
    assert decide(asked(rank=3), latest=lowered, now=LATER).move is Move.RAISE


def test_a_named_burst_beside_another_one_opens() -> None:
    found = decide(asked("misconduct"), latest=None, now=LATER)
    assert found.move is Move.OPEN


def test_posts_from_before_the_end_are_stragglers() -> None:
    late = asked(last=START + 5 * HOUR)
    found = decide(late, latest=ENDED, now=LATER)
    assert (found.move, found.reason) == (Move.LEAVE, Reason.STRAGGLER)


def test_the_next_burst_is_linked_to_the_last() -> None:
    found = decide(asked(), latest=ENDED, now=LATER)
    assert (found.move, found.reason, found.incident) == (Move.OPEN, Reason.LINKED_BURST, ENDED)


def test_what_was_dismissed_rests_for_an_hour() -> None:
    dismissed = replace(ENDED, state=State.FALSE_POSITIVE)
    ended = START + 5 * HOUR
    soon = decide(asked(), latest=dismissed, now=ended + RESUME_FOR - MINUTE)
    assert (soon.move, soon.reason) == (Move.LEAVE, Reason.DISMISSED)
    assert decide(asked(), latest=dismissed, now=LATER).move is Move.OPEN


SCENARIOS = st.sampled_from(["outage", "misconduct", UNCLASSIFIED])


@given(
    wanted=st.builds(asked, SCENARIOS, rank=st.integers(1, 3)),
    rank=st.integers(1, 3),
    held=st.none() | st.integers(1, 3),
    state=st.sampled_from(["none", "taking", "ended"]),
    explained=st.floats(0, 1),
)
def test_never_two_that_take_one_segment_and_never_a_lower_tier(
    wanted: Asked, rank: int, held: int | None, state: str, explained: float
) -> None:
    taking = incident(wanted.scenario, rank=rank, held_rank=held)
    latest = {"none": None, "taking": taking, "ended": replace(ENDED, scenario=wanted.scenario)}
    found = decide(wanted, latest=latest[state], explained=explained, now=LATER)
    if state == "taking":
        assert found.move in (Move.JOIN, Move.RAISE)
        assert found.incident == taking
    if found.move is Move.RAISE:
        assert wanted.rank > max(rank, held or 0)


def test_calm_counts_from_the_hour_that_was_looked_at() -> None:
    assert assess_calm(incident(), is_inside=True, now=START + 3 * HOUR) == Calm(
        inside_since=START + 2 * HOUR, end=None
    )
    early = assess_calm(incident(), is_inside=True, now=START + 15 * MINUTE)
    assert early.inside_since == START
    calm = incident(inside_since=START + HOUR)
    assert assess_calm(calm, is_inside=True, now=START + 4 * HOUR).end is None
    contained = assess_calm(calm, is_inside=True, now=START + HOUR + INSIDE_FOR)
    assert contained.end is TakingEnd.CONTAINED


def test_a_new_outbreak_starts_the_calm_over() -> None:
    calm = incident(inside_since=START + HOUR)
    assert assess_calm(calm, is_inside=False, now=START + 9 * HOUR) == Calm(
        inside_since=None, end=None
    )


def test_a_day_is_the_end_even_if_it_still_burns() -> None:
    found = assess_calm(incident(), is_inside=False, now=START + TAKING_MAX)
    assert found.end is TakingEnd.TOO_LONG


@given(st.lists(st.booleans(), min_size=1, max_size=110))
def test_taking_always_ends_by_calm_of_four_hours_or_after_a_day(moods: list[bool]) -> None:
    current = incident()
    since: datetime | None = None
    for number, is_inside in enumerate(moods):
        now = START + number * 15 * MINUTE
        since = (since or max(START, now - HOUR)) if is_inside else None
        calm = assess_calm(current, is_inside=is_inside, now=now)
        assert calm.inside_since == since
        if calm.end is None:
            assert now - START < TAKING_MAX
            assert since is None or now - since < INSIDE_FOR
        elif calm.end is TakingEnd.CONTAINED:
            assert since is not None
            assert now - since >= INSIDE_FOR
            return
        else:
            assert now - START >= TAKING_MAX
            return
        current = replace(current, inside_since=calm.inside_since)


def test_rules_that_cool_down_open_no_second_one_so_soon() -> None:
    waiting = replace(asked(), cool_down=2 * HOUR)
    soon, late = (decide(waiting, latest=ENDED, now=START + hours * HOUR) for hours in (6.9, 7))
    assert (soon.move, soon.reason, soon.incident) == (Move.LEAVE, Reason.COOLING, ENDED)
    assert (late.move, late.reason) == (Move.OPEN, Reason.LINKED_BURST)


def test_something_worse_waits_for_no_cool_down() -> None:
    graver = replace(asked(rank=2), cool_down=24 * HOUR)
    assert decide(graver, latest=ENDED, now=LATER).move is Move.OPEN


def test_what_a_person_has_lowered_cools_down_as_what_it_was() -> None:
    lowered = replace(ENDED, held_rank=2)
    orange = replace(asked(rank=2), cool_down=24 * HOUR)
    assert decide(orange, latest=lowered, now=LATER).reason is Reason.COOLING


def test_an_incident_burns_on_while_a_rule_that_asked_for_it_has_not_let_go() -> None:
    mine = incident(reasons=({"rules": ["outage_wide", "outage_reports"]}, {"clause": "by hand"}))
    assert burns_on(mine, {"outage_reports", "anger_wave"})
    assert not burns_on(mine, {"anger_wave"})
    assert not burns_on(incident(), {"anger_wave"})
