"""Every department with its points, and what points are given for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.listing import Column, Listing, ListQuery, OnDay, Rows
from service.console.page import console_page, heading
from service.console.pages.departments import place
from service.console.panels import small_table
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.reviews import Balance, Department, PointReason, load_point_rules

_FIRST_YEAR, _LAST_YEAR = 1970, 9000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A department and its points in the time asked for; `department` is None of a deleted one."""

    id: str
    department: Department | None
    balance: Balance


def register(board: Board) -> None:
    """The page `/departments`."""
    container = board.container

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[Standing]:
            found = await container.reviewing.points.balances(
                principal,
                since=_midnight(visit, query.day("since")),
                until=_midnight(visit, query.day("until"), after=True),
            )
            balances = {item.department_id: item for item in found}
            departments = {item.id: item for item in await container.reviewing.departments.every()}
            await board.names.learn(*(item.lead for item in departments.values()))
            rows = [
                Standing(
                    id=name,
                    department=departments.get(name),
                    balance=balances.get(name)
                    or Balance(department_id=name, points=0, won=0, lost=0),
                )
                for name in {**departments, **balances}
            ]
            rows.sort(key=lambda item: (item.department is None, -item.balance.points, item.id))
            return Rows.cut(rows, query)

        with heading(visit, words("departments.title"), hint=words("departments.hint")):
            if visit.may(Action.EDIT, Resource.DEPARTMENT):
                link(f"{BASE}{place.NEW}", words("departments.new"), "act act-main")
        listing = Listing(
            visit,
            columns=_columns(board, visit),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            filters=(
                OnDay("since", words("departments.since")),
                OnDay("until", words("departments.until")),
            ),
            empty=(words("departments.empty"), words("departments.empty_hint")),
        )
        await listing.draw()
        _draw_rules(visit)


def _columns(board: Board, visit: Visit) -> tuple[Column[Standing], ...]:
    words = visit.words

    def name(item: Standing) -> None:
        plain(item.id if item.department is None else item.department.name, "div", "foreign")
        if item.department is not None:
            plain(item.id, "div", "soft small code")

    def lead(item: Standing) -> str:
        found = None if item.department is None else item.department.lead
        return words("departments.nobody") if found is None else board.names.of(found)

    def state(item: Standing) -> str:
        if item.department is None:
            return f"✗ {words('departments.states.gone')}"
        if item.department.disabled:
            return f"○ {words('departments.states.idle')}"
        return f"● {words('departments.states.live')}"

    def points(item: Standing) -> None:
        plain(place.signed(item.balance.points), classes="strong")

    return (
        Column("name", words("departments.name"), name),
        Column("lead", words("departments.lead"), lead),
        Column("state", words("departments.state"), state),
        Column(
            "won", words("departments.won"), lambda it: place.signed(it.balance.won), number=True
        ),
        Column(
            "lost", words("departments.lost"), lambda it: place.signed(it.balance.lost), number=True
        ),
        Column("points", words("departments.points"), points, number=True),
    )


def _draw_rules(visit: Visit) -> None:
    """What is counted, and how much it counts: the rules that the ledger itself asks."""
    words, rules = visit.words, load_point_rules()
    with ui.element("section").classes("panel stack"):
        plain(words("departments.rules"), "h2")
        small_table(
            [words("departments.why"), words("departments.counted"), words("departments.points")],
            [
                (
                    words.choice("departments.reasons", reason.value),
                    words.choice("departments.counts", reason.value),
                    words("departments.what_was_lost")
                    if reason is PointReason.REDEMPTION
                    else place.signed(rules.points[reason]),
                )
                for reason in PointReason
            ],
            caption=words("departments.rules"),
            numbers=1,
        )
        plain(words("departments.rules_hint", version=rules.version), "p", "soft small")


def _midnight(visit: Visit, day: date | None, *, after: bool = False) -> datetime | None:
    """Where a day begins on people's clocks, or `after` it ends; a day of no calendar is none."""
    if day is None or not _FIRST_YEAR <= day.year < _LAST_YEAR:
        return None
    return datetime.combine(day + timedelta(days=int(after)), time(), visit.zone)
