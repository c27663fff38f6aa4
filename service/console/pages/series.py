"""Imported series: numbers by time that complaints are set against; drawn, and brought as files."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from nicegui import ui

from crawlers.tabular import UPLOADED, open_table
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.charts import Series as Row
from service.console.charts import line, show
from service.console.deeds import attempt, go
from service.console.dialogs import Question
from service.console.format import measure, moment, short_time
from service.console.forms import Form, Stored, Values
from service.console.listing import Column, Containing, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.uploading import draw_upload
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.theme import button, plain
from service.errors import InvalidInput
from service.ingest.imports import explained
from service.series import MOST_POINTS, Point, Series
from service.series.tables import ReadSeries, Wrong, read_rows

PLACE = Place(
    name="series",
    path="/series",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.SERIES),
    deeper=("/series/{name}",),
)
ACCEPT = ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.gz"
MOST_DRAWN = 1_000
_MOST = 1_000
_WRONG_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A file as series; `wrong` are some of the `left_out` rows that are no points."""

    series: tuple[ReadSeries, ...]
    wrong: tuple[Wrong, ...]
    left_out: int


@dataclass(slots=True)
class _File:
    """What somebody has brought; kept while the page is open, nowhere else."""

    name: str = ""
    content: bytes = b""
    told: dict[str, str] = field(default_factory=dict)


def register(board: Board) -> None:
    """The pages `/series` and `/series/{name}`."""
    _register_every(board)
    _register_one(board)


def _register_every(board: Board) -> None:
    book = board.container.series

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(_principal: Principal, query: ListQuery) -> Rows[Series]:
            wanted = query.text("q").casefold()
            every = (await book.page(limit=_MOST)).items
            return Rows.cut([item for item in every if wanted in item.name], query)

        heading(visit, words("series.title"), hint=words("series.hint"))
        if visit.may(Action.EDIT, Resource.SERIES):
            with ui.element("section").classes("panel stack"):
                plain(words("series.new"), "h2")
                plain(words("series.new_hint"), "p", "soft small")
                _draw_intake(visit, board)
        listing = Listing(
            visit,
            columns=(
                Column("name", words("series.name"), lambda item: item.name),
                Column("unit", words("series.unit"), lambda item: item.unit or "–"),
                Column(
                    "points", words("series.points"), lambda item: f"{item.points:,}", number=True
                ),
                Column("span", words("series.span"), lambda item: _span(visit, item)),
                Column(
                    "updated",
                    words("series.updated"),
                    lambda item: _draw_updated(visit, item),
                ),
            ),
            load=load,
            key=lambda item: item.name,
            opens=lambda item: f"{BASE}/series/{item.name}",
            filters=(Containing("q", words("series.name")),),
            empty=(words("series.empty"), words("series.empty_hint")),
        )
        await listing.draw()


def _register_one(board: Board) -> None:
    book = board.container.series

    @console_page(board, PLACE, "/series/{name}")
    async def one(visit: Visit, name: str) -> None:
        words = visit.words
        unit = await book.unit(name)
        total, newest = 0, tuple[Point, ...]()
        while points := await book.points(name, after=newest[-1].at if newest else None):
            total += len(points)
            newest = (*newest, *points)[-MOST_DRAWN:]
        actions = heading(visit, name, hint=unit)
        if visit.may(Action.DELETE, Resource.SERIES):
            with actions:
                remove = partial(_delete, visit, board, name)
                button(words("series.delete"), remove, "act-grave", key="delete")
        with ui.element("section").classes("panel stack"):
            told = words("series.told", points=f"{total:,}", shown=f"{len(newest):,}")
            plain(told, "p", "soft small")
            labels = [f"{point.at.astimezone(visit.zone):%m-%d %H:%M}" for point in newest]
            values = [Row(name, [point.value for point in newest])]
            show(
                visit,
                line(
                    words("series.drawn", name=name, zone=visit.zone.key), labels, values, unit=unit
                ),
            )


def _draw_intake(visit: Visit, board: Board) -> None:
    words, file = visit.words, _File()

    async def take(name: str, content: bytes) -> None:
        file.name, file.content = name, content
        file.told.clear()
        await look()

    async def look() -> None:
        (await visit.principal()).require(Action.EDIT, Resource.SERIES)
        try:
            seen: _Read | InvalidInput = await asyncio.to_thread(_read, visit, file)
        except InvalidInput as error:
            seen = error
        place.clear()
        with place:
            plain(words("imports.of", file=file.name), "p", "strong foreign")
            if isinstance(seen, InvalidInput):
                _draw_refusal(visit, seen)
            else:
                _draw_read(visit, seen)
            _draw_options(visit, file, look)
            if not isinstance(seen, InvalidInput) and seen.series:
                store = partial(_store, visit, board, seen)
                button(words("series.store"), store, "act-main", key="series-store")

    draw_upload(visit, words("imports.choose"), accept=ACCEPT, take=take)
    place = ui.element("div").classes("stack")


def _read(visit: Visit, file: _File) -> _Read:
    """Every row of the file. Raises InvalidInput."""
    found: dict[str, ReadSeries] = {}
    wrong: list[Wrong] = []
    left_out = 0
    name, unit = file.told.get("name") or None, file.told.get("unit") or None
    with (
        explained(),
        open_table(io.BytesIO(file.content), name=file.name, limits=UPLOADED) as table,
    ):
        for read in read_rows(table, name=name, unit=unit, zone=visit.zone):
            if isinstance(read, Wrong):
                left_out += 1
                if len(wrong) < _WRONG_SHOWN:
                    wrong.append(read)
                continue
            series, point = read
            found[series.name] = series
            series.points.append(point)
    return _Read(series=tuple(found.values()), wrong=tuple(wrong), left_out=left_out)


def _draw_refusal(visit: Visit, error: InvalidInput) -> None:
    with ui.element("div").classes("problem tight").props('role="alert"'):
        plain(visit.words("imports.refused"), "p", "strong")
        plain(error.detail, "p", "foreign")
        for path, message in error.errors[:_WRONG_SHOWN]:
            if message not in error.detail:
                plain(f"{path}: {message}", "p", "small foreign")


def _draw_read(visit: Visit, seen: _Read) -> None:
    words = visit.words
    with ui.element("table").classes("figures"), ui.element("tbody"):
        for series in seen.series[:50]:
            with ui.element("tr"):
                plain(series.name, "th", "foreign").props('scope="row"')
                plain(words("series.found", points=f"{len(series.points):,}"), "td")
                plain(series.unit or "–", "td", "foreign")
                last = series.points[-1]
                said = f"{short_time(last.at, visit.zone)} = {measure(last.value)}"
                plain(said, "td", "soft")
    if seen.left_out:
        plain(words("series.left_out", rows=f"{seen.left_out:,}"), "p", "strong soon")
        with ui.element("ul").classes("plain-list tight"):
            for item in seen.wrong:
                plain(f"{item.place}: {item.message}", "li", "small foreign")


def _draw_options(visit: Visit, file: _File, look: Callable[[], Awaitable[None]]) -> None:
    words = visit.words

    async def save(_principal: Principal, values: Values) -> None:
        file.told = {name: values.text(name) for name in ("name", "unit")}

    with ui.element("details"):
        plain(words("imports.options"), "summary")
        form = Form(visit, "series-options", stored=Stored(values=file.told), save=save)
        form.after = look
        with form:
            with ui.element("div").classes("line"):
                form.text("name", words("series.name"), hint=words("series.name_hint"))
                form.text("unit", words("series.unit"), hint=words("series.unit_hint"))
            form.submit(words("imports.again"))


async def _store(visit: Visit, board: Board, seen: _Read) -> None:
    done = {"new": 0, "changed": 0, "unchanged": 0}

    async def deed(principal: Principal) -> None:
        for series in seen.series:
            for begin in range(0, len(series.points), MOST_POINTS):
                written = await board.container.series.write(
                    principal,
                    series.name,
                    series.points[begin : begin + MOST_POINTS],
                    unit=series.unit,
                )
                done["new"] += written.new
                done["changed"] += written.changed
                done["unchanged"] += written.unchanged

    if await attempt(visit, deed):
        go(visit, f"{BASE}/series", said=visit.words("series.stored", **done))


def _span(visit: Visit, item: Series) -> str:
    if item.first_at is None or item.last_at is None:
        return "–"
    return f"{short_time(item.first_at, visit.zone)} – {short_time(item.last_at, visit.zone)}"


def _draw_updated(visit: Visit, item: Series) -> None:
    moment(visit, item.updated_at)


async def _delete(visit: Visit, board: Board, name: str) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await board.container.series.delete(principal, name)

    question = Question(
        title=words("series.delete_title", name=name),
        hint=words("series.delete_hint"),
        confirm=words("series.delete"),
        grave=True,
    )
    said = words("series.deleted", name=name)
    await settle(visit, deed, question=question, leads_to=f"{BASE}/series", said=said)
