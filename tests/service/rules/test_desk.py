"""Overlays saved, refused, taken away; every change with its trace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playbooks import document_of
from service.audit import AuditFilter, entries
from service.auth import Principal, Role
from service.db import Database
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.rules import OverlayChange, RuleDesk, RuleDirectory, RuleOrigin, RuleState

MINE: dict[str, Any] = {
    "name": {"zh": "自定", "en": "Mine"},
    "kind": "crisis",
    "scenarios": "any",
    "tier": "orange",
    "when": {"fact": "negative_1h", "at_least": 30},
    "why": {"zh": "测试"},
}


async def test_a_shipped_rule_is_changed_by_the_keys_that_are_given(
    desk: RuleDesk, directory: RuleDirectory, analyst: Principal
) -> None:
    saved = await desk.put(analyst, "slow_burn", {"thresholds": {"negative_24h": 40}})

    assert (saved.change, saved.record.version) == (OverlayChange.CREATED, 1)
    assert await directory.refresh()
    record = directory.get("slow_burn")
    assert (record.origin, record.state) == (RuleOrigin.CHANGED, RuleState.LIVE)
    assert record.rule is not None
    assert record.rule.tier == directory.base.rules["slow_burn"].tier
    assert record.rule.when != directory.base.rules["slow_burn"].when
    assert directory.library.version != directory.base.version


async def test_several_rules_are_laid_together_or_not_at_all(
    desk: RuleDesk, directory: RuleDirectory, analyst: Principal
) -> None:
    both = [{"id": "slow_burn", "mode": "shadow"}, MINE | {"id": "mine"}]
    with pytest.raises(Conflict):
        await desk.put_all(analyst, both, versions={"slow_burn": 0, "mine": 3})
    assert not await directory.refresh()
    saved = await desk.put_all(analyst, both, versions={"slow_burn": 0, "mine": 0})
    assert [item.record.state for item in saved] == [RuleState.SHADOW, RuleState.LIVE]


async def test_the_same_again_changes_nothing(
    desk: RuleDesk, directory: RuleDirectory, analyst: Principal
) -> None:
    for expected in (OverlayChange.CREATED, OverlayChange.UNCHANGED):
        assert (await desk.put(analyst, "mine", MINE)).change is expected
    await directory.refresh()
    assert directory.get("mine").origin is RuleOrigin.ADDED
    assert not await directory.refresh()


async def test_a_rule_is_switched_off_and_tried_out(
    desk: RuleDesk, directory: RuleDirectory, analyst: Principal
) -> None:
    await desk.put(analyst, "slow_burn", {"enabled": False})
    await desk.put(analyst, "mine", MINE | {"mode": "shadow"})
    await directory.refresh()

    states = {item.id: item.state for item in directory.records()}
    assert (states["slow_burn"], states["mine"]) == (RuleState.OFF, RuleState.SHADOW)


async def test_another_version_is_a_conflict(desk: RuleDesk, analyst: Principal) -> None:
    await desk.put(analyst, "slow_burn", {"tier": "orange"}, version=0)
    with pytest.raises(Conflict, match="at version 1, not 0: usr_ana changed it"):
        await desk.put(analyst, "slow_burn", {"tier": "red"}, version=0)
    with pytest.raises(Conflict, match="at version 1, not 2"):
        await desk.remove(analyst, "slow_burn", version=2)
    with pytest.raises(Conflict, match="taken away"):
        await desk.put(analyst, "mine", MINE, version=4)

    saved = await desk.put(analyst, "slow_burn", {"tier": "red"}, version=1)
    assert saved.record.version == 2


async def test_a_rule_taken_away_is_what_ships_again(
    desk: RuleDesk, directory: RuleDirectory, analyst: Principal
) -> None:
    await desk.put(analyst, "slow_burn", {"tier": "red"})
    await desk.put(analyst, "mine", MINE)
    await desk.remove(analyst, "slow_burn", version=1)
    await desk.remove(analyst, "mine")
    await directory.refresh()

    assert directory.library is directory.base
    with pytest.raises(NotFound):
        directory.get("mine")
    with pytest.raises(NotFound, match="nothing was laid over rule mine"):
        await desk.remove(analyst, "mine")


async def test_a_rule_that_another_names_stays(desk: RuleDesk, analyst: Principal) -> None:
    await desk.put(analyst, "mine", MINE)
    await desk.put(analyst, "slow_burn", {"inhibited_by": ["mine"]})

    with pytest.raises(Conflict, match="is named by slow_burn"):
        await desk.remove(analyst, "mine")


async def test_mistakes_are_told_by_the_keys_that_lead_to_them(
    desk: RuleDesk, analyst: Principal
) -> None:
    bad = MINE | {"tier": "purple", "when": {"fact": "negative_1h", "at_least": "x"}}
    with pytest.raises(InvalidInput) as caught:
        await desk.put(analyst, "mine", bad)

    assert [path for path, _ in caught.value.errors] == ["rules/mine.when.at_least"]
    with pytest.raises(InvalidInput, match="purple"):
        await desk.put(analyst, "mine", MINE | {"tier": "purple"})
    with pytest.raises(InvalidInput) as caught:
        await desk.put(analyst, "mine", MINE | {"id": "other"})
    assert [path for path, _ in caught.value.errors] == ["id"]


async def test_only_analysts_and_leads_edit(desk: RuleDesk, analyst: Principal) -> None:
    viewer = replace(analyst, roles=frozenset({Role.VIEWER}))
    with pytest.raises(Forbidden):
        await desk.put(viewer, "slow_burn", {"tier": "red"})
    with pytest.raises(Forbidden):
        await desk.remove(viewer, "slow_burn")


async def test_every_change_is_in_the_trail(
    desk: RuleDesk, database: Database, analyst: Principal
) -> None:
    await desk.put(analyst, "slow_burn", {"tier": "red"})
    await desk.put(analyst, "slow_burn", {"tier": "orange"})
    await desk.remove(analyst, "slow_burn")
    async with database.read() as connection:
        found = await entries(connection, where=AuditFilter(subject_type="rule"), limit=10)

    told = {item.action: item.data for item in found.items}
    assert sorted(told) == ["rule.changed", "rule.created", "rule.deleted"]
    assert told["rule.changed"] == {
        "before": {"id": "slow_burn", "tier": "red"},
        "after": {"id": "slow_burn", "tier": "orange"},
        "version": 2,
    }


async def test_what_has_no_id_is_refused_by_its_place(
    desk: RuleDesk, database: Database, analyst: Principal
) -> None:
    async with database.write() as connection:
        with pytest.raises(InvalidInput) as caught:
            await desk.apply(connection, analyst, [document_of({"tier": "red"}, place="file")])

    assert ("file:1:1", "`id` is missing") in caught.value.errors


async def test_overlays_are_made_what_they_were(
    desk: RuleDesk, directory: RuleDirectory, analyst: Principal, database: Database
) -> None:
    await desk.put(analyst, "slow_burn", {"tier": "red"})
    await desk.put(analyst, "mine", MINE)
    async with database.write() as connection:
        await desk.restore(
            connection, analyst, {"slow_burn": {"id": "slow_burn", "tier": "orange"}, "mine": None}
        )
    await directory.refresh()
    overlay = directory.get("slow_burn").overlay
    assert overlay is not None
    assert overlay.data["tier"] == "orange"
    assert "mine" not in directory.library.rules
    async with database.read() as connection:
        rows = (await entries(connection, where=AuditFilter(subject_type="rule"))).items
    assert sorted(row.action for row in rows) == [
        "rule.changed",
        "rule.created",
        "rule.created",
        "rule.deleted",
    ]


async def test_what_others_name_is_not_taken_away_with_a_restore(
    desk: RuleDesk, analyst: Principal, database: Database
) -> None:
    await desk.put(analyst, "mine", MINE)
    await desk.put(analyst, "slow_burn", {"inhibited_by": ["mine"]})
    with pytest.raises(Conflict, match="slow_burn name rules that would be gone"):
        async with database.write() as connection:
            await desk.restore(connection, analyst, {"mine": None})
