"""Rates of exchange, entered by hand: what each is worth from a day on, and where it is from."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.dialogs import Question
from service.console.forms import Form, Stored, Values
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.risks import place
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import InvalidInput
from service.risks import Rate

_ADDRESS = f"{BASE}{place.RATES}"
_DIGITS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,10})?")


def register(board: Board) -> None:
    """The page `/risk-rates`."""
    book = board.container.risk_register.rates

    @console_page(board, place.PLACE, place.RATES)
    async def rates(visit: Visit) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[Rate]:
            found = await book.page(principal, after=_after(query.cursor), limit=query.limit + 1)
            shown = found[: query.limit]
            await board.names.learn(*(item.by for item in shown))
            more = len(found) > query.limit
            return Rows(shown, following=_key(shown[-1]) if more else None)

        hint = words("risks.rates_hint", reporting=book.reporting)
        with heading(visit, words("risks.rates"), hint=hint):
            link(place.LIST, words("risks.back"), "act")
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("stack"):
                listing = Listing(
                    visit,
                    columns=_columns(board, visit),
                    load=load,
                    key=_key,
                    empty=(words("risks.no_rates"), words("risks.no_rates_hint")),
                )
                await listing.draw()
            with ui.element("section").classes("panel stack"):
                plain(words("risks.put_rate"), "h2")
                if visit.may(Action.EDIT, Resource.RISK):
                    _draw_form(board, visit)
                else:
                    plain(words("risks.may_not_edit"), "p", "soft")


def _key(item: Rate) -> str:
    return f"{item.currency} {item.day.isoformat()}"


def _after(cursor: str | None) -> tuple[str, str] | None:
    """Where a page begins; an address that somebody has spoilt begins at the front."""
    currency, _, day = (cursor or "").replace("\x00", "").partition(" ")
    return (currency, day) if currency and day else None


def _columns(board: Board, visit: Visit) -> tuple[Column[Rate], ...]:
    words = visit.words

    def worth(item: Rate) -> str:
        return f"1 {item.currency} = {item.rate:f} {item.reporting}"

    def remove(item: Rate) -> None:
        if visit.may(Action.DELETE, Resource.RISK):
            act = partial(_remove, board, visit, item)
            button(words("risks.remove_rate"), act, "act-small", key=f"remove-{_key(item)}")

    return (
        Column("worth", words("risks.worth"), worth),
        Column("day", words("risks.from_day"), lambda item: item.day.isoformat()),
        Column("origin", words("risks.origin"), lambda item: item.origin),
        Column("by", words("risks.by"), lambda item: board.names.of(item.by)),
        Column("remove", words("risks.act"), remove),
    )


def _draw_form(board: Board, visit: Visit) -> None:
    words, book = visit.words, board.container.risk_register.rates

    async def save(principal: Principal, values: Values) -> None:
        day, rate = values.day("day"), values.text("rate")
        wrong = [
            name for name, given in (("day", day), ("rate", _DIGITS.fullmatch(rate))) if not given
        ]
        if day is None or wrong:
            raise _refused(visit, wrong)
        try:
            await book.put(
                principal,
                values.text("currency").upper(),
                day,
                rate=Decimal(rate),
                origin=values.text("origin"),
            )
        except InvalidInput as error:
            raise _refused(visit, [path for path, _ in error.errors]) from error

    form = Form(visit, "risk-rate", stored=Stored(), save=save)
    form.said, form.after = words("risks.rate_kept"), _ADDRESS
    with form:
        hint = words("risks.currency_hint")
        form.text("currency", words("risks.currency"), hint=hint, required=True, longest=3)
        form.day("day", words("risks.from_day"), required=True)
        worth = words("risks.rate_in", reporting=book.reporting)
        form.text("rate", worth, required=True, longest=20)
        form.text("origin", words("risks.origin"), required=True, longest=500)
        form.submit(words("risks.put_rate"))


def _refused(visit: Visit, paths: list[str]) -> InvalidInput:
    words = visit.words
    errors = [(path, words.choice("risks.rate_mistakes", path)) for path in paths]
    return InvalidInput(words("risks.no_such_rate"), errors=errors)


async def _remove(board: Board, visit: Visit, item: Rate) -> None:
    words = visit.words

    async def remove(principal: Principal) -> None:
        book = board.container.risk_register.rates
        await book.remove(principal, item.currency, item.day, version=item.version)

    question = Question(
        title=words("risks.remove_ask", currency=item.currency, day=item.day.isoformat()),
        hint=words("risks.remove_hint"),
        confirm=words("risks.remove_rate"),
        grave=True,
    )
    said = words("risks.rate_removed")
    await settle(visit, remove, leads_to=_ADDRESS, said=said, question=question)
