"""The four catalogues on one database."""

from __future__ import annotations

import pytest

from playbooks import load_library
from service.auth import KeyRing, Principal, PrincipalKind, Role
from service.db import Database
from service.monitors import Brands, Channels, Importer, Monitors, Sources
from service.rules import RuleDesk
from tests.support.clock import SteppingClock


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing.from_secret("a secret of at least thirty-two characters")


@pytest.fixture
def brands(database: Database, clock: SteppingClock, ring: KeyRing) -> Brands:
    return Brands(database, clock, ring)


@pytest.fixture
def monitors(database: Database, clock: SteppingClock, ring: KeyRing) -> Monitors:
    return Monitors(database, clock, ring)


@pytest.fixture
def sources(database: Database, clock: SteppingClock, ring: KeyRing) -> Sources:
    return Sources(database, clock, ring)


@pytest.fixture
def channels(database: Database, clock: SteppingClock, ring: KeyRing) -> Channels:
    return Channels(database, clock, ring, ranks={"yellow": 1, "orange": 2, "red": 3})


@pytest.fixture
def importer(
    database: Database,
    clock: SteppingClock,
    brands: Brands,
    monitors: Monitors,
    sources: Sources,
    channels: Channels,
) -> Importer:
    return Importer(
        database,
        brands=brands,
        monitors=monitors,
        sources=sources,
        channels=channels,
        rules=RuleDesk(database, clock, load_library()),
    )


@pytest.fixture
def analyst() -> Principal:
    return Principal(
        id="usr_ana", kind=PrincipalKind.USER, name="Ana", roles=frozenset({Role.ANALYST})
    )
