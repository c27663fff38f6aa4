"""Holds in the state database, as one process and another see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from nlp import copy_key
from service.audit.trail import AuditFilter, entries
from service.db import Database
from service.errors import NotFound
from service.moderation.hold_index import Hold, HoldLabel, HoldState
from service.moderation.holds import COVERS_FOR, POLL_S, Holds, hold_key
from tests.support.clock import START, SteppingClock
from tests.support.judgement_scene import LONG, analysed

KEY = copy_key(LONG)


def a_hold(hold_id: str = "hold_1") -> Hold:
    return Hold(
        id=hold_id,
        kind="post",
        blocking=True,
        state=HoldState.PENDING,
        labels=(
            HoldLabel(label="medical_claim", score=0.8, source="pattern", held=True),
            HoldLabel(label="spam", score=0.2, source="lexicon", held=False),
        ),
        risk_level="high",
        key=KEY,
        policy="default@abc",
        caller="shop",
        created_at=START,
        updated_at=START,
    )


async def place(database: Database, holds: Holds, *given: Hold) -> None:
    async with database.write() as connection:
        await holds.place(connection, given)
    holds.placed(given)


async def test_a_placed_hold_is_met_here_at_once(database: Database, clock: SteppingClock) -> None:
    holds = Holds(database, clock=clock)
    await place(database, holds, a_hold())
    assert [match.hold for match in holds.find(KEY)] == [a_hold()]


async def test_another_process_meets_it_within_a_second(
    database: Database, clock: SteppingClock
) -> None:
    here, there = Holds(database, clock=clock), Holds(database, clock=clock)
    assert await there.refresh()
    await place(database, here, a_hold())
    assert not there.find(KEY)
    clock.step(seconds=POLL_S)
    assert await there.refresh()
    assert [match.hold for match in there.find(KEY)] == [a_hold()]


async def test_between_two_polls_nothing_is_asked(database: Database, clock: SteppingClock) -> None:
    here, there = Holds(database, clock=clock), Holds(database, clock=clock)
    await there.refresh()
    await place(database, here, a_hold())
    clock.step(seconds=POLL_S / 2)
    assert await there.refresh()
    assert not there.find(KEY)


@pytest.mark.parametrize("lift", [True, False])
async def test_a_verdict_is_followed_by_every_process(
    database: Database, clock: SteppingClock, lift: bool
) -> None:
    here, there = Holds(database, clock=clock), Holds(database, clock=clock)
    await place(database, here, a_hold())
    await there.refresh()
    clock.step(minutes=5)
    async with database.write() as connection:
        decide = here.lift if lift else here.confirm
        decided = await decide(connection, "hold_1", by="usr_1", at=clock.now())
    await here.refresh()
    clock.step(seconds=POLL_S)
    await there.refresh()
    state = HoldState.LIFTED if lift else HoldState.CONFIRMED
    assert decided.state is here.get("hold_1").state is there.get("hold_1").state is state
    assert (decided.decided_by, decided.decided_at) == ("usr_1", START + timedelta(minutes=5))


async def test_a_later_line_may_turn_a_verdict_round(
    database: Database, clock: SteppingClock
) -> None:
    holds = Holds(database, clock=clock)
    await place(database, holds, a_hold())
    for decide in (holds.confirm, holds.lift):
        async with database.write() as connection:
            await decide(connection, "hold_1", by="usr_1", at=clock.step(hours=1))
    await holds.refresh()
    assert holds.get("hold_1").state is HoldState.LIFTED


async def test_each_change_leaves_one_row_in_the_trail(
    database: Database, clock: SteppingClock
) -> None:
    holds = Holds(database, clock=clock)
    await place(database, holds, a_hold())
    await place(database, holds, a_hold())
    for _ in range(2):
        async with database.write() as connection:
            await holds.lift(connection, "hold_1", by="usr_1", at=clock.now())
    async with database.read() as connection:
        page = await entries(connection, where=AuditFilter(subject_id="hold_1"))
    assert [(row.action, row.actor) for row in page.items] == [
        ("hold.lifted", "usr_1"),
        ("hold.placed", "shop"),
    ]


async def test_a_transaction_that_fails_places_nothing(
    database: Database, clock: SteppingClock
) -> None:
    holds = Holds(database, clock=clock)

    async def cut_off() -> None:
        async with database.write() as connection:
            await holds.place(connection, [a_hold()])
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        await cut_off()
    await holds.refresh()
    assert not holds.find(KEY)


async def test_placing_again_does_not_undo_a_verdict(
    database: Database, clock: SteppingClock
) -> None:
    holds = Holds(database, clock=clock)
    await place(database, holds, a_hold())
    async with database.write() as connection:
        await holds.lift(connection, "hold_1", by="usr_1", at=clock.now())
    await place(database, Holds(database, clock=clock), a_hold())
    await holds.refresh()
    assert holds.get("hold_1").state is HoldState.LIFTED


async def test_an_unknown_hold_is_not_found(database: Database, clock: SteppingClock) -> None:
    holds = Holds(database, clock=clock)
    with pytest.raises(NotFound):
        holds.get("hold_none")
    async with database.write() as connection:
        with pytest.raises(NotFound):
            await holds.lift(connection, "hold_none", by="usr_1", at=clock.now())


async def test_copies_are_counted_and_filing_is_marked(
    database: Database, clock: SteppingClock
) -> None:
    holds = Holds(database, clock=clock)
    await place(database, holds, a_hold())
    for _ in range(2):
        async with database.write() as connection:
            await holds.count_copies(connection, {"hold_1": 3})
            await holds.filed(connection, ["hold_1"], at=clock.now())
    fresh = Holds(database, clock=clock)
    await fresh.refresh()
    assert fresh.get("hold_1") == replace(a_hold(), copies=6, filed=True)


async def test_a_verdict_does_not_speak_for_ever(database: Database, clock: SteppingClock) -> None:
    holds = Holds(database, clock=clock)
    await place(database, holds, a_hold("hold_1"), a_hold("hold_2"))
    async with database.write() as connection:
        await holds.confirm(connection, "hold_1", by="usr_1", at=clock.now())
    await holds.refresh()
    clock.advance_to(START + COVERS_FOR + timedelta(hours=1))
    await holds.refresh()
    assert [match.hold.id for match in holds.find(KEY)] == ["hold_2"]
    later = Holds(database, clock=clock)
    await later.refresh()
    assert [match.hold.id for match in later.find(KEY)] == ["hold_2"]


async def test_memory_is_not_trusted_while_the_database_is_silent(
    database: Database, clock: SteppingClock
) -> None:
    holds = Holds(database, clock=clock)
    assert await holds.refresh()
    async with database.write() as connection:
        await connection.execute(text("ALTER TABLE hold RENAME TO hidden"))
    clock.step(seconds=POLL_S)
    assert not await holds.refresh()
    clock.step(seconds=POLL_S)
    assert not await holds.refresh()
    async with database.write() as connection:
        await connection.execute(text("ALTER TABLE hidden RENAME TO hold"))
    assert not await holds.refresh()
    clock.step(seconds=POLL_S)
    assert await holds.refresh()


def test_a_text_without_words_of_its_own_is_a_copy_of_its_equal() -> None:
    one, other = hold_key(analysed("😀😀")), hold_key(analysed("😀🎉"))
    assert one.exact == hold_key(analysed("😀😀")).exact != other.exact
    assert one.exact.startswith("=")


def test_a_text_with_words_keeps_its_key() -> None:
    assert hold_key(analysed(LONG)) == KEY
    assert hold_key(analysed("")).exact == ""
