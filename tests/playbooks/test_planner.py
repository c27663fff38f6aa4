from __future__ import annotations

import functools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import Anchors, Library, PlannedStep, Text, TierSince, by_due, load_library, plan
from playbooks.planner import Dating, Grant, date_step
from playbooks.schema import Playbook, Step
from tests.playbooks.sample import HOUR, MINUTE, T0

TIERS = ("yellow", "orange", "red")


def make_playbook(*steps: dict[str, Any]) -> Playbook:
    base = {"title": {"zh": "题"}, "role": "pr", "anchor": "opened"}
    return Playbook.model_validate(
        {
            "id": "p",
            "name": {"zh": "名"},
            "scenario": None,
            "kind": "crisis",
            "ladders": (),
            "steps": [base | step for step in steps],
            "tiers": TIERS,
            "version": "v",
        }
    )


def history(*tiers: tuple[str, timedelta], acknowledged: datetime | None = None) -> Anchors:
    since = tuple(TierSince(tier=tier, at=T0 + after) for tier, after in tiers)
    return Anchors(first_post=T0, opened=T0, tiers=since, acknowledged=acknowledged)


def due(playbook: Playbook, anchors: Anchors, **known: Any) -> dict[str, datetime | None]:
    return {step.id: step.due_at for step in plan(playbook, anchors, **known)}


def after(minutes: float) -> datetime:
    return T0 + minutes * MINUTE


# --- the table of the design, with the content that is shipped ---


@functools.cache
def shipped() -> Playbook:
    return load_library().playbook("product_quality")


def design(tier: str) -> dict[str, timedelta | None]:
    playbook = shipped()
    anchors = Anchors.at_opening(tier=tier, opened=T0 + HOUR, first_post=T0)
    return {
        step.id: None if step.due_at is None else step.due_at - (T0 + HOUR)
        for step in plan(playbook, anchors)
    }


@pytest.mark.parametrize(
    ("tier", "step", "expected"),
    [
        ("yellow", "detected", -50 * MINUTE),
        ("yellow", "acknowledge", 30 * MINUTE),
        ("orange", "acknowledge", 15 * MINUTE),
        ("red", "acknowledge", 5 * MINUTE),
        ("yellow", "first_response", 2 * HOUR),
        ("orange", "first_response", HOUR),
        ("red", "first_response", 30 * MINUTE),
        ("red", "team_complete", HOUR),
        ("red", "impact_assessed", 90 * MINUTE),
        ("orange", "holding_statement", 105 * MINUTE),
        ("red", "service_recovered", 4 * HOUR),
        ("red", "rectification_plan", 24 * HOUR),
        ("orange", "authoritative_update", 23 * HOUR),
        ("red", "authoritative_update", 4 * HOUR),
        ("yellow", "contained", 47 * HOUR),
        ("red", "close", None),
        ("red", "five_why_review", None),
    ],
)
def test_the_clocks_of_the_design(tier: str, step: str, expected: timedelta | None) -> None:
    assert design(tier)[step] == expected


# --- anchors ---


def test_offsets_count_from_their_anchor() -> None:
    playbook = make_playbook(
        {"id": "a", "anchor": "first_post", "due": {"all": "10m"}},
        {"id": "b", "anchor": "opened", "due": {"all": "10m"}},
        {"id": "c", "anchor": "acknowledged", "due": {"all": "10m"}},
    )
    anchors = Anchors.at_opening(tier="red", opened=after(30), first_post=T0)
    assert due(playbook, anchors) == {"a": after(10), "b": after(40), "c": None}


def test_acknowledging_sets_the_clock_of_what_waits_for_it() -> None:
    playbook = make_playbook({"id": "c", "anchor": "acknowledged", "due": {"all": "10m"}})
    anchors = history(("red", 0 * MINUTE), acknowledged=after(7))
    assert due(playbook, anchors) == {"c": after(17)}


def test_an_incident_without_a_post_counts_from_its_opening() -> None:
    assert Anchors.at_opening(tier="red", opened=T0).first_post == T0


def test_warning_and_escalation() -> None:
    playbook = make_playbook(
        {"id": "a", "due": {"all": "1h"}, "warn": 0.5, "escalate_after": "5m", "do": {"zh": "做"}}
    )
    (step,) = plan(playbook, history(("red", 0 * MINUTE)))
    assert (step.warn_at, step.due_at, step.escalate_at) == (after(30), after(60), after(65))
    assert step.instructions == Text(zh="做")


def test_a_step_without_a_deadline_has_no_instants() -> None:
    (step,) = plan(make_playbook({"id": "a", "due": {"all": "none"}}), history(("red", 0 * MINUTE)))
    assert (step.base_at, step.warn_at, step.due_at, step.escalate_at) == (T0, None, None, None)


def test_a_tier_has_only_its_steps() -> None:
    playbook = make_playbook({"id": "a", "due": {"red": "1h"}}, {"id": "b", "due": {"all": "1h"}})
    found: tuple[PlannedStep, ...] = plan(playbook, history(("yellow", 0 * MINUTE)))
    assert [(step.id, step.order) for step in found] == [("b", 1)]


CHAIN = make_playbook(
    {"id": "c", "anchor": "step:b", "due": {"all": "5m"}},
    {"id": "b", "anchor": "step:a", "due": {"all": "15m"}},
    {"id": "a", "due": {"all": "1h"}},
)


def test_a_chain_is_projected_from_due_times() -> None:
    assert due(CHAIN, history(("red", 0 * MINUTE))) == {
        "a": after(60),
        "b": after(75),
        "c": after(80),
    }


def test_a_chain_is_fixed_by_the_instant_of_doing() -> None:
    found = due(CHAIN, history(("red", 0 * MINUTE)), done={"a": after(90)})
    assert found["c"] == after(110)


def test_a_breached_step_keeps_its_due_time_for_others() -> None:
    anchors = history(("yellow", 0 * MINUTE))
    assert due(CHAIN, anchors, fixed={"a": after(50)})["b"] == after(65)


def test_after_an_undated_step_there_is_no_deadline_until_it_is_done() -> None:
    playbook = make_playbook(
        {"id": "close", "due": {"all": "none"}},
        {"id": "review", "anchor": "step:close", "due": {"all": "7d"}},
    )
    anchors = history(("red", 0 * MINUTE))
    assert due(playbook, anchors)["review"] is None
    assert due(playbook, anchors, done={"close": after(9)})["review"] == after(9) + timedelta(
        days=7
    )


def test_an_anchor_that_the_tier_lacks_gives_no_deadline() -> None:
    playbook = make_playbook(
        {"id": "a", "due": {"red": "1h"}}, {"id": "b", "anchor": "step:a", "due": {"all": "1h"}}
    )
    anchors = history(("red", 0 * MINUTE), ("yellow", 5 * MINUTE))
    assert due(playbook, anchors) == {"b": None}
    assert due(playbook, anchors, done={"a": after(3)}) == {"b": after(63)}


def test_an_anchor_that_nobody_has_gives_no_deadline() -> None:
    playbook = make_playbook({"id": "b", "anchor": "step:gone", "due": {"all": "1h"}})
    assert due(playbook, history(("red", 0 * MINUTE))) == {"b": None}


# --- tier changes ---

LADDER = make_playbook(
    {"id": "ack", "due": {"yellow": "30m", "orange": "15m", "red": "5m"}},
    {"id": "team", "due": {"orange": "1h", "red": "1h"}},
    {"id": "after_ack", "anchor": "acknowledged", "due": {"yellow": "4h", "red": "1h"}},
    {"id": "call", "anchor": "tier_raised", "due": {"all": "20m"}},
)


def test_a_raise_takes_the_earlier_of_old_due_and_raise_plus_offset() -> None:
    early = history(("yellow", 0 * MINUTE), ("red", 10 * MINUTE))
    late = history(("yellow", 0 * MINUTE), ("red", 28 * MINUTE))
    assert due(LADDER, early)["ack"] == after(15)
    assert due(LADDER, late)["ack"] == after(30)


def test_a_step_of_the_higher_tier_counts_from_the_raise() -> None:
    found = due(LADDER, history(("yellow", 0 * MINUTE), ("red", 3 * HOUR)))
    assert found["team"] == T0 + 4 * HOUR


def test_an_anchor_after_the_raise_takes_the_new_offset() -> None:
    tiers = (("yellow", 0 * MINUTE), ("red", 10 * MINUTE))
    assert due(LADDER, history(*tiers, acknowledged=after(20)))["after_ack"] == after(80)
    assert due(LADDER, history(*tiers, acknowledged=after(5)))["after_ack"] == after(70)


def test_a_raise_is_an_anchor() -> None:
    assert due(LADDER, history(("yellow", 0 * MINUTE)))["call"] is None
    raised = history(("red", 0 * MINUTE), ("yellow", 5 * MINUTE), ("red", 9 * MINUTE))
    assert due(LADDER, raised)["call"] == after(29)


def test_lowering_moves_no_deadline_earlier() -> None:
    found = due(LADDER, history(("red", 0 * MINUTE), ("yellow", 2 * MINUTE)))
    assert found["ack"] == after(30)
    assert "team" not in found
    capped = history(("yellow", 0 * MINUTE), ("red", 28 * MINUTE), ("orange", 29 * MINUTE))
    assert due(LADDER, capped)["ack"] == after(30)


def test_a_tier_that_rises_again_asks_again() -> None:
    tiers = (("orange", 0 * MINUTE), ("yellow", HOUR), ("red", 2 * HOUR))
    assert due(LADDER, history(*tiers))["team"] == T0 + 3 * HOUR


def test_an_undated_step_gets_a_deadline_by_a_raise() -> None:
    playbook = make_playbook({"id": "a", "due": {"yellow": "none", "red": "1h"}})
    assert due(playbook, history(("yellow", 0 * MINUTE), ("red", HOUR))) == {"a": after(120)}
    assert due(playbook, history(("red", 0 * MINUTE), ("yellow", HOUR))) == {"a": None}


def test_a_pause_that_ends_where_the_tier_asks_for_no_deadline_gives_none() -> None:
    playbook = make_playbook({"id": "a", "due": {"yellow": "none", "red": "1h"}})
    stood = {"a": [Grant(at=after(90), lasting=20 * MINUTE)]}
    lowered = history(("red", 0 * MINUTE), ("yellow", HOUR))
    assert due(playbook, lowered, grants=stood) == {"a": None}
    raised = history(("red", 0 * MINUTE), ("yellow", HOUR), ("red", 2 * HOUR))
    assert due(playbook, raised, grants=stood) == {"a": after(180)}


def test_the_old_due_time_keeps_its_warning() -> None:
    anchors = history(("yellow", 0 * MINUTE), ("red", 28 * MINUTE))
    step = plan(LADDER, anchors)[0]
    assert (step.base_at, step.warn_at) == (T0, after(24))


def test_a_step_outside_the_tier_has_no_dating() -> None:
    anchors = history(("yellow", 0 * MINUTE))
    with pytest.raises(ValueError, match="step team is not in tier yellow"):
        date_step(LADDER.steps[1], anchor_at=T0, anchors=anchors, playbook=LADDER)


# --- input ---


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="give them a zone"):
        Anchors.at_opening(tier="red", opened=T0.replace(tzinfo=None))


def test_a_history_has_a_beginning() -> None:
    with pytest.raises(ValueError, match="tier at opening"):
        Anchors(first_post=T0, opened=T0, tiers=())


# --- properties ---

minutes = st.integers(0, 600)


@st.composite
def ladders(draw: st.DrawFn) -> Playbook:
    """Steps whose deadlines never get longer as the tier rises, some chained."""
    steps = []
    for number in range(draw(st.integers(1, 5))):
        offsets = sorted(draw(st.lists(st.integers(1, 300), min_size=3, max_size=3)), reverse=True)
        anchor = draw(st.sampled_from(["first_post", "opened", "acknowledged", "chain"]))
        if anchor == "chain":
            anchor = f"step:s{number - 1}" if number else "opened"
        due_ = {tier: f"{offset}m" for tier, offset in zip(TIERS, offsets, strict=True)}
        steps.append({"id": f"s{number}", "anchor": anchor, "due": due_})
    return make_playbook(*steps)


@st.composite
def histories(draw: st.DrawFn) -> Anchors:
    instants = sorted(draw(st.lists(minutes, min_size=1, max_size=4)))
    tiers = [(draw(st.sampled_from(TIERS)), at * MINUTE) for at in [0, *instants]]
    acknowledged = draw(st.none() | minutes)
    return history(*tiers, acknowledged=None if acknowledged is None else after(acknowledged))


@given(ladders(), histories())
def test_deadlines_move_only_the_way_the_tier_does(playbook: Playbook, anchors: Anchors) -> None:
    last, before = anchors.tiers[-1], anchors.tiers[-2]
    shorter = replace(anchors, tiers=anchors.tiers[:-1])
    old, new = due(playbook, shorter), due(playbook, anchors)
    for name, due_at in new.items():
        old_due = old[name]
        assert (old_due is None) is (due_at is None)
        if old_due is None or due_at is None:
            continue
        if playbook.rank(last.tier) >= playbook.rank(before.tier):
            assert due_at <= old_due
        if playbook.rank(last.tier) <= playbook.rank(before.tier):
            assert due_at >= old_due


def test_a_dating_without_an_offset_is_never_due() -> None:
    assert Dating(base_at=T0, offset=None).due_at is None


def test_steps_are_the_playbooks_own(library: Library) -> None:
    playbook = library.playbook("product_quality")
    steps: list[Step] = [planned.step for planned in plan(playbook, history(("red", 0 * MINUTE)))]
    assert steps == list(playbook.steps)


def test_the_first_due_comes_first_and_the_undated_keep_their_order(library: Library) -> None:
    steps = plan(library.playbook("product_quality"), Anchors.at_opening(tier="red", opened=T0))
    listed = by_due(steps)
    dated = [step.due_at for step in listed if step.due_at is not None]
    assert dated == sorted(dated)
    assert [step.due_at for step in listed[: len(dated)]] == dated
    undated = [step.id for step in steps if step.due_at is None]
    assert [step.id for step in listed[len(dated) :]] == undated
