"""Following what is saved: by another process, and by a release that cannot read it any more."""

from __future__ import annotations

from dataclasses import replace

from playbooks import Library
from service.auth import Principal
from service.db import Database
from service.db.follower import Follower
from service.rules import RuleDesk, RuleDirectory
from tests.support.clock import SteppingClock


async def test_an_overlay_that_cannot_be_read_any_more_is_left_out(
    desk: RuleDesk, database: Database, library: Library, analyst: Principal
) -> None:
    await desk.put(analyst, "slow_burn", {"tier": "red"})
    await desk.put(analyst, "boycott_call", {"tier": "yellow"})
    rules = {name: rule for name, rule in library.rules.items() if name != "slow_burn"}
    older = RuleDirectory(database, replace(library, rules=rules))

    assert await older.refresh()
    assert older.library.rules["boycott_call"].tier == "yellow"
    assert "slow_burn" not in older.library.rules
    assert [item.rule.id for item in older.records() if item.overlay] == ["boycott_call"]


async def test_what_others_left_unreadable_does_not_stop_an_edit(
    desk: RuleDesk, database: Database, clock: SteppingClock, library: Library, analyst: Principal
) -> None:
    await desk.put(analyst, "slow_burn", {"tier": "red"})
    rules = {name: rule for name, rule in library.rules.items() if name != "slow_burn"}
    later = RuleDesk(database, clock, replace(library, rules=rules))

    assert (await later.put(analyst, "boycott_call", {"tier": "red"})).record.rule.tier == "red"


async def test_the_follower_swaps_within_a_second(
    desk: RuleDesk,
    directory: RuleDirectory,
    database: Database,
    clock: SteppingClock,
    analyst: Principal,
) -> None:
    follower = Follower(directory, name="rules", database=database, clock=clock)
    await directory.refresh()
    await desk.put(analyst, "slow_burn", {"tier": "red"})

    assert await follower.run(clock.now()) == 1
    assert directory.library.rules["slow_burn"].tier == "red"
