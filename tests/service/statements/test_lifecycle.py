from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from service.errors import Conflict, IllegalTransition
from service.statements import lifecycle
from service.statements.lifecycle import Approved, Capacity, Need, Standing, State

PEOPLE = st.sampled_from(["a", "b", "c", "d"])
LEAD, LEGAL = Capacity.LEAD, Capacity.LEGAL


def standing(*given: Approved, state: State = State.SUBMITTED) -> Standing:
    return Standing(state=state, writers=frozenset({"a"}), approvals=given)


@pytest.mark.parametrize(
    ("gravest", "promises", "total"),
    [(False, False, 1), (True, False, 2), (False, True, 2), (True, True, 3)],
)
def test_what_it_takes(gravest: bool, promises: bool, total: int) -> None:
    assert lifecycle.need_of(gravest=gravest, promises=promises).total == total


@pytest.mark.parametrize(
    ("given", "need", "missing"),
    [
        (
            (),
            Need(persons=1, legal=False),
            ("1 more person", "a lead", "somebody who wrote none of it"),
        ),
        ((Approved("a", LEAD),), Need(persons=1, legal=False), ("somebody who wrote none of it",)),
        ((Approved("b", LEAD),), Need(persons=1, legal=False), ()),
        ((Approved("b", LEGAL),), Need(persons=1, legal=False), ("a lead",)),
        ((Approved("b", LEAD),), Need(persons=1, legal=True), ("legal: it makes a promise",)),
        ((Approved("b", LEAD), Approved("c", LEGAL)), Need(persons=1, legal=True), ()),
        (
            (Approved("b", LEAD), Approved("c", LEGAL)),
            Need(persons=2, legal=True),
            ("1 more person",),
        ),
        (
            (),
            Need(persons=2, legal=False),
            ("2 more persons", "a lead", "somebody who wrote none of it"),
        ),
        ((Approved("a", LEAD), Approved("b", LEGAL)), Need(persons=2, legal=False), ()),
    ],
)
def test_what_is_lacking(given: tuple[Approved, ...], need: Need, missing: tuple[str, ...]) -> None:
    assert lifecycle.lacking(standing(*given), need) == missing


def test_obstacles_are_named_one_by_one() -> None:
    with pytest.raises(Conflict, match="no owner; no date") as refused:
        lifecycle.approve(
            standing(),
            Approved("b", LEAD),
            need=Need(persons=1, legal=False),
            obstacles=[("promises.p.owner", "no owner"), ("promises.p.due_at", "no date")],
        )

    assert len(refused.value.errors) == 2


def test_a_draft_stays_one_when_a_date_moves() -> None:
    draft = standing(state=State.DRAFT)

    assert lifecycle.reconsider(draft) == draft


class Life(RuleBasedStateMachine):
    """People do whatever they like; nothing that was not read and approved is ever out."""

    def __init__(self) -> None:
        super().__init__()
        self.now = Standing(state=State.DRAFT, writers=frozenset({"a"}))
        self.need = Need(persons=1, legal=False)
        self.out_legally = True

    @rule(by=PEOPLE)
    def save(self, by: str) -> None:
        self._do(
            lambda: lifecycle.save(
                Standing(
                    state=self.now.state,
                    writers=self.now.writers | {by},
                    approvals=self.now.approvals,
                )
            )
        )

    @rule(blocked=st.booleans())
    def submit(self, blocked: bool) -> None:
        self._do(lambda: lifecycle.submit(self.now, [("x", "blocked")] if blocked else ()))

    @rule(by=PEOPLE, capacity=st.sampled_from(Capacity), blocked=st.booleans())
    def approve(self, by: str, capacity: Capacity, blocked: bool) -> None:
        obstacles = [("x", "blocked")] if blocked else []
        approval = Approved(by, capacity)
        self._do(lambda: lifecycle.approve(self.now, approval, need=self.need, obstacles=obstacles))

    @rule()
    def send_back(self) -> None:
        self._do(lambda: lifecycle.send_back(self.now))

    @rule()
    def reconsider(self) -> None:
        self._do(lambda: lifecycle.reconsider(self.now))

    @precondition(lambda self: self.now.state is not State.PUBLISHED)
    @rule(persons=st.integers(1, 2), legal=st.booleans())
    def tier_or_promises_change(self, persons: int, legal: bool) -> None:
        self.need = Need(persons=persons, legal=legal)

    @rule()
    def publish(self) -> None:
        before = self.now
        self._do(lambda: lifecycle.publish(self.now, need=self.need))
        if self.now.state is State.PUBLISHED and before.state is not State.PUBLISHED:
            self.out_legally = before.state is State.APPROVED and not lifecycle.lacking(
                before, self.need
            )

    @rule()
    def withdraw(self) -> None:
        self._do(lambda: lifecycle.withdraw(self.now))

    @invariant()
    def nothing_is_out_that_was_not_approved(self) -> None:
        assert self.out_legally

    @invariant()
    def nobody_approves_twice(self) -> None:
        assert len(self.now.names) == len(self.now.approvals)

    @invariant()
    def a_draft_has_no_approvals(self) -> None:
        assert self.now.state is not State.DRAFT or not self.now.approvals

    def _do(self, deed: Callable[[], Standing]) -> None:
        before = self.now
        try:
            self.now = deed()
        except (Conflict, IllegalTransition):
            assert self.now == before
        else:
            assert before.state is not State.WITHDRAWN or self.now == before


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=20)
