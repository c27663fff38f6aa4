"""Accounts for tests: hashing that costs nothing, and principals of every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from service.auth import Passwords, Principal, PrincipalKind, Role, SignIn, Users
from service.db import Database
from tests.support.clock import SteppingClock


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def users(database: Database, clock: SteppingClock, passwords: Passwords) -> Users:
    return Users(database, clock, passwords)


@pytest.fixture
def sign_in(database: Database, clock: SteppingClock, passwords: Passwords) -> SignIn:
    return SignIn(database, clock, passwords)


@pytest.fixture
def person() -> Callable[..., Principal]:
    def make(*roles: Role) -> Principal:
        return Principal(id="usr_test", kind=PrincipalKind.USER, name="Lin", roles=frozenset(roles))

    return make
