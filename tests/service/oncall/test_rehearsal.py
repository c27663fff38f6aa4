"""Whom a chain would page, minute by minute, with nobody paged."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from service.db import tables
from service.errors import NotFound
from service.oncall.model import (
    ChainDraft,
    ChainStep,
    ContactChannel,
    ContactDraft,
    Layer,
    RotaDraft,
    Target,
    TargetKind,
    Window,
)
from service.oncall.rehearsal import MOST_STEPS, RehearsedStep, rehearse
from service.oncall.roster import Missing, Roster
from tests.support.incident_scene import VIEWER
from tests.support.oncall_scene import OncallScene

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def person(name: str, quiet: Window | None = None) -> ContactDraft:
    channels = (ContactChannel(channel=f"{name}-phone"), ContactChannel(channel=f"{name}-mail"))
    return ContactDraft(id=name, name=name, channels=channels, zone="UTC", quiet=quiet)


ROSTER = Roster(
    contacts={name: person(name) for name in ("lin", "wu")},
    rotas={
        "desk": RotaDraft(
            id="desk",
            name="desk",
            zone="UTC",
            layers=(
                Layer(
                    members=("lin",),
                    starts_on=date(2026, 3, 1),
                    shift_days=1,
                    window=Window(since=time(8), until=time(20)),
                ),
            ),
        )
    },
    channels=frozenset({"lin-phone", "lin-mail", "wu-phone", "wu-mail"}),
)


def chain(*steps: ChainStep, repeat: int = 1, again_min: int = 30, anew: int = 0) -> ChainDraft:
    return ChainDraft(
        id="red",
        name="red",
        steps=steps,
        zone="UTC",
        repeat=repeat,
        again_min=again_min,
        anew=anew,
        rest_min=0,
    )


def to(name: str, wait_min: int = 0, **changes: Window) -> ChainStep:
    kind, _, target = name.partition(":")
    return ChainStep(
        notify=(Target(kind=TargetKind(kind), id=target),), wait_min=wait_min, **changes
    )


def told(steps: tuple[RehearsedStep, ...]) -> list[tuple[int, list[str]]]:
    """Minute and people of each step."""
    return [
        (
            round((step.at - steps[0].at).total_seconds() / 60),
            [call.person or "" for call in step.calls.calls],
        )
        for step in steps
    ]


def played(
    draft: ChainDraft, *, minutes: int = 30, at: datetime = NOON
) -> tuple[RehearsedStep, ...]:
    return rehearse(draft, ROSTER, begins_at=at, until=at + timedelta(minutes=minutes))


def test_steps_come_at_their_minutes_to_whoever_is_on_then() -> None:
    draft = chain(to("rota:desk"), to("person:wu", 5), again_min=10)
    assert told(played(draft, minutes=14)) == [(0, ["lin"]), (5, ["wu"])]


def test_a_second_round_reaches_more_channels() -> None:
    steps = played(chain(to("person:lin"), repeat=2, again_min=10))
    assert [step.calls.calls[0].channels for step in steps] == [
        ("lin-phone",),
        ("lin-phone", "lin-mail"),
    ]


def test_a_gap_pages_everybody_and_says_why() -> None:
    (step,) = played(chain(to("rota:desk")), at=NOON + timedelta(hours=10))
    assert step.calls.everybody
    assert step.calls.missing == {"rota:desk": Missing.GAP}


def test_a_step_out_of_hours_is_passed_over() -> None:
    window = Window(since=time(13), until=time(14))
    first, second = played(chain(to("person:lin", window=window), to("person:wu", 5)))
    assert (first.out_of_hours, first.calls.nobody) == (True, True)
    assert told((first, second)) == [(0, []), (5, ["wu"])]


def test_whoever_sleeps_is_paged_when_they_wake() -> None:
    quiet = Window(since=time(11), until=time(12, 20))
    sleeping = Roster(contacts={"lin": person("lin", quiet=quiet)}, channels=ROSTER.channels)
    steps = rehearse(
        chain(to("person:lin")), sleeping, begins_at=NOON, until=NOON + timedelta(minutes=30)
    )
    woken = NOON + timedelta(minutes=20)
    assert [(step.at, step.waits_until) for step in steps] == [(NOON, woken), (woken, None)]


def test_a_chain_without_end_is_cut() -> None:
    endless = chain(to("person:lin"), again_min=1, repeat=10, anew=100)
    assert len(played(endless, minutes=10_000)) <= MOST_STEPS


async def test_the_board_rehearses_what_is_configured_and_pages_nobody(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone")
    await local.name_duty("duty", "lin")

    chain_of_red, steps = await local.responding.oncall.rehearse(VIEWER, "red", minutes=5)

    assert chain_of_red.id == "red"
    assert told(steps) == [(0, ["lin"]), (5, ["lin"])]
    assert steps[0].calls.missing == {"role:pr": Missing.UNASSIGNED}
    assert await local.rows(tables.page) == []


async def test_a_tier_that_is_not_there_is_named(local: OncallScene) -> None:
    with pytest.raises(NotFound, match="no tier purple; there are yellow, orange, red"):
        await local.responding.oncall.rehearse(VIEWER, "purple")
