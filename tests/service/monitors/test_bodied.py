"""Drafts of a catalogue that keeps them as id, name and body."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

import pytest
from pydantic import ConfigDict, ValidationError
from sqlalchemy import select

from service.db import Database, tables
from service.monitors.bodied import Bodied
from tests.support.clock import START


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftDraft:
    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    name: str
    opens: time = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(ShiftDraft):
    version: int


DRAFTS = Bodied(ShiftDraft)
EARLY = ShiftDraft(id="early", name="早班", opens=time(6))


def test_an_entry_of_a_file_needs_no_name() -> None:
    assert DRAFTS.read({"id": "early", "name": "早班", "opens": "06:00"}) == EARLY
    assert DRAFTS.read({"id": "early", "opens": "06:00"}) == replace(EARLY, name="early")


@pytest.mark.parametrize("entry", [{"id": "early", "open": "06:00"}, {"name": "早班"}, [], None])
def test_an_entry_that_is_none_is_refused(entry: object) -> None:
    with pytest.raises(ValidationError):
        DRAFTS.read(entry)


def test_the_body_is_all_but_id_and_name() -> None:
    assert DRAFTS.body(EARLY) == {"opens": "06:00:00"}
    assert DRAFTS.body(Shift(id="early", name="早班", opens=time(6), version=3)) == {
        "opens": "06:00:00"
    }


async def test_a_row_gives_the_draft_back(sqlite_database: Database) -> None:
    table = tables.contact
    stamps = {"created_at": START, "updated_at": START, "version": 1}
    async with sqlite_database.write() as connection:
        kept = {"id": EARLY.id, "name": EARLY.name, "body": DRAFTS.body(EARLY), **stamps}
        await connection.execute(table.insert().values(**kept))
        row = (await connection.execute(select(table))).one()
    assert DRAFTS.of(row) == EARLY
