"""Every wording, and what changed from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from nicegui import ui

from service.auth import Principal
from service.console.deeds import attempt
from service.console.format import short_time
from service.console.forms import Form, Stored, Values
from service.console.pages.statements.sheet import StatementSheet
from service.console.theme import plain
from service.statements.diff import Piece
from service.statements.model import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Wordings in a row of one writer, who may have paused often."""

    editions: tuple[Edition, ...]

    @property
    def last(self) -> Edition:
        return self.editions[-1]


def runs_of(editions: Sequence[Edition]) -> list[Run]:
    """Newest first; wordings in a row of one writer together, unless they say what they change."""
    found = []
    for _, group in groupby(editions, key=lambda item: (item.by, item.note or "")):
        found.append(Run(editions=tuple(group)))
    return found[::-1]


def draw_versions(page: StatementSheet) -> None:
    """The wordings, and two of them compared."""
    words, editions = page.words, page.opened.editions
    with ui.element("section").classes("panel stack"):
        plain(words("statements.versions.title"), "h2")
        for run in runs_of(editions):
            with ui.element("div").classes("line small"):
                _draw_run(page, run)
        if len(editions) < 2:
            plain(words("statements.versions.only"), "p", "soft small")
            return
        _draw_compare(page, editions)


def _draw_run(page: StatementSheet, run: Run) -> None:
    words, last = page.words, run.last
    name = page.name_of(last.by)
    if len(run.editions) == 1:
        said = words("statements.versions.by", number=last.number, name=name)
    else:
        first = run.editions[0].number
        said = words("statements.versions.rows", first=first, last=last.number, name=name)
    plain(said, classes="strong foreign")
    plain(short_time(last.at, page.zone), classes="soft")
    if last.note:
        plain(last.note, classes="foreign")
    blocking = sum(item.weight.value == "blocking" for item in last.findings)
    if blocking:
        plain(words("statements.blocking", count=blocking), classes="late")


def _draw_compare(page: StatementSheet, editions: Sequence[Edition]) -> None:
    words = page.words
    numbers = {
        str(item.number): words("statements.versions.one", number=item.number)
        for item in reversed(editions)
    }
    last = editions[-1].number

    async def save(_principal: Principal, values: Values) -> None:
        await compare(values.whole("from") or 1, values.whole("to") or last)

    async def compare(before: int, after: int) -> None:
        async def deed(principal: Principal) -> None:
            reading = page.board.container.statements.reading
            found = await reading.difference(
                principal, page.statement.id, before=before, after=after
            )
            place.clear()
            with place:
                if found.title[0] != found.title[1]:
                    plain(f"{found.title[0]} → {found.title[1]}", "p", "strong foreign")
                draw_pieces(page, found.pieces)

        await attempt(page.visit, deed)

    stored = Stored(values={"from": str(editions[-2].number), "to": str(last)})
    form = Form(page.visit, f"compare-{page.statement.id}", stored=stored, save=save)
    with form:
        with ui.element("div").classes("line"):
            form.choice("from", words("statements.versions.from"), numbers)
            form.choice("to", words("statements.versions.to"), numbers)
        form.submit(words("statements.versions.compare"), main=False)
    place = ui.element("div").classes("diff")


def draw_pieces(page: StatementSheet, pieces: Sequence[Piece]) -> None:
    """The one text as it becomes the other: taken out is struck, put in is underlined."""
    words = page.words
    if all(piece.op == "equal" for piece in pieces):
        plain(words("statements.versions.same"), "p", "soft small")
        return
    with ui.element("p").classes("foreign said"):
        for piece in pieces:
            if piece.op == "equal":
                plain(piece.after)
                continue
            if piece.before:
                plain(piece.before, "del")
            if piece.after:
                plain(piece.after, "ins")
    with ui.element("p").classes("line small soft"):
        plain(words("statements.versions.removed"), "del")
        plain(words("statements.versions.added"), "ins")
