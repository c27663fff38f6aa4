from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Table, select, text, update

from service import audit
from service.audit import Sealer
from service.auth import Role
from service.backup import BackupError, DamagedBackup, OtherKeys, occupied, read_manifest
from service.backup.putting import admit
from service.backup.silence import REASON
from service.db import Database, migrate, tables
from service.delivery import ChannelTarget, Router
from service.errors import SchemaOutdated
from service.incidents.lifecycle import Action
from service.stores import PostQuery
from tests.service.backup.scene import System
from tests.support.incident_scene import IncidentScene, person
from tests.support.stored_posts import stored_post

EVERYTHING = tuple(
    table for table in tables.metadata.sorted_tables if table.name not in {"lease", "login_session"}
)
SAID_ANEW = {"outbox", "delivery"}


async def rows(database: Database, table: Table) -> list[Mapping[str, Any]]:
    async with database.read() as connection:
        found = await connection.execute(select(table).order_by(*table.primary_key.columns))
        return [dict(row) for row in found.mappings()]


async def crisis(system: System) -> IncidentScene:
    """An incident in the middle of its life, sealed, with deadlines ahead."""
    scene = IncidentScene(system.database, system.clock)
    opened = await scene.open()
    await scene.pass_time(minutes=3)
    await scene.act(opened.id, Action.ACKNOWLEDGE)
    system.clock.step(seconds=30)
    await Sealer(system.database, owner="test").run(system.clock.now())
    return scene


async def test_all_of_the_state_comes_back(used: System, vacant: System, tmp_path: Path) -> None:
    scene = await crisis(used)
    await used.back_up(tmp_path / "copy")
    await vacant.restore(tmp_path / "copy")
    assert len(await scene.pending_timers()) > 0
    for table in EVERYTHING:
        if table.name not in SAID_ANEW:
            assert await rows(vacant.database, table) == await rows(used.database, table)


async def test_the_audit_chain_holds_after_it(used: System, vacant: System, tmp_path: Path) -> None:
    await crisis(used)
    before = await audit.verify(used.database)
    await used.back_up(tmp_path / "copy")
    restored = await vacant.restore(tmp_path / "copy")
    assert before.sealed > 0
    assert restored.audit == before


async def test_the_incident_goes_on_after_it(used: System, vacant: System, tmp_path: Path) -> None:
    scene = await crisis(used)
    (incident,) = await scene.rows(tables.incident)
    await used.back_up(tmp_path / "copy")
    await vacant.restore(tmp_path / "copy")
    there = IncidentScene(vacant.database, vacant.clock)
    before = await there.count(tables.incident_event)
    await there.desk.act(person("lin", Role.LEAD), incident["id"], Action.RESPOND, reason="on it")
    assert await there.count(tables.incident_event) > before
    assert (await there.get(incident["id"])).state == "responding"


async def test_a_deadline_that_passed_meanwhile_fires(
    local: System, fresh: System, tmp_path: Path
) -> None:
    scene = await crisis(local)
    waiting = await scene.pending_timers()
    await local.back_up(tmp_path / "copy")
    fresh.clock.step(days=3)
    await fresh.restore(tmp_path / "copy")
    there = IncidentScene(fresh.database, fresh.clock)
    await there.pass_time(seconds=1)
    assert waiting
    assert not await there.pending_timers() & waiting


async def test_nothing_old_is_sent_again(used: System, vacant: System, tmp_path: Path) -> None:
    scene = await crisis(used)
    channel = ChannelTarget(id="chn_1", kind="recording")

    async def channels() -> list[ChannelTarget]:
        return [channel]

    await Router(used.database, clock=used.clock, channels=channels).run(used.clock.now())
    (incident,) = await scene.rows(tables.incident)
    await scene.desk.act(person("lin", Role.LEAD), incident["id"], Action.RESPOND, reason="on it")
    waiting = await scene.count(tables.delivery)
    await used.back_up(tmp_path / "copy")
    restored = await vacant.restore(tmp_path / "copy")
    router = Router(vacant.database, clock=vacant.clock, channels=channels)
    assert await router.run(vacant.clock.now()) == 0
    assert restored.silenced.deliveries == waiting > 0
    assert restored.silenced.events > 0
    for delivery in await rows(vacant.database, tables.delivery):
        assert (delivery["state"], delivery["reason"]) == ("dead", REASON)


async def test_numbers_go_on_where_they_were(used: System, vacant: System, tmp_path: Path) -> None:
    await crisis(used)
    await used.back_up(tmp_path / "copy")
    await vacant.restore(tmp_path / "copy")
    before = {row["id"] for row in await rows(vacant.database, tables.audit_entry)}
    async with vacant.database.write() as connection:
        await audit.record(
            connection,
            at=vacant.clock.now(),
            actor="system",
            action="tried",
            subject_type="test",
            subject_id="1",
        )
    after = {row["id"] for row in await rows(vacant.database, tables.audit_entry)}
    assert len(after) == len(before) + 1


async def test_posts_come_back_with_all_that_they_said(
    local: System, other_engine: System, tmp_path: Path
) -> None:
    first = stored_post(1, text="杯子漏水", monitors=("tea", "cup"), spared=("cup",))
    await local.store.upsert([stored_post(2), stored_post(5)])
    await local.store.upsert([first, stored_post(3, text="杯子漏水了")])
    edited = stored_post(1, text="杯子漏水，已退款", title="新", rating=2.0, likes=9)
    await local.store.upsert([edited])
    await local.store.mark_deleted([first.id], at=edited.fetched_at)
    await local.back_up(tmp_path / "copy")
    restored = await other_engine.restore(tmp_path / "copy")
    ours = await local.store.scan(since=None, after_id=None, limit=10)
    assert restored.posts == len(ours) == 4
    assert await other_engine.store.scan(since=None, after_id=None, limit=10) == ours
    past = await local.store.versions(first.id)
    assert [version.text for version in past] == ["杯子漏水"]
    assert await other_engine.store.versions(first.id) == past


async def test_posts_are_found_as_before(
    local: System, other_engine: System, tmp_path: Path
) -> None:
    words = ("杯子漏水", "青柚茶好喝", "杯子裂了", "封口开胶")
    for number, said in enumerate(words, start=1):
        await local.store.upsert([stored_post(number, text=said)])
    await local.back_up(tmp_path / "copy")
    await other_engine.restore(tmp_path / "copy")
    for query in (PostQuery(text="杯子"), PostQuery(monitors=("tea",)), PostQuery(text="开胶")):
        expected = await local.store.search(query)
        found = await other_engine.store.search(query)
        assert (found.items, found.total) == (expected.items, expected.total)
        assert expected.total > 0


async def test_a_restore_over_another_system_leaves_nothing_of_it(
    local: System, other_engine: System, tmp_path: Path
) -> None:
    await local.store.upsert([stored_post(1)])
    await local.back_up(tmp_path / "copy")
    await migrate.upgrade(other_engine.database)
    await other_engine.store.migrate()
    await IncidentScene(other_engine.database, other_engine.clock).open()
    await other_engine.store.upsert([stored_post(7)])
    await other_engine.restore(tmp_path / "copy")
    assert await rows(other_engine.database, tables.incident) == []
    (left,) = await other_engine.store.scan(since=None, after_id=None, limit=10)
    assert left.id == stored_post(1).id


async def test_what_a_restore_would_overwrite_is_named(local: System) -> None:
    assert await occupied(local.database, local.store) == ()
    await IncidentScene(local.database, local.clock).open()
    await local.store.upsert([stored_post(1)])
    assert await occupied(local.database, local.store) == ("the state database", "the post store")


async def test_people_have_to_sign_in_again(local: System, fresh: System, tmp_path: Path) -> None:
    now = local.clock.now()
    async with local.database.write() as connection:
        await connection.execute(
            tables.user.insert().values(
                id="usr_1", name="lin", password_hash="x", roles=[], created_at=now
            )
        )
        await connection.execute(
            tables.login_session.insert().values(
                token_hash="t", user_id="usr_1", created_at=now, seen_at=now, expires_at=now
            )
        )
    await local.back_up(tmp_path / "copy")
    await fresh.restore(tmp_path / "copy")
    assert len(await rows(fresh.database, tables.user)) == 1
    assert await rows(fresh.database, tables.login_session) == []


async def test_rows_that_are_missing_put_nothing_back(
    local: System, fresh: System, tmp_path: Path
) -> None:
    await crisis(local)
    manifest = await local.back_up(tmp_path / "copy")
    data = orjson.loads((tmp_path / "copy/manifest.json").read_bytes())
    data["tables"]["incident"] = manifest.tables["incident"] + 1
    (tmp_path / "copy/manifest.json").write_bytes(orjson.dumps(data))
    with pytest.raises(DamagedBackup, match="does not hold the rows"):
        await fresh.restore(tmp_path / "copy")
    assert await migrate.current(fresh.database) is None


async def test_other_keys_are_refused(local: System, tmp_path: Path) -> None:
    async with local.database.write() as connection:
        await connection.execute(
            tables.runtime_setting.insert().values(name="keyring.fingerprint", value="abcd")
        )
    await local.back_up(tmp_path / "copy")
    manifest = read_manifest(tmp_path / "copy")
    admit(manifest, fingerprint="abcd")
    with pytest.raises(OtherKeys, match=r"keys abcd, here are 1234"):
        admit(manifest, fingerprint="1234")


async def test_a_later_schema_is_refused(local: System, tmp_path: Path) -> None:
    await local.back_up(tmp_path / "copy")
    data = orjson.loads((tmp_path / "copy/manifest.json").read_bytes())
    (tmp_path / "copy/manifest.json").write_bytes(orjson.dumps(data | {"revision": "9999"}))
    with pytest.raises(BackupError, match="install that one"):
        admit(read_manifest(tmp_path / "copy"), fingerprint=None)


async def test_a_database_of_a_newer_version_is_left_alone(
    local: System, fresh: System, tmp_path: Path
) -> None:
    await local.back_up(tmp_path / "copy")
    await migrate.upgrade(fresh.database)
    async with fresh.database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        await connection.execute(
            tables.runtime_setting.insert().values(name="theirs", value={"kept": True})
        )
    with pytest.raises(SchemaOutdated, match="newer Fengsui"):
        await fresh.restore(tmp_path / "copy")
    assert len(await rows(fresh.database, tables.runtime_setting)) == 1


async def test_null_and_the_json_null_stay_apart(
    used: System, vacant: System, tmp_path: Path
) -> None:
    async with used.database.write() as connection:
        await connection.execute(
            tables.runtime_setting.insert(),
            [{"name": "none", "value": None}, {"name": "some", "value": [1.5, "墨", None]}],
        )
    await used.back_up(tmp_path / "copy")
    await vacant.restore(tmp_path / "copy")
    statement = text("SELECT name FROM runtime_setting WHERE CAST(value AS TEXT) = 'null'")
    async with vacant.database.read() as connection:
        assert (await connection.execute(statement)).scalars().all() == ["none"]
    stored = await rows(vacant.database, tables.runtime_setting)
    assert [row["value"] for row in stored] == [None, [1.5, "墨", None]]


async def test_leases_of_the_old_processes_are_not_waited_for(
    local: System, fresh: System, tmp_path: Path
) -> None:
    await crisis(local)
    async with local.database.write() as connection:
        await connection.execute(
            update(tables.timer).values(lease_owner="gone", lease_until=local.clock.now())
        )
    await local.back_up(tmp_path / "copy")
    await fresh.restore(tmp_path / "copy")
    assert {row["lease_owner"] for row in await rows(fresh.database, tables.timer)} == {None}
