"""Edits of the lexicon: permission, checks, versions, audit, rollback."""

from __future__ import annotations

import asyncio

import pytest

from service.audit import AuditFilter, entries
from service.auth import Principal
from service.db import Database
from service.db.changes import changes_after
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.lexicon import EntryState, LexiconDesk, Shelves, cells_of, read_import, table_of
from service.lexicon.model import Origin, SaveKind
from tests.service.lexicon.rows import SHIPPED, cells, entry
from tests.support.clock import START, SteppingClock


async def active(shelves: Shelves) -> list[str]:
    return [item.term for item in (await shelves.current()).active()]


async def test_an_entry_is_added(desk: LexiconDesk, shelves: Shelves, analyst: Principal) -> None:
    record = await desk.add(analyst, cells("黑店宰客"), reason="seen twice")
    assert (record.version, record.origin, record.state) == (1, Origin.ADDED, EntryState.ACTIVE)
    assert "黑店宰客" in await active(shelves)
    (save,) = (await desk.versions()).items
    assert (save.number, save.kind, save.author, save.reason, save.at) == (
        1,
        SaveKind.ADDED,
        "usr_ana",
        "seen twice",
        START,
    )


async def test_audit_and_word_to_the_replicas(
    desk: LexiconDesk, database: Database, analyst: Principal
) -> None:
    await desk.change(analyst, "lex_base_a", {"severity": "5"}, reason="a recall")
    async with database.read() as connection:
        trail = await entries(connection, where=AuditFilter(subject_type="lexicon"))
        (told,) = await changes_after(connection, 0)
    (row,) = trail.items
    assert (row.action, row.subject_id, row.actor) == ("lexicon.changed", "lex_base_a", "usr_ana")
    assert row.data["changed"] == {"severity": {"before": "3", "after": "5"}}
    assert row.data["reason"] == "a recall"
    assert (told.kind, told.subject_id, told.data["version"]) == ("lexicon", "lex_base_a", 1)


async def test_an_entry_that_ships_is_changed(
    desk: LexiconDesk, shelves: Shelves, analyst: Principal
) -> None:
    record = await desk.change(analyst, "lex_base_b", {"severity": "4"}, reason="worse", version=1)
    assert (record.version, record.origin, record.entry.severity) == (2, Origin.CHANGED, 4)
    assert (await shelves.current()).number == 1


async def test_nothing_changed_is_no_version(desk: LexiconDesk, analyst: Principal) -> None:
    record = await desk.change(analyst, "lex_base_b", {"severity": "2"}, reason="none")
    assert record.version == 1
    assert not (await desk.versions()).items


async def test_an_edit_of_what_somebody_else_changed(desk: LexiconDesk, analyst: Principal) -> None:
    await desk.change(analyst, "lex_base_b", {"severity": "4"}, reason="worse")
    with pytest.raises(Conflict, match=r"version 2, not 1: changed by usr_ana \(worse\)"):
        await desk.change(analyst, "lex_base_b", {"severity": "5"}, reason="bad", version=1)
    with pytest.raises(Conflict, match="exists already"):
        await desk.retire(analyst, "lex_base_b", reason="bad", version=0)
    with pytest.raises(Conflict, match="version 1, not 7: shipped"):
        await desk.retire(analyst, "lex_base_a", reason="bad", version=7)


async def test_a_retired_entry_and_its_return(
    desk: LexiconDesk, shelves: Shelves, analyst: Principal
) -> None:
    record = await desk.retire(analyst, "lex_base_a", reason="too common")
    assert record.state is EntryState.RETIRED
    assert "偷工减料" not in await active(shelves)
    with pytest.raises(Conflict, match="retired already"):
        await desk.retire(analyst, "lex_base_a", reason="again")
    with pytest.raises(Conflict, match="restore it"):
        await desk.change(analyst, "lex_base_a", {"severity": "5"}, reason="worse")
    with pytest.raises(Conflict, match="retired; restore it"):
        await desk.add(analyst, cells("别的词语", id="lex_base_a"), reason="new")
    await desk.change(analyst, "lex_base_a", {}, reason="needed", restore=True)
    assert await active(shelves) == [item.term for item in SHIPPED]
    kinds = [save.kind for save in (await desk.versions()).items]
    assert kinds == [SaveKind.RESTORED, SaveKind.RETIRED]
    history = await desk.history("lex_base_a")
    assert [item.entry_version for item in history] == [3, 2]


async def test_a_taken_id(desk: LexiconDesk, analyst: Principal) -> None:
    with pytest.raises(Conflict, match="there already"):
        await desk.add(analyst, cells("别的词语", id="lex_base_a"), reason="new")


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"severity": "6"}, "severity"),
        ({"hits": "没有那个词"}, "hits"),
        ({"misses": "黑店宰客"}, "misses"),
        ({"term": "霸王条款", "hits": "霸王条款"}, "term"),
    ],
)
async def test_a_broken_entry_never_gets_in(
    desk: LexiconDesk, shelves: Shelves, analyst: Principal, given: dict[str, str], column: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await desk.add(analyst, cells("黑店宰客", **given), reason="new")
    assert [path for path, _ in refused.value.errors] == [column]
    assert (await shelves.current()).number == 0


async def test_a_change_that_breaks_an_entry(desk: LexiconDesk, analyst: Principal) -> None:
    with pytest.raises(InvalidInput) as refused:
        await desk.change(analyst, "lex_base_a", {"term": "别的词语"}, reason="typo")
    assert [path for path, _ in refused.value.errors] == ["hits"]


@pytest.mark.parametrize("reason", [None, " ", "长" * 1001])
async def test_every_change_has_a_reason(
    desk: LexiconDesk, analyst: Principal, reason: str | None
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await desk.retire(analyst, "lex_base_a", reason=reason)
    assert [path for path, _ in refused.value.errors] == ["reason"]


async def test_who_may_not(desk: LexiconDesk, viewer: Principal) -> None:
    with pytest.raises(Forbidden):
        await desk.add(viewer, cells("黑店宰客"), reason="r")
    with pytest.raises(Forbidden):
        await desk.retire(viewer, "lex_base_a", reason="r")
    with pytest.raises(Forbidden):
        await desk.roll_back(viewer, 0, reason="r")


async def test_an_unknown_entry(desk: LexiconDesk, analyst: Principal) -> None:
    with pytest.raises(NotFound):
        await desk.change(analyst, "lex_none", {}, reason="r")


async def test_a_rollback_is_a_new_version_equal_to_the_old_one(
    desk: LexiconDesk, shelves: Shelves, analyst: Principal
) -> None:
    await desk.change(analyst, "lex_base_b", {"severity": "4"}, reason="worse")
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    then = (await shelves.current()).active()
    await desk.retire(analyst, "lex_test_one", reason="noise")
    await desk.change(analyst, "lex_base_b", {"severity": "5"}, reason="worst")
    await desk.retire(analyst, "lex_base_a", reason="noise")
    save = await desk.roll_back(analyst, 2, reason="too eager")
    assert (save.number, save.kind, save.restored, save.changes) == (6, SaveKind.ROLLED_BACK, 2, 3)
    assert (await shelves.current()).active() == then


async def test_what_a_rollback_would_change_is_told_before_and_nothing_is_saved(
    desk: LexiconDesk, shelves: Shelves, analyst: Principal, viewer: Principal
) -> None:
    await desk.change(analyst, "lex_base_b", {"severity": "4"}, reason="worse")
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    await desk.retire(analyst, "lex_base_a", reason="noise")
    steps = await desk.would_roll_back(viewer, 1)
    told = [(item.entry_id, item.before, item.after) for item in steps]
    assert [name for name, _, _ in told] == ["lex_base_a", "lex_test_one"]
    retired, gone = told
    assert retired[1] is not None
    assert retired[2] is not None
    assert (retired[1].is_active, retired[2].is_active) == (False, True)
    assert gone[1] is not None
    assert gone[2] is None
    assert (await shelves.current()).number == 3
    assert await desk.would_roll_back(viewer, 3) == ()
    with pytest.raises(NotFound):
        await desk.would_roll_back(viewer, 9)


async def test_a_rollback_to_what_ships_and_forth_again(
    desk: LexiconDesk, shelves: Shelves, analyst: Principal
) -> None:
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    await desk.roll_back(analyst, 0, reason="all wrong")
    assert (await shelves.current()).active() == SHIPPED
    with pytest.raises(NotFound):
        await desk.change(analyst, "lex_test_one", {}, reason="r")
    await desk.roll_back(analyst, 1, reason="right after all")
    assert "黑店宰客" in await active(shelves)
    assert (await shelves.current()).version_of("lex_test_one") == 3


async def test_a_rollback_to_the_present_changes_nothing(
    desk: LexiconDesk, analyst: Principal
) -> None:
    await desk.add(analyst, cells("黑店宰客"), reason="new")
    assert (await desk.roll_back(analyst, 1, reason="sure")).changes == 0


async def test_a_rollback_to_nowhere(desk: LexiconDesk, analyst: Principal) -> None:
    with pytest.raises(NotFound, match="no version 3"):
        await desk.roll_back(analyst, 3, reason="r")


async def test_an_import_is_tried_then_saved(
    desk: LexiconDesk, shelves: Shelves, analyst: Principal
) -> None:
    fresh = entry("黑店宰客"), entry("偷工减料", id="lex_base_a", severity="1")
    imported = read_import(table_of((*fresh, SHIPPED[1])).encode(), file="x.tsv")
    tried = await desk.import_rows(analyst, imported, reason=None, confirm=False)
    assert (tried.added, tried.changed, tried.unchanged) == (
        ("lex_test_one",),
        ("lex_base_a",),
        ("lex_base_b",),
    )
    assert tried.saved is None
    assert (await shelves.current()).number == 0
    done = await desk.import_rows(analyst, imported, reason="the yearly list", confirm=True)
    assert done.saved is not None
    assert (done.saved.number, done.saved.changes) == (1, 2)
    again = await desk.import_rows(analyst, imported, reason="the yearly list", confirm=True)
    assert (again.saved, len(again.unchanged)) == (None, 3)


async def test_one_bad_line_keeps_an_import_out(
    desk: LexiconDesk, shelves: Shelves, analyst: Principal
) -> None:
    table = table_of((entry("黑店宰客"), entry("霸王条款", id="lex_test_two")))
    imported = read_import(table.encode(), file="x.tsv")
    with pytest.raises(InvalidInput) as refused:
        await desk.import_rows(analyst, imported, reason="r", confirm=True)
    assert [path for path, _ in refused.value.errors] == ["x.tsv:3"]
    assert (await shelves.current()).number == 0


async def test_an_examination(desk: LexiconDesk) -> None:
    found = await desk.examine(entry("霸王条款"))
    assert [column for column, _ in found.mistakes] == ["term"]


async def test_versions_in_pages(desk: LexiconDesk, analyst: Principal) -> None:
    for severity in "345":
        await desk.change(analyst, "lex_base_b", {"severity": severity}, reason="r")
    first = await desk.versions(limit=2)
    assert ([item.number for item in first.items], first.next) == ([3, 2], "2")
    rest = await desk.versions(before=2, limit=2)
    assert ([item.number for item in rest.items], rest.next) == ([1], None)


async def test_two_replicas_save_one_after_the_other(
    database: Database, clock: SteppingClock, desk: LexiconDesk, analyst: Principal
) -> None:
    other = LexiconDesk(database=database, clock=clock, shelves=Shelves(database, SHIPPED))
    await desk.change(analyst, "lex_base_b", cells_of(SHIPPED[1]) | {"severity": "4"}, reason="r")
    await other.add(analyst, cells("黑店宰客"), reason="r")
    record = await desk.change(analyst, "lex_test_one", {"severity": "1"}, reason="r")
    assert record.save is not None
    assert (record.version, record.save.number) == (2, 3)


async def test_saves_at_the_same_time_wait_for_one_another(
    database: Database, clock: SteppingClock, desk: LexiconDesk, analyst: Principal
) -> None:
    other = LexiconDesk(database=database, clock=clock, shelves=Shelves(database, SHIPPED))
    records = await asyncio.gather(
        desk.add(analyst, cells("黑店宰客"), reason="r"),
        other.add(analyst, cells("缺斤短两", id="lex_test_two"), reason="r"),
        other.retire(analyst, "lex_base_a", reason="r"),
    )
    assert {record.save.number for record in records if record.save} == {1, 2, 3}


async def test_rows_are_imported_inside_a_transaction_of_the_caller(
    desk: LexiconDesk, shelves: Shelves, database: Database, analyst: Principal
) -> None:
    rows = read_import(table_of([entry("宰客黑店", id="lex_new")]).encode(), file="words.tsv")

    async def thought_better() -> None:
        async with database.write() as connection:
            await desk.import_in(connection, analyst, rows, reason="a list")
            raise RuntimeError("not after all")

    with pytest.raises(RuntimeError, match="after all"):
        await thought_better()
    assert "宰客黑店" not in await active(shelves)
    async with database.write() as connection:
        report = await desk.import_in(connection, analyst, rows, reason="a list")
    assert report.saved is not None
    assert "宰客黑店" in await active(shelves)
