"""The register: what it comes to, the matrix, and every entry, the gravest first."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import measure, moment
from service.console.listing import (
    AnyOf,
    Column,
    Containing,
    Listing,
    ListQuery,
    OneOf,
    OrderedBy,
    Rows,
)
from service.console.listing.filters import Filter
from service.console.page import console_page, heading
from service.console.pages.risks import place
from service.console.pages.risks.matrix import LEVELS, draw_matrix
from service.console.panels import fact_tiles
from service.console.people import accounts_of
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.risks import Entry, RiskFilter, Sort, Stage
from service.risks.assessment import total
from service.risks.desk import ENTRIES_MAX


def register(board: Board) -> None:
    """The page `/risks`."""
    container = board.container
    book = container.risk_register.register

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        monitors, people = await board.monitor_names(), await accounts_of(container.users)
        held = await book.page(await visit.principal(), RiskFilter(), limit=ENTRIES_MAX)

        async def load(principal: Principal, query: ListQuery) -> Rows[Entry]:
            found = await book.page(
                principal,
                _wanted(query),
                sort=Sort(query.one("order") or Sort.SCORE),
                limit=ENTRIES_MAX,
            )
            return Rows.cut([item for item in found if _in_cell(item, query)], query)

        with heading(visit, words("risks.title"), hint=words("risks.hint")):
            for form in ("html", "docx"):
                report = link(
                    f"/v1/risks/report?format={form}",
                    words("risks.report", form=form.upper()),
                    "act",
                )
                report.props("download")
            link(f"{BASE}{place.RATES}", words("risks.rates"), "act")
            if visit.may(Action.EDIT, Resource.RISK):
                link(f"{BASE}{place.NEW}", words("risks.enter"), "act act-main")
        if held:
            _draw_totals(board, visit, held)
            draw_matrix(visit, book.formula, held)
        listing = Listing(
            visit,
            columns=_columns(board, visit, monitors),
            load=load,
            key=lambda item: item.risk.id,
            opens=lambda item: place.address(item.risk.id),
            filters=_filters(board, visit, monitors, people),
            empty=(words("risks.empty"), words("risks.empty_hint")),
        )
        await listing.draw()


def _draw_totals(board: Board, visit: Visit, held: tuple[Entry, ...]) -> None:
    words = visit.words
    reporting = board.container.risk_register.rates.reporting
    sums = total(item.assessment for item in held)
    fact_tiles(
        [
            (words("risks.held"), measure(sums.entries)),
            (words("risks.overdue"), measure(sum(item.is_overdue for item in held))),
            (words("risks.expected_loss"), place.amount(sums.expected_loss, reporting)),
            (words("risks.cost"), place.amount(sums.cost, reporting)),
            (words("risks.balance"), place.amount(sums.balance, reporting)),
        ]
    )
    if sums.left_out:
        with ui.element("p").classes("soon"):
            plain(f"▲ {words('risks.left_out', count=sums.left_out)}")


def _wanted(query: ListQuery) -> RiskFilter:
    return RiskFilter(
        stages=tuple(Stage(name) for name in query.many("stage")),
        owners=query.many("owner"),
        monitors=query.many("monitor"),
        bands=query.many("band"),
        overdue=True if query.one("state") == "overdue" else None,
        owner_left=True if query.one("state") == "owner_left" else None,
        retired=query.one("state") == "retired",
        q=query.text("q"),
    )


def _in_cell(item: Entry, query: ListQuery) -> bool:
    grave, likelihood = query.one("severity"), query.one("likelihood")
    return (grave is None or place.severity(item.assessment.score) == int(grave)) and (
        likelihood is None or item.risk.draft.likelihood == int(likelihood)
    )


def _filters(
    board: Board, visit: Visit, monitors: dict[str, str], people: dict[str, str]
) -> tuple[Filter, ...]:
    words, formula = visit.words, board.container.risk_register.register.formula
    bands = {item.id: place.band_name(words, formula, item.id) for item in formula.bands}
    stages = {item.value: words.choice("risks.stages", item.value) for item in Stage}
    states = {
        name: words.choice("risks.only", name) for name in ("overdue", "owner_left", "retired")
    }
    orders = {item.value: words.choice("risks.orders", item.value) for item in Sort}
    levels = {str(level): words("risks.grave_of", level=level) for level in LEVELS}
    chances = {str(level): place.chance_name(words, formula, level) for level in LEVELS}
    return (
        Containing("q", words("risks.name")),
        AnyOf("band", words("risks.band"), bands),
        AnyOf("stage", words("risks.stage"), stages),
        AnyOf("owner", words("risks.owner"), people),
        AnyOf("monitor", words("risks.monitor"), monitors),
        OneOf("severity", words("risks.grave"), levels),
        OneOf("likelihood", words("risks.likelihood"), chances),
        OneOf("state", words("risks.state"), states),
        OrderedBy("order", words("risks.order"), orders),
    )


def _columns(board: Board, visit: Visit, monitors: dict[str, str]) -> tuple[Column[Entry], ...]:
    words, risks = visit.words, board.container.risk_register
    reporting, formula = risks.rates.reporting, risks.register.formula

    def score(item: Entry) -> None:
        found = item.assessment.score
        plain(place.band_name(words, formula, found.band), "div", "strong nowrap")
        plain(f"{measure(float(found.value))} / 25", "div", "soft small nowrap")

    def about(item: Entry) -> None:
        plain(item.risk.draft.title, "div", "foreign")
        monitor = item.risk.draft.monitor
        if monitor is not None:
            plain(monitors.get(monitor, monitor), "div", "soft small foreign")

    def due(item: Entry) -> str | None:
        if item.risk.retired or item.review.due_at is None:
            return "–"
        if item.is_overdue:
            plain(f"▲ {words('risks.overdue')}", "div", "late")
        moment(visit, item.review.due_at)
        return None

    def stage(item: Entry) -> str:
        name = words.choice("risks.stages", item.risk.stage.value)
        return words("risks.retired") if item.risk.retired else name

    return (
        Column("title", words("risks.name"), about),
        Column("score", words("risks.score"), score),
        Column("owner", words("risks.owner"), lambda item: place.owner_of(words, item)),
        Column("stage", words("risks.stage"), stage),
        Column("due", words("risks.due"), due),
        Column(
            "loss",
            words("risks.expected_loss"),
            lambda item: place.amount(item.assessment.expected_loss, reporting),
            number=True,
        ),
        Column(
            "balance",
            words("risks.balance"),
            lambda item: place.amount(item.assessment.balance, reporting),
            number=True,
        ),
    )
