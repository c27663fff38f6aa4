from __future__ import annotations

from dataclasses import replace

import pytest

from service.auth import SYSTEM, Action, Principal, PrincipalKind, Resource, Role
from service.errors import Forbidden


def lin(monitors: frozenset[str] | None = None) -> Principal:
    return Principal(
        id="usr_1",
        kind=PrincipalKind.USER,
        name="Lin",
        roles=frozenset({Role.RESPONDER}),
        monitors=monitors,
    )


def test_the_system_may_everything() -> None:
    SYSTEM.require(Action.EDIT, Resource.USER)


def test_a_refusal_names_the_roles_that_may() -> None:
    with pytest.raises(Forbidden, match="Lin may not close incident; roles that may: lead"):
        lin().require(Action.CLOSE, Resource.INCIDENT)


def test_a_refusal_of_what_nobody_may_says_so() -> None:
    with pytest.raises(Forbidden, match="none has it"):
        lin().require(Action.REVEAL, Resource.BRAND)


def test_a_person_of_no_monitor_in_particular_works_on_all() -> None:
    lin().require(Action.WORK, Resource.INCIDENT, monitor="m1")


def test_a_person_of_some_monitors_works_on_those() -> None:
    scoped = lin(frozenset({"m1"}))
    scoped.require(Action.WORK, Resource.INCIDENT, monitor="m1")
    with pytest.raises(Forbidden, match="does not work on monitor m2"):
        scoped.require(Action.WORK, Resource.INCIDENT, monitor="m2")


@pytest.mark.parametrize("kind", sorted(set(PrincipalKind) - {PrincipalKind.USER}))
def test_only_an_account_is_a_person(kind: PrincipalKind) -> None:
    lin().require_person("people decide")
    with pytest.raises(Forbidden, match="Lin is no account: people decide"):
        replace(lin(), kind=kind).require_person("people decide")
