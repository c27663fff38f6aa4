"""What an import would do."""

from __future__ import annotations

from service.lexicon.import_plan import advice_on, plan_import
from service.lexicon.imports import Defaults, Imported, read_import
from service.lexicon.model import Change, ChangeState, LexiconVersion, SaveKind
from service.lexicon.shelf import Shelf
from tests.service.lexicon.rows import SHIPPED, cells
from tests.support.clock import START

SHELF = Shelf.of(SHIPPED)


def words(text: str) -> Imported:
    return read_import(text.encode(), file="w", defaults=Defaults(category="complaint", severity=2))


def retired(imported: Imported) -> Shelf:
    (entry,) = imported.entries
    save = LexiconVersion(
        number=1, kind=SaveKind.RETIRED, author="usr_a", reason="r", at=START, changes=1
    )
    row = cells(entry.term, id=entry.id)
    change = Change(
        entry_id=entry.id, entry_version=2, state=ChangeState.RETIRED, cells=row, save=save
    )
    return SHELF.with_changes([change], number=1)


def test_a_word_that_is_there_is_passed_over() -> None:
    plan = plan_import(words("霸王条款\n黑店宰客"), SHELF, {})
    assert len(plan.entries) == len(plan.report.added) == 1
    assert [issue.line for issue in plan.report.skipped] == [1]
    assert not plan.report.issues


def test_a_word_that_was_imported_before_is_unchanged() -> None:
    imported = words("黑店宰客")
    save = LexiconVersion(
        number=1, kind=SaveKind.IMPORTED, author="usr_a", reason="r", at=START, changes=1
    )
    (entry,) = imported.entries
    change = Change(
        entry_id=entry.id,
        entry_version=1,
        state=ChangeState.ACTIVE,
        cells=cells("黑店宰客", id=entry.id),
        save=save,
    )
    plan = plan_import(imported, SHELF.with_changes([change], number=1), {})
    assert (plan.report.unchanged, plan.entries) == ((entry.id,), ())


def test_a_list_does_not_bring_back_what_was_retired() -> None:
    imported = words("黑店宰客")
    plan = plan_import(imported, retired(imported), {})
    assert not plan.entries
    assert "was retired" in plan.report.skipped[0].message


def test_a_table_does() -> None:
    imported = words("黑店宰客")
    table = Imported(file="t", entries=imported.entries, lines=imported.lines)
    assert plan_import(table, retired(imported), {}).report.changed == (imported.entries[0].id,)


def test_mistakes_stand_at_their_lines() -> None:
    imported = words("黑店宰客\n甲乙丙丁")
    first, second = imported.entries
    plan = plan_import(imported, SHELF, {second.id: [("hits", "no")], first.id: [("misses", "no")]})
    assert [str(issue) for issue in plan.report.issues] == ["w:1: misses no", "w:2: hits no"]


def test_advice_is_on_new_entries_alone() -> None:
    advice = advice_on(words("你好\n霸王条款"), SHELF)
    assert {issue.line for issue in advice} == {1, 2}
    assert any("common" in issue.message for issue in advice)
