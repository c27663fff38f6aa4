from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from playbooks import Library
from playbooks.schema import Step, StepOverlay, Text


def step(**changes: Any) -> Step:
    base = {
        "id": "s",
        "title": {"zh": "题"},
        "role": "pr",
        "anchor": "opened",
        "due": {"all": "1h"},
    }
    return Step.model_validate(base | changes)


def test_a_tier_of_its_own_is_an_exception_to_all() -> None:
    both = step(due={"all": "48h", "red": "5h"})
    assert (both.offset("red"), both.offset("x")) == (timedelta(hours=5), timedelta(hours=48))


def test_none_is_a_step_without_a_deadline() -> None:
    undated = step(due={"all": "none"})
    assert undated.in_tier("red")
    assert undated.offset("red") is None


def test_a_tier_that_is_absent_lacks_the_step() -> None:
    assert not step(due={"red": "1h"}).in_tier("yellow")


@pytest.mark.parametrize("do", [{"zh": "做"}, {"all": {"zh": "做"}}, Text(zh="做")])
def test_instructions_for_every_tier(do: Any) -> None:
    assert step(do=do).instructions("red") == Text(zh="做")


def test_no_instructions() -> None:
    assert step(do={}).instructions("red") is None


def test_the_step_it_is_anchored_on() -> None:
    assert (step(anchor="step:x").anchor_step, step().anchor_step) == ("x", None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"anchor": "closed"}, "'closed' is not an anchor"),
        ({"anchor": "step:"}, "is not an anchor"),
        ({"warn": 1}, "less than 1"),
        ({"warn": 0}, "greater than 0"),
        ({"due": {"all": "soon"}}, "not a duration"),
        ({"role": "boss"}, "Input should be"),
        ({"mandatory": "yes"}, "valid boolean"),
        ({"id": "Step"}, "should match pattern"),
    ],
)
def test_what_is_no_step(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        step(**changes)


def test_an_overlay_that_names_nothing_changes_nothing() -> None:
    assert step(warn=0.5).overlaid(StepOverlay(id="s")) == step(warn=0.5)


def test_rank_counts_from_one(library: Library) -> None:
    playbook = library.playbook("coverage")
    assert (playbook.rank("yellow"), playbook.rank("red")) == (1, 3)
