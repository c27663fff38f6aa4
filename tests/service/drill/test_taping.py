"""A tape keeps what rules do, in order, and only of what opened in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from service.bootstrap.rehearsing import Nothing
from service.db import Database
from service.drill import Tape, Taping
from service.drill.model import DEED, Move
from service.errors import InvalidInput
from service.incidents.model import SYSTEM_ACTOR
from tests.support.database import sqlite_database
from tests.support.drill_scene import RECORDED, opening
from tests.support.incident_scene import evidence

SOON = RECORDED + timedelta(minutes=5)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with sqlite_database(tmp_path) as opened:
        yield opened


async def taped(database: Database) -> Taping:
    """One that opens, is joined, rises and ends, five minutes apart."""
    incidents = Taping(reactions=Nothing(), public_url="https://fengsui.example")
    async with database.write() as connection:
        incident = await incidents.open(connection, opening(), now=RECORDED)
        incident = await incidents.take(
            connection,
            incident,
            posts=8,
            evidence=(evidence(2, at=SOON),),
            last_post_at=SOON,
            first_post=None,
            now=SOON,
        )
        incident = await incidents.set_tier(
            connection,
            incident,
            tier="red",
            rank=3,
            reasons=({"clause": "x"},),
            actor=SYSTEM_ACTOR,
            now=SOON,
            explanation={"next": None},
        )
        await incidents.end_taking(connection, incident, reason="calm", contained=True, now=SOON)
    return incidents


def kinds(tape: Tape) -> list[str]:
    return [move.deed.what for move in tape.moves]


async def test_every_move_is_kept_in_order(database: Database) -> None:
    tape = (await taped(database)).tape(posts=8, since=RECORDED)
    assert kinds(tape) == ["opens", "joins", "rises", "ends"]
    assert tape.begins == RECORDED


async def test_what_opened_earlier_is_left_out_with_all_that_follows(database: Database) -> None:
    with pytest.raises(InvalidInput, match="open no incident"):
        (await taped(database)).tape(posts=8, since=SOON)


async def test_a_deed_is_the_same_after_it_was_stored(database: Database) -> None:
    tape = (await taped(database)).tape(posts=8, since=RECORDED)
    for move in tape.moves:
        stored = DEED.dump_json(move.deed)
        assert Move(at=move.at, deed=DEED.validate_json(stored)) == move
