"""A list on a page: filters, table, pages, what can be done with the rows that are selected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from nicegui import ui
from nicegui.events import GenericEventArguments

from service.auth import BadCredentials, Principal
from service.console.browser import call
from service.console.deeds import leave
from service.console.listing.filters import Filter
from service.console.listing.pager import Pager
from service.console.listing.query import ListQuery, Rows, read_query, write_query
from service.console.listing.selection import Bulk, Selection
from service.console.session import Visit
from service.console.states import empty, problem_panel
from service.console.theme import link, plain, put
from service.console.trouble import Trouble, trouble_of

ItemT = TypeVar("ItemT")

PAGE = 50


@dataclass(frozen=True, slots=True)
class Column(Generic[ItemT]):
    """A column. `cell` answers with the text of an item's cell, or draws the cell itself.

    `shows` is what of an item the cell depends on, for lists that look every moment: while it is
    equal, the cell stays. Without it the cell is drawn anew with whatever changes in its row.
    """

    name: str
    label: str
    cell: Callable[[ItemT], object]
    sortable: bool = False
    number: bool = False
    shows: Callable[[ItemT], object] | None = None


@dataclass(slots=True)
class _Row(Generic[ItemT]):
    """A row as it stands on the page, its cells by column."""

    element: ui.element
    item: ItemT
    cells: tuple[ui.element, ...]


class Listing(Generic[ItemT]):
    """`await listing.draw()` reads the first page and draws it; `reload()` reads it anew.

    `key` tells rows apart; `opens` is the address that a row leads to. `sort` is the list's own
    order, a sortable column's name, `-name` for descending. `empty` is title and hint of a list
    that has nothing, however it is filtered. A second list on a page takes a `name`.
    """

    def __init__(
        self,
        visit: Visit,
        *,
        columns: Sequence[Column[ItemT]],
        load: Callable[[Principal, ListQuery], Awaitable[Rows[ItemT]]],
        key: Callable[[ItemT], str],
        opens: Callable[[ItemT], str | None] | None = None,
        filters: Sequence[Filter] = (),
        bulk: Sequence[Bulk] = (),
        sort: str = "",
        page_size: int = PAGE,
        empty: tuple[str, str] | None = None,
        name: str = "",
    ) -> None:
        self._visit = visit
        self._columns = tuple(columns)
        self._load = load
        self._key = key
        self._opens = opens
        self._filters = tuple(filters)
        self._sort = sort
        self._empty = empty
        self._name = name or "list"
        self._prefix = f"{name}." if name else ""
        self._query = read_query(
            visit.query,
            prefix=self._prefix,
            filters=[(item.name, item.known) for item in self._filters],
            sortable=frozenset(item.name for item in self._columns if item.sortable),
            limit=page_size,
            sort=sort,
        )
        self._selection = Selection(visit, bulk, name=self._name, then=self.reload)
        self._pager = Pager(visit.words, name=self._name, ask=self._ask)
        self._rows: Rows[ItemT] = Rows(())
        self._trouble: Trouble | None = None
        self._drawn: dict[str, _Row[ItemT]] = {}
        self._table_body: ui.element | None = None
        self._pages: ui.element | None = None
        self._paged: object = None

    @property
    def query(self) -> ListQuery:
        """What is shown: for an export of the same, say."""
        return self._query

    @property
    def address(self) -> str:
        """The question of the address that shows the same, without its question mark."""
        said = write_query(self._query, self._visit.query, prefix=self._prefix, sort=self._sort)
        return said.removeprefix("?")

    @property
    def items(self) -> Sequence[ItemT]:
        """The rows that are shown."""
        return self._rows.items

    async def draw(self) -> None:
        """Read the page that the address asks for, and draw everything.

        Raises what `load` raises: the page then says so.
        """
        self._rows = await self._load(await self._visit.principal(), self._query)
        with put(ui.element("div"), data_listing=self._name).classes("listing"):
            self._draw_filters()
            self._draw_body()

    async def renew(self) -> None:
        """Read the shown page anew, and draw only the rows that differ from what is shown.

        For pages that look every moment, whose rows are equal when they look the same. What fails
        is raised, and what is shown stays.
        """
        rows = await self._read()
        body = self._table_body
        if body is None or not rows.items or not self._rows.items or self._trouble is not None:
            self._rows, self._trouble = rows, None
            self._keep_chosen()
            self._draw_body.refresh()
            return
        self._rows = rows
        self._keep_chosen()
        self._redraw(body)
        if self._pages is not None and self._paged != self._standing():
            with self._pages.clear():
                self._draw_pager()

    def _redraw(self, body: ui.element) -> None:
        shown = {self._key(item): item for item in self._rows.items}
        for key in [key for key in self._drawn if key not in shown]:
            self._drawn.pop(key).element.delete()
        for place, (key, item) in enumerate(shown.items()):
            row = self._drawn.get(key)
            if row is None:
                with body:
                    row = self._draw_row(item)
            elif row.item != item:
                self._redraw_row(row, item)
            if body.default_slot.children[place] is not row.element:
                row.element.move(body, place)

    def _redraw_row(self, row: _Row[ItemT], item: ItemT) -> None:
        before, row.item = row.item, item
        for column, cell in zip(self._columns, row.cells, strict=True):
            if column.shows is None or column.shows(before) != column.shows(item):
                cell.clear()
                self._fill_cell(cell, column, item)

    async def _read(self) -> Rows[ItemT]:
        rows = await self._load(await self._visit.principal(), self._query)
        if not rows.items and self._query.offset and rows.total:
            # Rows were taken away meanwhile: better the last page that has some than an empty.
            last = (rows.total - 1) // self._query.limit * self._query.limit
            self._query = replace(self._query, offset=last)
            rows = await self._load(await self._visit.principal(), self._query)
        return rows

    def _keep_chosen(self) -> None:
        self._selection.keep({self._key(item) for item in self._rows.items})

    async def reload(self) -> None:
        """Read the shown page anew, and draw it. What is selected stays selected."""
        try:
            self._rows, self._trouble = await self._read(), None
        except BadCredentials:
            leave(self._visit)
            return
        except Exception as error:
            self._trouble = trouble_of(error, self._visit.words, where=self._visit.request.url.path)
        self._keep_chosen()
        self._draw_body.refresh()

    async def _ask(self, query: ListQuery) -> None:
        self._query = query
        self._selection.keep(())
        address = write_query(query, self._visit.query, prefix=self._prefix, sort=self._sort)
        call(self._visit.client, "address", address)
        await self.reload()

    def _draw_filters(self) -> None:
        if not self._filters:
            return
        words = self._visit.words
        # On a telephone rows come first: the filters wait behind this button.
        unfold = "(event) => window.fengsui.unfold(event.currentTarget)"
        fold = put(ui.element("button"), type="button", data_key=f"{self._name}-filters")
        put(fold, aria_expanded="false").on("click", js_handler=unfold)
        with fold.classes("act sieve-fold"):
            plain(words("listing.filter"))
        form = put(ui.element("form"), role="search", data_sieve=self._name)
        put(form, aria_label=words("listing.filter"))
        collected = "emit(window.fengsui.collect(event.currentTarget))"
        form.classes("sieve").on("change", self._sift, js_handler=f"(event) => {collected}")
        form.on(
            "submit", self._sift, js_handler=f"(event) => {{event.preventDefault(); {collected}}}"
        )
        with form:
            for item in self._filters:
                field = f"{self._name}-{item.name}"
                item.draw(words, field, self._query.many(item.name))
            link(self._visit.request.url.path, words("listing.clear"), "quiet-link clear")

    async def _sift(self, event: GenericEventArguments) -> None:
        sent = event.args if isinstance(event.args, dict) else {}
        chosen: dict[str, tuple[str, ...]] = {}
        for item in self._filters:
            value = sent.get(item.name, [])
            values = value if isinstance(value, list) else [value]
            known = item.known
            chosen[item.name] = tuple(
                str(one) for one in values if one and (known is None or one in known)
            )
        if chosen != self._query.filters:
            self._pager.begin_anew()
            await self._ask(replace(self._query.first_page(), filters=chosen))

    @ui.refreshable_method
    def _draw_body(self) -> None:
        words = self._visit.words
        self._drawn, self._table_body, self._pages = {}, None, None
        self._selection.undraw()
        if self._trouble is not None:
            problem_panel(words, self._trouble, retry=self.reload)
            return
        if not self._rows.items:
            if self._query.narrowed:
                empty(words("listing.nothing_found"), words("listing.nothing_found_hint"))
            else:
                empty(*(self._empty or (words("listing.empty"), "")))
            self._draw_pager()
            return
        self._selection.draw_bar()
        with ui.element("div").classes("scroller"), ui.element("table").classes("rows"):
            self._draw_head()
            with ui.element("tbody") as self._table_body:
                for item in self._rows.items:
                    self._draw_row(item)
        with ui.element("div") as self._pages:
            self._draw_pager()

    def _draw_head(self) -> None:
        words = self._visit.words
        with ui.element("thead"), ui.element("tr"):
            if self._selection.offered:
                shown = [self._key(item) for item in self._rows.items]
                self._selection.draw_all(shown, self._draw_body.refresh)
            for column in self._columns:
                with put(ui.element("th"), scope="col") as head:
                    if column.number:
                        head.classes("number")
                    if not column.sortable:
                        plain(column.label)
                        continue
                    mark = ""
                    if self._query.sort == column.name:
                        put(head, aria_sort="descending" if self._query.descending else "ascending")
                        mark = " ↓" if self._query.descending else " ↑"
                    pressed = put(ui.element("button"), type="button")
                    put(pressed, title=words("listing.sort", label=column.label))
                    put(pressed, data_key=f"{self._name}-sort-{column.name}")
                    pressed.on("click", partial(self._order, column.name))
                    with pressed:
                        plain(f"{column.label}{mark}")

    def _draw_row(self, item: ItemT) -> _Row[ItemT]:
        key = self._key(item)
        row = put(ui.element("tr"), data_row=key, data_key=f"{self._name}-{key}", tabindex="-1")
        cells: list[ui.element] = []
        with row:
            if self._selection.offered:
                self._selection.draw_tick(key)
            for column in self._columns:
                cell = put(ui.element("td"), data_label=column.label)
                if column.number:
                    cell.classes("number")
                self._fill_cell(cell, column, item)
                cells.append(cell)
        drawn = self._drawn[key] = _Row(row, item, tuple(cells))
        return drawn

    def _fill_cell(self, cell: ui.element, column: Column[ItemT], item: ItemT) -> None:
        address = None if self._opens is None else self._opens(item)
        with cell:
            if column is self._columns[0] and address is not None:
                with put(ui.element("a"), href=address, data_open="").classes("title"):
                    self._draw_cell(column, item)
            else:
                self._draw_cell(column, item)

    def _draw_cell(self, column: Column[ItemT], item: ItemT) -> None:
        shown = column.cell(item)
        if isinstance(shown, str):
            plain(shown, classes="foreign")

    def _draw_pager(self) -> None:
        self._paged = query, count, total, following = self._standing()
        self._pager.draw(query, count=count, total=total, following=following)

    def _standing(self) -> tuple[ListQuery, int, int | None, str | None]:
        """Everything that the pager tells."""
        rows = self._rows
        return self._query, len(rows.items), rows.total, rows.following

    async def _order(self, column: str) -> None:
        descending = self._query.sort == column and not self._query.descending
        self._pager.begin_anew()
        await self._ask(replace(self._query.first_page(), sort=column, descending=descending))
