"""What became of an entry: each save with what it changed, who made it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from nicegui import ui

from service.console.board import Board
from service.console.format import moment
from service.console.pages.lexicon import place
from service.console.session import Visit
from service.console.theme import link, plain
from service.lexicon import Record, cells_of
from service.lexicon.model import Change

_NOTHING: Mapping[str, str] = {}


def draw_past(board: Board, visit: Visit, record: Record, history: Sequence[Change]) -> None:
    """The history of an entry, newest first."""
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("lexicon.past.title"), "h2")
        if not history:
            plain(words("lexicon.past.none"), "p", "soft")
        with ui.element("ol").classes("timeline"):
            for newer, older in zip_longest(history, history[1:]):
                _draw_change(board, visit, newer, _cells_before(board, record, older))


def _cells_before(board: Board, record: Record, older: Change | None) -> Mapping[str, str]:
    if older is not None:
        return older.cells or _NOTHING
    shipped = board.container.lexicon.directory.shelf.base.get(record.entry.id)
    return _NOTHING if shipped is None else cells_of(shipped)


def _draw_change(board: Board, visit: Visit, change: Change, before: Mapping[str, str]) -> None:
    words, save = visit.words, change.save
    with ui.element("li"):
        with ui.element("div").classes("line"):
            plain(words.choice("lexicon.saves", save.kind.value), classes="strong")
            plain(words.choice("lexicon.changes", change.state.value), classes="state")
            plain(board.names.of(save.author))
            moment(visit, save.at)
            address = f"{place.VERSIONS}/{save.number}"
            link(address, words("lexicon.version", number=save.number))
        plain(save.reason, "p", "foreign")
        cells = change.cells or _NOTHING
        differing = [name for name in cells if before and cells[name] != before.get(name, "")]
        for name in differing:
            draw_difference(visit, name, before.get(name, ""), cells[name])


def draw_difference(visit: Visit, column: str, old: str, new: str) -> None:
    """A column as it was and as it became, told by words and signs, not by colour alone."""
    words = visit.words
    with ui.element("p").classes("difference"):
        plain(f"{words.choice('lexicon.columns', column)}: ", classes="soft")
        plain(old or words("form.nothing"), "del", "foreign")
        plain(" → ", classes="soft")
        plain(new or words("form.nothing"), "ins", "foreign")
