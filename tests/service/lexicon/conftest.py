"""A small lexicon that ships, and the life of it on a state database."""

from __future__ import annotations

import pytest

from nlp.lexicon import Lexicon, LiveLexicon
from service.auth import Principal, PrincipalKind, Role
from service.db import Database
from service.lexicon import LexiconDesk, LexiconDirectory, Shelves
from tests.service.lexicon.rows import SHIPPED
from tests.support.clock import SteppingClock


@pytest.fixture
def shelves(database: Database) -> Shelves:
    return Shelves(database, SHIPPED)


@pytest.fixture
def desk(database: Database, clock: SteppingClock, shelves: Shelves) -> LexiconDesk:
    return LexiconDesk(database=database, clock=clock, shelves=shelves)


@pytest.fixture
def directory(database: Database) -> LexiconDirectory:
    """Of another replica: it shares nothing with the desk but the database."""
    return LexiconDirectory(
        database=database,
        shelves=Shelves(database, SHIPPED),
        live=LiveLexicon(Lexicon(SHIPPED)),
    )


@pytest.fixture
def analyst() -> Principal:
    return Principal(
        id="usr_ana", kind=PrincipalKind.USER, name="Ana", roles=frozenset({Role.ANALYST})
    )


@pytest.fixture
def viewer() -> Principal:
    return Principal(
        id="usr_vi", kind=PrincipalKind.USER, name="Vi", roles=frozenset({Role.VIEWER})
    )
