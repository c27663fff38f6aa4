"""The points of a department row by row, and losses that are made good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.pages.catalogue_acts import settle
from service.console.pages.departments import place
from service.console.panels import fact_tiles
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.reviews import (
    Balance,
    Improvement,
    ItemFilter,
    ItemSort,
    ItemState,
    PointReason,
    PointRow,
)

_MOST = 200
_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What a department has, all of time; None where no row was ever written. `verified` are
    improvements that have made no loss good yet, of 200 the newest: the desk judges the rest."""

    balance: Balance | None
    verified: tuple[Improvement, ...]


async def read_earned(board: Board, principal: Principal, department_id: str) -> Earned:
    """Raises Forbidden."""
    reviewing = board.container.reviewing
    found = await reviewing.points.balances(principal)
    balance = next((item for item in found if item.department_id == department_id), None)
    verified: tuple[Improvement, ...] = ()
    if balance is not None and principal.may(Action.APPROVE, Resource.CAUSE_REVIEW):
        wanted = ItemFilter(departments=(department_id,), states=(ItemState.VERIFIED,))
        verified = tuple(
            await reviewing.improvements.page(principal, wanted, sort=ItemSort.NEWEST, limit=_MOST)
        )
        rows = await reviewing.points.page(principal, department_id, before=None, limit=_MOST)
        used = {row.improvement_id for row in rows if row.reason is PointReason.REDEMPTION}
        verified = tuple(item for item in verified if item.id not in used)
    return Earned(balance=balance, verified=verified)


class Ledger:
    """Draws balance and rows. `exists` is whether the department is still there."""

    def __init__(
        self, board: Board, visit: Visit, department_id: str, earned: Earned, *, exists: bool
    ) -> None:
        self._board = board
        self._visit = visit
        self._id = department_id
        self._earned = earned
        self._exists = exists
        self._points = board.container.reviewing.points

    async def draw(self) -> None:
        """The balance in figures, then the ledger, the newest row first."""
        words, balance = self._visit.words, self._earned.balance
        plain(words("departments.ledger"), "h2")
        if balance is not None:
            fact_tiles(
                (
                    (words("departments.points"), place.signed(balance.points)),
                    (words("departments.won"), place.signed(balance.won)),
                    (words("departments.lost"), place.signed(balance.lost)),
                )
            )
        listing = Listing(
            self._visit,
            columns=(
                Column("at", words("departments.at"), self._draw_at),
                Column(
                    "why",
                    words("departments.why"),
                    lambda row: words.choice("departments.reasons", row.reason.value),
                ),
                Column("about", words("departments.about"), self._draw_about),
                Column("by", words("departments.by"), self._draw_by),
                Column("points", words("departments.points"), self._draw_points, number=True),
                Column("good", words("departments.made_good"), self._draw_good),
            ),
            load=self._load,
            key=lambda row: str(row.id),
            empty=(words("departments.no_rows"), words("departments.no_rows_hint")),
        )
        await listing.draw()

    async def _load(self, principal: Principal, query: ListQuery) -> Rows[PointRow]:
        found = await self._points.page(
            principal, self._id, before=_number(query.cursor), limit=query.limit + 1
        )
        items = found[: query.limit]
        await self._board.names.learn(*(row.by for row in items))
        more = len(found) > query.limit
        return Rows(items, following=str(items[-1].id) if more else None)

    def _draw_at(self, row: PointRow) -> None:
        moment(self._visit, row.at)
        plain(self._visit.words("departments.row", row=row.id), "div", "soft small")

    def _draw_about(self, row: PointRow) -> str | None:
        words = self._visit.words
        links: Mapping[str, str | None] = {
            "improvements": row.improvement_id,
            "reviews": row.review_id,
            "incidents": row.incident_id,
        }
        shown = [(path, one) for path, one in links.items() if one is not None]
        if not shown:
            return words("departments.not_yours")
        with ui.element("div").classes("line small"):
            for path, one in shown:
                link(f"{BASE}/{path}/{one}", words.choice("departments.leads_to", path))
        return None

    def _draw_by(self, row: PointRow) -> None:
        words = self._visit.words
        plain(words.choice("actor", self._board.names.of(row.by)), "div", "foreign")
        if row.note:
            plain(row.note, "div", "soft small foreign")

    def _draw_points(self, row: PointRow) -> None:
        plain(place.signed(row.points), classes="strong late" if row.points < 0 else "strong")

    def _draw_good(self, row: PointRow) -> str | None:
        """Whether a loss was made good, and what could do so."""
        words = self._visit.words
        if row.redeems is not None:
            return words("departments.redeems", row=row.redeems)
        if row.points >= 0:
            return "–"
        if row.redeemed_by is not None:
            return f"✓ {words('departments.redeemed_by', row=row.redeemed_by)}"
        if not self._exists or not self._visit.may(Action.APPROVE, Resource.CAUSE_REVIEW):
            return words("departments.not_yet")
        options = {
            item.id: item.title
            for item in self._earned.verified
            if item.verified_at is not None and item.verified_at >= row.at
        }
        if not options:
            return words("departments.nothing_since")
        redeem = partial(self._redeem, row, options)
        button(words("departments.redeem"), redeem, "act-small", key=f"redeem-{row.id}")
        return None

    async def _redeem(self, row: PointRow, options: Mapping[str, str]) -> None:
        visit, words = self._visit, self._visit.words
        question = Question(
            title=words("departments.redeem_title", points=-row.points),
            hint=words("departments.redeem_hint"),
            confirm=words("departments.redeem"),
            options=options,
            options_label=words("departments.improvement"),
            reason=words("dialog.note"),
        )
        reply = await ask(visit.client, words, question)
        if reply is None or reply.choice is None:
            return
        improvement = reply.choice

        async def redeem(principal: Principal) -> None:
            await self._points.redeem(
                principal, self._id, row.id, improvement, note=reply.reason or None
            )

        said = words("departments.redeemed", points=-row.points)
        await settle(visit, redeem, leads_to=place.address(self._id), said=said)


def _number(cursor: str | None) -> int | None:
    """Where a page begins; an address that somebody has spoilt begins at the newest row."""
    fine = cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) <= _DIGITS
    return int(cursor) if cursor is not None and fine else None
