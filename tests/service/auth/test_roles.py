from __future__ import annotations

import pytest

from service.auth import PERMISSIONS, Action, Resource, Role, allows


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLASSIFIER])
def test_every_person_reads_incidents(role: Role) -> None:
    assert allows([role], Action.READ, Resource.INCIDENT)


@pytest.mark.parametrize(
    ("action", "resource"),
    sorted(PERMISSIONS, key=str),
)
def test_the_classifier_may_classify_push_and_appeal_and_nothing_else(
    action: Action, resource: Resource
) -> None:
    expected = (action, resource) in {
        (Action.RUN, Resource.CLASSIFICATION),
        (Action.EDIT, Resource.POST),
        (Action.EDIT, Resource.SERIES),
        (Action.APPEAL, Resource.REVIEW),
    }
    assert allows([Role.CLASSIFIER], action, resource) is expected


@pytest.mark.parametrize(("action", "resource"), sorted(PERMISSIONS, key=str))
def test_a_viewer_changes_nothing(action: Action, resource: Resource) -> None:
    if allows([Role.VIEWER], action, resource):
        assert action is Action.READ or resource is Resource.CLASSIFICATION


@pytest.mark.parametrize(
    ("role", "action", "resource"),
    [
        (Role.RESPONDER, Action.WORK, Resource.INCIDENT),
        (Role.LEAD, Action.CLOSE, Resource.INCIDENT),
        (Role.LEAD, Action.LOWER_TIER, Resource.INCIDENT),
        (Role.LEGAL, Action.DECIDE, Resource.LEGAL_REVIEW),
        (Role.ANALYST, Action.EDIT, Resource.MONITOR),
        (Role.ADMIN, Action.EDIT, Resource.CHANNEL),
        (Role.LEGAL, Action.REVEAL, Resource.HANDLE),
    ],
)
def test_what_each_role_is_for(role: Role, action: Action, resource: Resource) -> None:
    assert allows([role], action, resource)


@pytest.mark.parametrize(
    ("role", "action", "resource"),
    [
        (Role.RESPONDER, Action.CLOSE, Resource.INCIDENT),
        (Role.RESPONDER, Action.REVEAL, Resource.HANDLE),
        (Role.ADMIN, Action.REVEAL, Resource.HANDLE),
        (Role.ANALYST, Action.EDIT, Resource.USER),
        (Role.VIEWER, Action.READ, Resource.PERSON_AT_RISK),
        (Role.ANALYST, Action.READ, Resource.AUDIT),
    ],
)
def test_what_a_role_is_not_for(role: Role, action: Action, resource: Resource) -> None:
    assert not allows([role], action, resource)


def test_roles_add_up() -> None:
    assert allows([Role.VIEWER, Role.ADMIN], Action.EDIT, Resource.USER)


def test_a_pair_outside_the_table_is_allowed_to_nobody() -> None:
    assert not allows(list(Role), Action.REVEAL, Resource.BRAND)
