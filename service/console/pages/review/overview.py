"""What waits on each line and since when, who is at work, how good it is, and every item."""

from __future__ import annotations

from datetime import datetime, timedelta

from nicegui import ui

from service.api import cursor as cursors
from service.api.review_views import place_of, written_place
from service.auth import Principal
from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.format import moment, span
from service.console.keys import Keys
from service.console.listing import AnyOf, Column, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.review.card import short, verdict_word
from service.console.pages.review.figures import draw_quality
from service.console.pages.review.place import PLACE, item_address, stream_address
from service.console.pages.review.rubric import label_name
from service.console.panels import scroller
from service.console.session import Visit
from service.console.states import later
from service.console.theme import link, plain, put, ticking
from service.moderation.review import (
    ItemFilter,
    Line,
    Origin,
    Quality,
    ReviewItem,
    Sort,
    State,
    Worker,
    mine,
)
from service.moderation.review.repository import LineLength, position

_REPORT = timedelta(days=30)
_LATELY = timedelta(hours=1)
_FRESH_S = 5.0
_UNDECIDED = (State.PENDING, State.CLAIMED)
_LONGEST = 90


def register_overview(board: Board) -> None:
    """The page `/review`."""
    review, container = board.container.review, board.container

    @console_page(board, PLACE)
    async def overview(visit: Visit) -> None:
        words = visit.words
        listing = _items(board, visit)

        standing = _Standing(board, visit)
        await standing.read()

        async def quality(principal: Principal) -> Quality:
            return await review.report.since(principal, container.clock.now() - _REPORT)

        async def look() -> None:
            await standing.read()
            standing.draw()
            await listing.reload()

        with heading(visit, words("review.title"), hint=words("review.hint")):
            if mine(visit.session.principal):
                start = link(stream_address(), words("review.start"), "act act-main")
                with put(start, data_key="start"):
                    plain("S", "kbd").props('aria-hidden="true"')
                Keys(visit, {"s": (words("review.start"), "start")})
            else:
                plain(words("review.not_yours"), classes="soft small")
        with ui.element("div").classes("columns"):
            standing.place = ui.element("div").classes("stack")
            standing.draw()
            with ui.element("section").classes("panel stack side"):
                most = container.settings.review_overdue_most
                later(visit, quality, lambda found: draw_quality(visit, found, most))
        plain(words("review.items"), "h2")
        await listing.draw()
        keep_fresh(visit, _FRESH_S, look)


class _Standing:
    """What waits and who is at work, drawn anew when it has changed."""

    def __init__(self, board: Board, visit: Visit) -> None:
        self._board = board
        self._visit = visit
        self._found: tuple[tuple[LineLength, ...], tuple[Worker, ...]] = ((), ())
        self._drawn: object = None
        self.place: ui.element | None = None

    async def read(self) -> None:
        """Raises Forbidden, BadCredentials."""
        report, clock = self._board.container.review.report, self._board.container.clock
        principal = await self._visit.principal()
        lines = await report.lines(principal)
        working = await report.working(principal, clock.now() - _LATELY)
        await self._board.names.learn(*(one.person for one in working))
        self._found = lines, working

    def draw(self) -> None:
        """Into its place."""
        if self.place is None or self._drawn == self._found:
            return
        self._drawn = self._found
        lines, working = self._found
        self.place.clear()
        with self.place:
            _draw_lines(self._board, self._visit, lines)
            _draw_workers(self._board, self._visit, working)


def _draw_lines(board: Board, visit: Visit, lengths: tuple[LineLength, ...]) -> None:
    words = visit.words
    limits = board.container.settings
    hours = {
        Line.SECOND: limits.review_second_h,
        Line.THIRD: limits.review_third_h,
        Line.LEGAL: limits.review_legal_h,
    }
    heads = ("line", "waiting", "claimed", "overdue", "oldest", "limit")
    with ui.element("section").classes("panel stack"):
        plain(words("review.waits"), "h2")
        with scroller(words("review.waits")), ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for name in heads:
                    plain(words(f"review.head.{name}"), "th").props('scope="col"')
            with ui.element("tbody"):
                for length in lengths:
                    with ui.element("tr"):
                        line = words.choice("review.lines", length.line.value)
                        plain(line, "th", "strong").props('scope="row"')
                        plain(f"{length.waiting:,}", "td")
                        plain(f"{length.claimed:,}", "td")
                        late = "late strong" if length.overdue else ""
                        plain(f"{length.overdue:,}", "td", late)
                        with ui.element("td"):
                            _oldest(visit, length.oldest_since)
                        limit = timedelta(hours=hours[length.line])
                        plain(span(limit, words), "td", "soft")


def _oldest(visit: Visit, since: datetime | None) -> None:
    if since is None:
        plain(visit.words("review.none_waits"), classes="soft")
    else:
        ticking("since", since)


def _draw_workers(board: Board, visit: Visit, working: tuple[Worker, ...]) -> None:
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("review.working"), "h2")
        if not working:
            plain(words("review.nobody"), "p", "soft")
            return
        with ui.element("ul").classes("plain-list"):
            for one in working:
                with ui.element("li").classes("line"):
                    plain(board.names.of(one.person), classes="strong foreign")
                    told = words("review.worked", verdicts=one.verdicts, holding=one.holding)
                    plain(told, classes="soft")


def _items(board: Board, visit: Visit) -> Listing[ReviewItem]:
    words, review = visit.words, board.container.review

    async def load(principal: Principal, query: ListQuery) -> Rows[ReviewItem]:
        states = tuple(State(value) for value in query.many("state"))
        wanted = ItemFilter(
            lines=tuple(Line(value) for value in query.many("line")),
            states=states or _UNDECIDED,
            origins=tuple(Origin(value) for value in query.many("origin")),
            labels=query.many("label"),
        )
        sort = Sort.RISK if query.sort == "labels" else Sort.DUE
        scope = ("review", wanted, sort)
        found = await review.desk.page(
            principal,
            wanted,
            sort=sort,
            after=place_of(scope, query.cursor),
            limit=query.limit + 1,
        )
        shown = found[: query.limit]
        following = None
        if len(found) > query.limit:
            following = cursors.encode(scope, written_place(position(shown[-1], sort=sort)))
        await board.names.learn(*(item.holder for item in shown))
        return Rows(shown, following=following)

    labels = {name: label_name(words, name) for name in sorted(review.desk.rubric.labels)}
    return Listing(
        visit,
        columns=(
            Column("text", words("review.head.text"), lambda item: _text(visit, item)),
            Column("line", words("review.head.line"), lambda item: _where(visit, item)),
            Column(
                "labels",
                words("review.head.labels"),
                lambda item: _labels(visit, item),
                sortable=True,
            ),
            Column("state", words("review.head.state"), lambda item: _state(board, visit, item)),
            Column("due", words("review.head.due"), lambda item: _due(visit, item)),
        ),
        load=load,
        key=lambda item: item.id,
        opens=lambda item: item_address(item.id),
        filters=(
            AnyOf("line", words("review.head.line"), _named(visit, "lines", Line)),
            AnyOf("state", words("review.head.state"), _named(visit, "states", State)),
            AnyOf("origin", words("review.head.origin"), _named(visit, "origins", Origin)),
            AnyOf("label", words("review.head.labels"), labels),
        ),
        empty=(words("review.no_items"), words("review.no_items_hint")),
    )


def _named(
    visit: Visit, family: str, kind: type[Line] | type[State] | type[Origin]
) -> dict[str, str]:
    return {one.value: visit.words.choice(f"review.{family}", one.value) for one in kind}


def _text(visit: Visit, item: ReviewItem) -> None:
    with ui.element("div").classes("tight"):
        shown = short(item.text, _LONGEST)
        # A text of nothing visible would leave a link without a name.
        seen = any(sign.isprintable() and not sign.isspace() for sign in shown)
        plain(shown if seen else item.id, classes="foreign")
        if item.appealed_at is not None:
            plain(visit.words("review.appealed"), classes="state small")


def _where(visit: Visit, item: ReviewItem) -> None:
    words = visit.words
    with ui.element("div").classes("tight"):
        plain(words.choice("review.lines", item.line.value), classes="nowrap")
        plain(words.choice("review.origins", item.origin.value), classes="soft small nowrap")


def _labels(visit: Visit, item: ReviewItem) -> None:
    with ui.element("div").classes("tight"):
        named = dict.fromkeys(label_name(visit.words, label.label) for label in item.labels)
        plain(visit.words("list.comma").join(named) or "–")
        plain(visit.words.choice("review.risks", item.risk_level), classes="soft small")


def _state(board: Board, visit: Visit, item: ReviewItem) -> None:
    with ui.element("div").classes("tight"):
        plain(verdict_word(visit, item), classes="nowrap")
        if item.holder is not None:
            plain(board.names.of(item.holder), classes="soft small foreign")


def _due(visit: Visit, item: ReviewItem) -> None:
    if item.state in _UNDECIDED:
        ticking("until", item.due_at)
    elif item.decided_at is not None:
        moment(visit, item.decided_at)
