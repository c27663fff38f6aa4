"""Links from either end, and those that cannot be."""

from __future__ import annotations

import pytest

from service.cases.links import INVERSE, SYMMETRIC, Link, LinkKind, check_link, ends
from service.errors import Conflict, InvalidInput
from tests.support.clock import START


def link(kind: LinkKind, *, from_id: str = "inc_a", to_id: str = "inc_b") -> Link:
    return Link(from_id=from_id, to_id=to_id, kind=kind, note=None, by="lin", at=START)


@pytest.mark.parametrize("kind", LinkKind)
def test_each_end_sees_the_other(kind: LinkKind) -> None:
    assert link(kind).seen_from("inc_a") == (kind.value, "inc_b")
    assert link(kind).seen_from("inc_b") == (INVERSE[kind], "inc_a")


@pytest.mark.parametrize("kind", LinkKind)
def test_only_symmetric_kinds_turn_round(kind: LinkKind) -> None:
    turned = ("inc_a", "inc_b") if kind in SYMMETRIC else ("inc_b", "inc_a")
    assert ends("inc_b", "inc_a", kind) == turned
    assert ends("inc_a", "inc_b", kind) == ("inc_a", "inc_b")


def test_two_are_not_the_cause_of_each_other() -> None:
    known = [link(LinkKind.CAUSED_BY)]
    with pytest.raises(Conflict, match="inc_a is caused_by inc_b already"):
        check_link("inc_b", "inc_a", LinkKind.CAUSED_BY, known)
    check_link("inc_b", "inc_a", LinkKind.RELATED, known)
    check_link("inc_a", "inc_b", LinkKind.CAUSED_BY, known)


def test_no_incident_is_linked_to_itself() -> None:
    with pytest.raises(InvalidInput, match="not linked to itself"):
        check_link("inc_a", "inc_a", LinkKind.RELATED, ())


def test_a_split_is_no_opinion() -> None:
    with pytest.raises(InvalidInput, match="set by splitting"):
        check_link("inc_a", "inc_b", LinkKind.SPLIT_FROM, ())
