from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.oncall.model import Layer, Override, RotaDraft, Window
from service.oncall.shifts import (
    OnDuty,
    OnDutyBy,
    gaps,
    next_change,
    shifts,
    who_is_on,
)

PEOPLE = ("lin", "rui", "wei", "fa")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

instants = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
windows = st.builds(
    Window,
    since=times,
    until=times,
    days=st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days))),
)


def layers(window: st.SearchStrategy[Window | None]) -> st.SearchStrategy[Layer]:
    return st.builds(
        Layer,
        members=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4).map(tuple),
        starts_on=st.dates(date(2025, 1, 1), date(2025, 12, 1)),
        hand_over=times,
        shift_days=st.sampled_from([1, 2, 7, 14]),
        window=window,
    )


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    since = draw(instants)
    length = timedelta(minutes=draw(st.integers(1, 10_000)))
    return Override(person=draw(st.sampled_from(PEOPLE)), since=since, until=since + length)


def rotas(window: st.SearchStrategy[Window | None]) -> st.SearchStrategy[RotaDraft]:
    return st.builds(
        RotaDraft,
        id=st.just("night"),
        name=st.just("night"),
        layers=st.lists(layers(window), min_size=1, max_size=3).map(tuple),
        zone=st.sampled_from(ZONES),
        overrides=st.lists(overrides(), max_size=3).map(tuple),
    )


def rota(*members: str, zone: str = "Asia/Shanghai", **changes: object) -> RotaDraft:
    layer = Layer(members=members, starts_on=date(2026, 3, 2), **changes)  # type: ignore[arg-type]  # of the layer's own fields
    return RotaDraft(id="r", name="r", layers=(layer,), zone=zone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@settings(max_examples=150)
@given(rotas(st.none()), instants)
def test_without_windows_somebody_is_on_at_any_instant(drawn: RotaDraft, now: datetime) -> None:
    assert who_is_on(drawn, now).person in PEOPLE


@settings(max_examples=150)
@given(rotas(st.none() | windows), overrides(), st.floats(0, 0.999))
def test_an_override_wins_over_all_that_was_there(
    drawn: RotaDraft, override: Override, share: float
) -> None:
    with_it = RotaDraft(
        id=drawn.id,
        name=drawn.name,
        layers=drawn.layers,
        zone=drawn.zone,
        overrides=(*drawn.overrides, override),
    )
    inside = override.since + (override.until - override.since) * share

    assert who_is_on(with_it, inside) == OnDuty(person=override.person, by=OnDutyBy.OVERRIDE)
    outside = override.until
    assert who_is_on(with_it, outside) == who_is_on(drawn, outside)


@settings(max_examples=60)
@given(rotas(st.none() | windows), instants, st.integers(1, 20 * 24 * 60), st.floats(0, 0.999))
def test_shifts_fill_the_span_and_agree_with_who_is_on(
    drawn: RotaDraft, since: datetime, minutes: int, share: float
) -> None:
    until = since + timedelta(minutes=minutes)
    found = shifts(drawn, since, until)

    assert found[0].since == since
    assert found[-1].until == until
    assert all(one.until == two.since for one, two in pairwise(found))
    assert all(one.duty.person != two.duty.person for one, two in pairwise(found))
    probe = since + (until - since) * share
    (here,) = [item for item in found if item.since <= probe < item.until]
    assert here.duty.person == who_is_on(drawn, probe).person


@settings(max_examples=60)
@given(rotas(st.none() | windows), instants)
def test_the_next_change_is_the_end_of_the_present_shift(drawn: RotaDraft, now: datetime) -> None:
    change = next_change(drawn, now)
    span = shifts(drawn, now, now + timedelta(days=30))

    if len(span) > 1:
        assert change == span[0].until
    else:
        assert change is None or change >= now + timedelta(days=30)


@pytest.mark.parametrize(
    ("instant", "person"),
    [
        ("2026-03-02T08:59:59+08:00", None),
        ("2026-03-02T09:00:00+08:00", "lin"),
        ("2026-03-09T08:59:59+08:00", "lin"),
        ("2026-03-09T09:00:00+08:00", "rui"),
        ("2026-03-16T09:00:00+08:00", "lin"),
    ],
)
def test_weekly_shifts_change_at_the_hand_over(instant: str, person: str | None) -> None:
    assert who_is_on(rota("lin", "rui"), at(instant)).person == person


def test_daily_shifts_keep_their_local_hour_when_the_clock_is_moved() -> None:
    berlin = rota("lin", "rui", zone="Europe/Berlin", shift_days=1)

    found = shifts(berlin, at("2026-03-28T09:00:00+01:00"), at("2026-03-30T09:00:00+02:00"))

    assert [(item.until - item.since, item.duty.person) for item in found] == [
        (timedelta(hours=23), "lin"),
        (timedelta(hours=24), "rui"),
    ]


def test_a_hand_over_that_the_clock_skips_happens_after_the_skip() -> None:
    berlin = rota("lin", "rui", zone="Europe/Berlin", shift_days=1, hand_over=time(2, 30))

    assert next_change(berlin, at("2026-03-29T00:00:00+01:00")) == at("2026-03-29T03:30:00+02:00")


def test_gaps_are_named() -> None:
    office = rota("lin", window=Window(since=time(9), until=time(18), days=(1, 2, 3, 4, 5)))

    found = gaps(office, at("2026-03-06T12:00:00+08:00"), at("2026-03-09T12:00:00+08:00"))

    assert [(item.since, item.until) for item in found] == [
        (at("2026-03-06T18:00:00+08:00"), at("2026-03-09T09:00:00+08:00"))
    ]
    assert found[0].duty.by is OnDutyBy.GAP


def test_a_later_layer_fills_what_the_first_leaves() -> None:
    day = Layer(
        members=("lin",),
        starts_on=date(2026, 3, 2),
        window=Window(since=time(9), until=time(21)),
    )
    night = Layer(members=("rui",), starts_on=date(2026, 3, 1))
    both = RotaDraft(id="r", name="r", layers=(day, night))

    assert who_is_on(both, at("2026-03-03T10:00:00+08:00")).person == "lin"
    assert who_is_on(both, at("2026-03-03T22:00:00+08:00")) == OnDuty(
        person="rui", by=OnDutyBy.LAYER, layer=1
    )


def test_one_person_for_ever_never_changes() -> None:
    assert next_change(rota("lin"), at("2026-04-01T00:00:00+08:00")) is None


@pytest.mark.parametrize(
    ("instant", "open_"),
    [
        ("2026-03-06T23:00:00", True),
        ("2026-03-07T05:59:00", True),
        ("2026-03-07T06:00:00", False),
        ("2026-03-07T23:00:00", False),
        ("2026-03-06T05:00:00", False),
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins(
    instant: str, open_: bool
) -> None:
    friday_night = Window(since=time(22), until=time(6), days=(5,))

    assert friday_night.holds(datetime.fromisoformat(instant)) is open_
