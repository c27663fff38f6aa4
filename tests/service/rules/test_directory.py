"""Following what is saved: by another process, and by a release that cannot read it any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from playbooks import Library, document_of
from service.auth import Principal
from service.db import Database
from service.db.changes import announce
from service.db.follower import Follower
from service.db.tables import rule_overlay
from service.rules import RuleDesk, RuleDirectory, RuleOrigin, RuleState
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
    lost = older.get("slow_burn")
    assert (lost.rule, lost.shipped, lost.state, lost.version) == (None, None, RuleState.OFF, 1)
    assert "`kind` is missing" in lost.problems
    assert [item.id for item in older.records() if item.problems] == ["slow_burn"]


async def test_what_others_left_unreadable_does_not_stop_an_edit(
    desk: RuleDesk, database: Database, clock: SteppingClock, library: Library, analyst: Principal
) -> None:
    await desk.put(analyst, "slow_burn", {"tier": "red"})
    rules = {name: rule for name, rule in library.rules.items() if name != "slow_burn"}
    later = RuleDesk(database, clock, replace(library, rules=rules))

    saved = (await later.put(analyst, "boycott_call", {"tier": "red"})).record
    assert saved.rule is not None
    assert saved.rule.tier == "red"


async def written_by_another_release(
    database: Database, clock: SteppingClock, data: Mapping[str, Any]
) -> None:
    """An overlay over `slow_burn`, with a bound of a clause that this release does not have."""
    lost = {"id": "slow_burn", "thresholds": {"negative_24h ≥ 71": 90}, **data}
    now = clock.now()
    async with database.write() as connection:
        await connection.execute(
            rule_overlay.insert().values(
                id="slow_burn", data=lost, author="usr_1", created_at=now, updated_at=now, version=3
            )
        )
        await announce(connection, at=now, kind="rule", subject_id="slow_burn", data={})


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"enabled": False}, RuleState.OFF),
        ({"mode": "shadow"}, RuleState.SHADOW),
        ({"enabled": False, "mode": "shadow", "tier": "gone"}, RuleState.OFF),
        ({"enabled": True}, RuleState.LIVE),
        ({"tier": "red"}, RuleState.LIVE),
        ({"enabled": "no"}, RuleState.LIVE),
    ],
)
async def test_what_was_silenced_stays_silent_though_the_rest_cannot_be_read(
    directory: RuleDirectory,
    database: Database,
    clock: SteppingClock,
    data: Mapping[str, Any],
    state: RuleState,
) -> None:
    await written_by_another_release(database, clock, data)
    await directory.refresh()

    record = directory.get("slow_burn")
    assert (record.state, record.origin, record.version) == (state, RuleOrigin.CHANGED, 3)
    assert record.rule is not None
    assert record.rule.when == directory.base.rules["slow_burn"].when
    assert record.problems


async def test_an_unreadable_overlay_is_mended_at_its_version(
    desk: RuleDesk,
    directory: RuleDirectory,
    database: Database,
    clock: SteppingClock,
    analyst: Principal,
) -> None:
    await written_by_another_release(database, clock, {"enabled": False})
    saved = await desk.put(analyst, "slow_burn", {"tier": "red"}, version=3)
    await directory.refresh()

    assert saved.record.version == 4
    assert directory.get("slow_burn").problems == ()
    assert directory.get("slow_burn").state is RuleState.LIVE


async def test_what_a_change_would_lead_to_is_what_it_leads_to(
    desk: RuleDesk, directory: RuleDirectory, analyst: Principal
) -> None:
    await desk.put(analyst, "slow_burn", {"thresholds": {"negative_24h": 40}})
    await desk.put(analyst, "boycott_call", {"tier": "yellow"})
    await directory.refresh()
    written = {"id": "slow_burn", "tier": "red"}
    expected = directory.in_force.replacing([document_of(written, place="candidate")])
    await desk.put(analyst, "slow_burn", {"tier": "red"})
    await directory.refresh()

    assert directory.library.version == expected.version
    assert expected.rules["slow_burn"].when == directory.base.rules["slow_burn"].when
    assert expected.rules["boycott_call"].tier == "yellow"


async def test_what_names_a_lost_rule_is_lost_as_well(
    desk: RuleDesk, database: Database, library: Library, analyst: Principal
) -> None:
    await desk.put(analyst, "slow_burn", {"tier": "red"})
    await desk.put(analyst, "boycott_call", {"inhibited_by": ["slow_burn"]})
    rules = {name: rule for name, rule in library.rules.items() if name != "slow_burn"}
    older = RuleDirectory(database, replace(library, rules=rules))
    await older.refresh()

    assert older.in_force.unreadable.keys() == {"slow_burn", "boycott_call"}
    assert older.library.rules["boycott_call"] == library.rules["boycott_call"]


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
