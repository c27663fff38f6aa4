"""The desk of rules over the shipped content, and the directory that follows it."""

from __future__ import annotations

import pytest

from playbooks import Library, load_library
from service.auth import Principal, PrincipalKind, Role
from service.db import Database
from service.rules import RuleDesk, RuleDirectory
from tests.support.clock import SteppingClock


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture
def desk(database: Database, clock: SteppingClock, library: Library) -> RuleDesk:
    return RuleDesk(database, clock, library)


@pytest.fixture
def directory(database: Database, library: Library) -> RuleDirectory:
    return RuleDirectory(database, library)


@pytest.fixture
def analyst() -> Principal:
    return Principal(
        id="usr_ana", kind=PrincipalKind.USER, name="Ana", roles=frozenset({Role.ANALYST})
    )
