"""A file of posts, looked at: how it would be read, its first rows and mistakes; and begun."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from nicegui import ui

from crawlers import Channel
from crawlers.tabular import FIELDS, Preview, ReadRow
from nlp.pii import masked
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.format import moment
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.pages.uploading import draw_upload
from service.console.panels import scroller
from service.console.session import BASE, Visit
from service.console.theme import button, plain
from service.errors import InvalidInput
from service.ingest.imports import ImportOptions, ImportRun, look

ROWS = 10
ACCEPT = ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json,.gz"
_SHOWN = 90

Show = Callable[[Preview | InvalidInput], Awaitable[None]]


@dataclass(slots=True)
class _File:
    """What somebody has brought, and how it is read. Kept while the page is open, nowhere else."""

    name: str = ""
    content: bytes = b""
    told: dict[str, str] = field(default_factory=dict)

    def options(self, visit: Visit) -> ImportOptions:
        """Raises InvalidInput."""
        pairs = [line.strip() for line in self.told.get("map", "").splitlines() if line.strip()]
        return ImportOptions.of(
            name=self.name,
            pairs=pairs,
            source=self.told.get("source") or None,
            channel=self.told.get("channel") or None,
            timezone=self.told.get("timezone") or None,
            sheet=self.told.get("sheet") or None,
            zone=visit.zone,
        )


def draw_intake(visit: Visit, board: Board) -> None:
    """The choice of a file, and under it what an import of it would read."""
    words, file = visit.words, _File()

    async def take(name: str, content: bytes) -> None:
        file.name, file.content = name, content
        file.told.clear()
        await show(await _looked(visit, file))

    async def show(seen: Preview | InvalidInput) -> None:
        place.clear()
        with place:
            plain(words("imports.of", file=file.name), "h3", "strong foreign")
            if isinstance(seen, InvalidInput):
                _draw_refusal(words, seen)
            else:
                _draw_preview(visit, seen)
            _draw_options(visit, file, seen, show)
            if not isinstance(seen, InvalidInput) and not seen.survey.missing:
                button(words("imports.begin"), begin, "act-main", key="import-begin")

    async def begin() -> None:
        begun: list[ImportRun] = []

        async def deed(principal: Principal) -> None:
            begun.append(
                await board.container.imports.begin(principal, file.content, file.options(visit))
            )

        if await attempt(visit, deed):
            go(visit, f"{BASE}/imports/{begun[-1].id}", said=words("imports.begun"))

    draw_upload(visit, words("imports.choose"), accept=ACCEPT, take=take)
    place = ui.element("div").classes("stack")


async def _looked(visit: Visit, file: _File) -> Preview | InvalidInput:
    """What an import would read, or why it cannot. Raises Forbidden."""
    principal = await visit.principal()
    principal.require(Action.EDIT, Resource.POST)
    if not file.content:
        said = visit.words("imports.nothing")
        return InvalidInput(said, errors=[("file", said)])
    try:
        return await asyncio.to_thread(look, file.content, file.options(visit), rows=ROWS)
    except InvalidInput as error:
        return error


def _draw_refusal(words: Words, error: InvalidInput) -> None:
    with ui.element("div").classes("problem tight").props('role="alert"'):
        plain(words("imports.refused"), "p", "strong")
        plain(masked(error.detail), "p", "foreign")
        for path, message in error.errors[:20]:
            if message not in error.detail:
                plain(f"{path}: {masked(message)}", "p", "small foreign")


def _draw_preview(visit: Visit, seen: Preview) -> None:
    words, survey = visit.words, seen.survey
    table = survey.table
    said = words("imports.read_as", format=words.choice("imports.formats", table.format.value))
    plain(f"✓ {said}", "p", "good strong")
    if survey.wire:
        plain(words("imports.wire"), "p", "soft small")
    else:
        with scroller(words("imports.mapping")), ui.element("table").classes("figures"):
            plain(words("imports.mapping"), "caption", "soft small")
            with ui.element("tbody"):
                for name, column in survey.mapped_columns.items():
                    with ui.element("tr"):
                        plain(words.choice("imports.field", name), "th").props('scope="row"')
                        plain(column, "td", "wide foreign")
        if survey.unused_columns:
            unused = words("list.comma").join(survey.unused_columns)
            plain(words("imports.unused", columns=unused), "p", "soft small foreign")
    if survey.missing:
        missing = words("list.comma").join(
            words.choice("imports.field", name) for name in survey.missing
        )
        with ui.element("div").classes("problem").props('role="alert"'):
            plain(words("imports.missing", fields=missing), "p")
        return
    _draw_rows(visit, seen.rows)


def _draw_rows(visit: Visit, rows: Sequence[ReadRow]) -> None:
    words = visit.words
    bad = sum(row.post is None for row in rows)
    said = words("imports.rows", rows=len(rows), bad=bad)
    plain(said, "p", "strong soon" if bad else "strong")
    with (
        scroller(said),
        ui.element("table").classes("figures wide"),
        ui.element("tbody"),
    ):
        for row in rows:
            with ui.element("tr"):
                plain(str(row.number), "th").props('scope="row"')
                _draw_row(visit, row)


def _draw_row(visit: Visit, row: ReadRow) -> None:
    if row.post is None:
        with ui.element("td").classes("late tight"):
            for problem in row.rejected:
                plain(f"✗ {problem.place}: {problem.reason}", "div", "foreign")
        return
    text = masked(row.post.title or row.post.text)
    with ui.element("td").classes("tight"):
        with ui.element("div").classes("line soft small"):
            plain(row.post.source, classes="foreign")
            moment(visit, row.post.published_at)
        plain(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…", "div", "foreign")


def _draw_options(visit: Visit, file: _File, seen: Preview | InvalidInput, show: Show) -> None:
    """How the file is to be read, where it is not clear by itself."""
    words = visit.words

    async def save(_principal: Principal, values: Values) -> None:
        told = {name: values.text(name) for name in ("source", "channel", "timezone", "sheet")}
        file.told = {**told, "map": values.text("map")}
        file.options(visit)

    async def again() -> None:
        await show(await _looked(visit, file))

    needed = isinstance(seen, InvalidInput) or bool(seen.survey.missing)
    details = ui.element("details")
    if needed:
        details.props["open"] = True
    with details:
        plain(words("imports.options"), "summary")
        form = Form(visit, "import-options", stored=Stored(values=file.told), save=save)
        form.after = again
        channels = {name.value: words.choice("setting.option", name.value) for name in Channel}
        with form:
            with ui.element("div").classes("line"):
                form.text("source", words("imports.source"), hint=words("imports.source_hint"))
                form.choice("channel", words("imports.channel"), channels, required=False)
            with ui.element("div").classes("line"):
                form.text("timezone", words("imports.timezone"), hint=visit.zone.key)
                form.text("sheet", words("imports.sheet"))
            fields = words("list.comma").join(sorted(FIELDS))
            form.lines("map", words("imports.map"), hint=words("imports.map_hint", fields=fields))
            form.submit(words("imports.again"))
