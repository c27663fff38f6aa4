"""Incidents of two rehearsals: which are the same, gained, lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.backtest import Found
from service.backtest.comparison import compare
from tests.service.backtest.cases import found


def test_overlapping_incidents_of_one_scenario_are_the_same() -> None:
    before, after = found(0, 6), found(1, 5)

    compared = compare([before], [after])
    assert compared.same == ((before, after),)
    assert (compared.gained, compared.lost, compared.changed) == ((), (), ())


def test_another_monitor_scenario_or_time_is_another_incident() -> None:
    before = found(0, 4)
    for other in (found(0, 4, monitor="x"), found(0, 4, scenario="misconduct"), found(9, 12)):
        compared = compare([before], [other])
        assert (compared.lost, compared.gained) == ((before,), (other,))


def test_the_longest_overlap_wins_and_each_counts_once() -> None:
    long, short, before = found(2, 8), found(0, 1), found(0, 8)

    compared = compare([before], [short, long])
    assert compared.same == ((before, long),)
    assert compared.gained == (short,)


def test_the_first_post_counts_not_the_opening() -> None:
    before, late = found(0, 4), found(5, 9, first=3)
    assert compare([before], [late]).same == ((before, late),)


def test_another_tier_is_a_change() -> None:
    before, after = found(0), found(0, raised=(("orange", 1),))
    assert compare([before], [after]).changed == ((before, after),)


INCIDENTS = st.lists(
    st.builds(
        lambda opened, long, scenario: found(opened, opened + long, scenario=scenario),
        st.integers(0, 50),
        st.integers(0, 9),
        st.sampled_from(["outage", "misconduct"]),
    ),
    max_size=6,
)


@given(INCIDENTS, INCIDENTS)
def test_nothing_is_counted_twice_or_forgotten(before: list[Found], after: list[Found]) -> None:
    compared = compare(before, after)
    assert sorted(map(id, [*(old for old, _ in compared.same), *compared.lost])) == sorted(
        map(id, before)
    )
    assert sorted(map(id, [*(new for _, new in compared.same), *compared.gained])) == sorted(
        map(id, after)
    )


@given(INCIDENTS)
def test_a_set_is_the_same_as_itself(incidents: list[Found]) -> None:
    assert len(compare(incidents, list(incidents)).same) == len(incidents)
