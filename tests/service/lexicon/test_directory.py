"""The lexicon that serves follows what is saved."""

from __future__ import annotations

from typing import cast

import structlog.testing

from nlp.lexicon import Entry, Lexicon, LiveLexicon
from service.auth import Principal
from service.db import Database
from service.lexicon import LexiconDesk, LexiconDirectory, Record, Shelf, Shelves
from tests.service.lexicon.rows import SHIPPED, cells


def hits(directory: LexiconDirectory, text: str) -> list[str]:
    return [hit.entry_id for hit in directory.live.current.match(text)]


async def test_nothing_saved_is_nothing_new(directory: LexiconDirectory) -> None:
    assert not await directory.refresh()
    assert directory.shelf.number == 0


async def test_another_replica_follows(
    directory: LexiconDirectory, desk: LexiconDesk, analyst: Principal
) -> None:
    before = directory.live.current
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    assert await directory.is_behind()
    assert await directory.refresh()
    assert not await directory.refresh()
    assert hits(directory, "黑店宰客") == ["lex_test_one"]
    assert before.match("黑店宰客") == ()
    assert directory.live.version != before.version


async def test_a_rollback_has_the_fingerprint_of_old(
    directory: LexiconDirectory, desk: LexiconDesk, analyst: Principal
) -> None:
    shipped = directory.live.version
    await desk.retire(analyst, "lex_base_a", reason="noise")
    await directory.refresh()
    assert hits(directory, "偷工减料") == []
    await desk.roll_back(analyst, 0, reason="needed")
    await directory.refresh()
    assert directory.live.version == shipped


async def test_a_new_process_starts_with_what_was_saved(
    database: Database, desk: LexiconDesk, analyst: Principal
) -> None:
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    await desk.change(analyst, "lex_test_one", {"severity": "5"}, reason="worse")
    started = LexiconDirectory(
        database=database,
        shelves=Shelves(database, SHIPPED),
        live=LiveLexicon(Lexicon(SHIPPED)),
        threads=False,
    )
    assert await started.refresh()
    (hit,) = started.live.current.match("黑店宰客")
    assert hit.severity == 5


class BrokenShelves(Shelves):
    """Hands out a shelf that no lexicon can be built of."""

    async def current(self) -> Shelf:
        broken = Record(entry=cast(Entry, "no entry"))
        number = (await super().current()).number
        return Shelf(number=number, base={}, records={"x": broken})


async def test_what_cannot_be_built_is_told_once_and_the_old_one_serves(
    database: Database, desk: LexiconDesk, analyst: Principal
) -> None:
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    live = LiveLexicon(Lexicon(SHIPPED))
    directory = LexiconDirectory(
        database=database, shelves=BrokenShelves(database, SHIPPED), live=live
    )
    with structlog.testing.capture_logs() as told:
        assert not await directory.refresh()
        assert not await directory.refresh()
    assert [item["event"] for item in told] == ["lexicon.build_failed"]
    assert hits(directory, "偷工减料") == ["lex_base_a"]
