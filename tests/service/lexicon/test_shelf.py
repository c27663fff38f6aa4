"""What ships, with changes over it."""

from __future__ import annotations

import structlog.testing

from service.lexicon.model import Change, ChangeState, LexiconVersion, Origin, SaveKind
from service.lexicon.shelf import Shelf
from tests.service.lexicon.rows import SHIPPED, cells
from tests.support.clock import START


def change(entry_id: str, state: ChangeState, term: str | None = None, version: int = 2) -> Change:
    save = LexiconVersion(
        number=1, kind=SaveKind.CHANGED, author="usr_a", reason="r", at=START, changes=1
    )
    row = None if term is None else cells(term, id=entry_id)
    return Change(entry_id=entry_id, entry_version=version, state=state, cells=row, save=save)


def laid(*changes: Change) -> Shelf:
    return Shelf.of(SHIPPED).with_changes(changes, number=1)


def test_without_changes_it_is_what_ships() -> None:
    shelf = Shelf.of(SHIPPED)
    assert (shelf.number, shelf.active()) == (0, SHIPPED)
    assert shelf.version_of("lex_base_a") == 1


def test_a_changed_entry_keeps_its_place() -> None:
    shelf = laid(change("lex_base_b", ChangeState.ACTIVE, "霸王规矩"))
    assert [item.term for item in shelf.active()] == ["偷工减料", "霸王规矩", "黑心商家"]
    assert shelf.records["lex_base_b"].origin is Origin.CHANGED


def test_added_entries_come_last_whatever_came_first() -> None:
    one, two = (
        change("lex_y", ChangeState.ACTIVE, "甲乙丙"),
        change("lex_x", ChangeState.ACTIVE, "丁戊"),
    )
    assert laid(one, two).active() == laid(two, one).active()
    assert laid(one).records["lex_y"].origin is Origin.ADDED


def test_a_retired_entry_is_kept_and_does_not_hit() -> None:
    shelf = laid(change("lex_base_a", ChangeState.RETIRED, "偷工减料"))
    assert "lex_base_a" in shelf.records
    assert "lex_base_a" not in {item.id for item in shelf.active()}


def test_an_entry_goes_back_to_what_ships() -> None:
    shelf = laid(change("lex_base_a", ChangeState.RETIRED, "偷工减料"))
    back = shelf.with_changes([change("lex_base_a", ChangeState.SHIPPED, version=3)], number=2)
    assert back.active() == SHIPPED
    assert back.records["lex_base_a"].origin is Origin.SHIPPED
    assert back.version_of("lex_base_a") == 3


def test_an_absent_entry_goes_on_counting() -> None:
    shelf = laid(change("lex_x", ChangeState.ACTIVE, "丁戊", version=1))
    away = shelf.with_changes([change("lex_x", ChangeState.ABSENT)], number=2)
    assert "lex_x" not in away.records
    assert away.version_of("lex_x") == 2
    again = away.with_changes([change("lex_x", ChangeState.ACTIVE, "丁戊", version=3)], number=3)
    assert again.version_of("lex_x") == 3
    assert not again.gone


def test_shipped_no_longer_means_away() -> None:
    assert "lex_gone" not in laid(change("lex_gone", ChangeState.SHIPPED)).records


def test_a_row_that_cannot_be_read_any_more_is_left_out_and_told() -> None:
    with structlog.testing.capture_logs() as told:
        shelf = laid(change("lex_x", ChangeState.ACTIVE, "丁"))
    assert "lex_x" not in shelf.records
    assert [item["event"] for item in told] == ["lexicon.entry_unreadable"]


def test_an_unknown_entry_has_version_nought() -> None:
    assert Shelf.of(SHIPPED).version_of("lex_none") == 0
