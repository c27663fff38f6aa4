"""The search: form, bars, facets, hits, and the post that is open beside them."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import BadCredentials
from service.console.board import Board
from service.console.browser import call
from service.console.deeds import leave, refuse
from service.console.page import console_page, heading
from service.console.pages.posts.asking import Asking, problems_of, read_asking
from service.console.pages.posts.detail import PostSheet, read_detail
from service.console.pages.posts.exporting import draw_export
from service.console.pages.posts.figures import draw_bars, draw_chosen, draw_facets
from service.console.pages.posts.form import SearchForm
from service.console.pages.posts.found import Figures, Found, read_figures, read_found
from service.console.pages.posts.names import PostNames, names_for
from service.console.pages.posts.place import PLACE, post_address
from service.console.pages.posts.results import ResultList
from service.console.session import Visit
from service.console.states import empty, later, problem_panel
from service.console.theme import button, link, plain, put
from service.console.trouble import Trouble, trouble_of
from service.posts import BadFilter

_OPEN_NAMES = ("post", "id")
"""Parameters that name a post to show; they are no part of the search."""


def register_search(board: Board) -> None:
    """The page `/posts`."""

    @console_page(board, PLACE)
    async def search(visit: Visit) -> None:
        principal = await visit.principal()
        names = await names_for(board, visit.words, principal)
        page = SearchPage(board, visit, names, read_asking(visit.query))
        await page.read()
        heading(visit, visit.words("posts.title"), hint=visit.words("posts.hint"))
        page.build()
        wanted = next((visit.query[name] for name in _OPEN_NAMES if name in visit.query), "")
        if wanted:
            await page.open(wanted[:64])


class SearchPage:
    """Holds what is asked for; every change of it stands in the address."""

    def __init__(self, board: Board, visit: Visit, names: PostNames, asking: Asking) -> None:
        self._container = board.container
        self._visit = visit
        self._names = names
        self._asking = asking
        self._trail: list[Asking] = []
        self._found: Found | None = None
        self._problems: dict[str, str] = {}
        self._trouble: Trouble | None = None

    async def read(self) -> None:
        """Search. A refusal is kept for the form; anything else that fails is kept as trouble."""
        self._found, self._problems, self._trouble = None, {}, None
        try:
            self._found = await read_found(
                self._container,
                await self._visit.principal(),
                self._asking,
                now=self._container.clock.now(),
            )
        except BadFilter as error:
            self._problems = problems_of(error)
        except BadCredentials:
            raise
        except Exception as error:
            self._trouble = trouble_of(error, self._visit.words, where=self._visit.request.url.path)

    def build(self) -> None:
        """Draw everything."""
        self._form = ui.element("div")
        self._body = ui.element("div").classes("stack")
        drawer = put(ui.element("aside"), aria_label=self._visit.words("posts.one"), hidden="")
        self._drawer = put(drawer, data_drawer="", tabindex="-1").classes("drawer panel stack")
        self._drawer.on("keydown.escape", self._close)
        self._draw()

    def _draw(self) -> None:
        words = self._visit.words
        self._form.clear()
        with self._form:
            SearchForm(self._visit, self._asking, self._ask).draw(self._problems)
        self._body.clear()
        with self._body:
            draw_chosen(self._visit, self._names, self._asking, self._ask)
            if self._trouble is not None:
                problem_panel(words, self._trouble, retry=partial(self._ask, self._asking))
                return
            if self._found is None:
                self._draw_problems()
                return
            self._draw_found(self._found)

    def _draw_problems(self) -> None:
        """What is wrong with parameters that the form has no field for, and that with the query."""
        words = self._visit.words
        with ui.element("section").classes("panel trouble").props('role="alert"'):
            plain(words("posts.refused"), "h2")
            for name, message in self._problems.items():
                plain(f"{words.choice('posts.facets', name)}: {message}", "p", "foreign")

    def _draw_found(self, found: Found) -> None:
        words, now = self._visit.words, self._container.clock.now()
        with ui.element("div").classes("columns search"):
            with ui.element("div").classes("column stack"):
                with ui.element("div").classes("line"):
                    key = "posts.count" if found.exact else "posts.at_most"
                    plain(words(key, total=f"{found.page.total:,}"), "h2")
                    draw_export(self._visit, self._asking, found, now=now)
                bars = ui.element("div")
                if found.hits:
                    ResultList(
                        visit=self._visit,
                        names=self._names,
                        asking=self._asking,
                        opened=self.open,
                    ).draw(found)
                elif found.page.next is None:
                    empty(words("posts.none"), words("posts.none_hint"))
                else:
                    empty(words("posts.none_here"), words("posts.none_here_hint"))
                self._draw_pager(found)
            side = ui.element("div")

        def figures(read: Figures) -> None:
            draw_bars(self._visit, read, self._asking, self._ask)
            with side:
                draw_facets(
                    self._visit, read, self._names, self._asking, self._ask, exact=found.exact
                )

        with bars:
            later(
                self._visit,
                lambda principal: read_figures(
                    self._container, principal, found.request, now=self._container.clock.now()
                ),
                figures,
            )

    def _draw_pager(self, found: Found) -> None:
        words, onward = self._visit.words, found.page.next
        if onward is None and not self._asking.one("after"):
            return
        with ui.element("div").classes("line pager"):
            plain(words("listing.shown", count=len(found.page.items)), classes="soft")
            if self._asking.one("after"):
                first = partial(self._turn, None)
                button(words("listing.first"), first, "act-small", key="posts-first")
            if self._trail:
                button(words("listing.earlier"), self._back, "act-small", key="posts-earlier")
            if onward is not None:
                later_page = partial(self._turn, onward)
                button(words("listing.later"), later_page, "act-small", key="posts-later")

    async def _turn(self, cursor: str | None) -> None:
        if cursor is None:
            self._trail.clear()
            await self._show(self._asking.having())
            return
        now = self._container.clock.now()
        fixed = self._asking.fixed(self._visit.zone, now=now)
        self._trail.append(fixed)
        await self._show(Asking({**fixed.values, "after": (cursor,)}))

    async def _back(self) -> None:
        await self._show(self._trail.pop())

    async def _ask(self, asking: Asking) -> None:
        self._trail.clear()
        await self._show(asking)

    async def _show(self, asking: Asking) -> None:
        self._asking = asking
        call(self._visit.client, "address", asking.address())
        try:
            await self.read()
        except BadCredentials:
            leave(self._visit)
            return
        self._draw()

    async def open(self, post_id: str) -> None:
        """Show a post beside the list."""
        words = self._visit.words
        try:
            principal = await self._visit.principal()
            detail = await read_detail(self._container, principal, post_id)
        except BadCredentials:
            leave(self._visit)
            return
        except Exception as error:
            refuse(self._visit, error)
            return
        self._drawer.clear()
        with self._drawer:
            with ui.element("div").classes("line"):
                plain(words("posts.one"), "h2")
                link(post_address(post_id), words("posts.own_page"), "push")
                button(words("dialog.close"), self._close, "act-small", key="close-post")
            PostSheet(self._visit, self._container, self._names, detail).draw()
        self._drawer.props.pop("hidden", None)
        self._drawer.update()
        self._visit.client.run_javascript("document.querySelector('[data-drawer]')?.focus()")

    def _close(self) -> None:
        put(self._drawer, hidden="")
        self._drawer.clear()
        self._drawer.update()
