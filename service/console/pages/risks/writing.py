"""An entry as a form: a new one, and one that is written anew."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.risks import place
from service.console.pages.risks.matrix import LEVELS
from service.console.people import accounts_of
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.errors import InvalidInput
from service.risks import Money, RiskDraft
from service.risks.checking import MONTHS_MAX, TEXT_MAX, TITLE_MAX
from service.risks.model import MONEY
from service.risks.money import AMOUNT

Keep = Callable[[Principal, RiskDraft, int | None], Awaitable[str]]
"""Keeps a draft, typed on that version; answers the id of the entry."""
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,4})?")
_WEIGHED = ("legal", "user", "technical")
_RATES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What an entry may name, by id; currencies are those that can be converted today."""

    people: Mapping[str, str]
    monitors: Mapping[str, str]
    scenarios: Mapping[str, str]
    currencies: tuple[str, ...]


async def read_choices(board: Board, visit: Visit, draft: RiskDraft | None = None) -> Choices:
    """Whoever owns `draft` is offered too, and its currencies, though they would be refused."""
    container = board.container
    book, principal = container.risk_register.rates, await visit.principal()
    today = book.day_of(visit.now())
    known = {book.reporting}
    for rate in await book.page(principal, after=None, limit=_RATES):
        if rate.day <= today:
            known.add(rate.currency)
    if draft is not None:
        known |= {getattr(draft, name).currency for name in MONEY}
    return Choices(
        people=await accounts_of(container.users, None if draft is None else draft.owner),
        monitors=await board.monitor_names(),
        scenarios=board.scenario_names(visit.words),
        currencies=tuple(sorted(known, key=lambda name: (name != book.reporting, name))),
    )


def register(board: Board) -> None:
    """The page `/new-risk`."""
    desk = board.container.risk_register.desk

    @console_page(board, place.PLACE, place.NEW)
    async def add(visit: Visit) -> None:
        words, principal = visit.words, await visit.principal()
        principal.require(Action.EDIT, Resource.RISK)

        async def keep(principal: Principal, draft: RiskDraft, _version: int | None) -> str:
            return (await desk.create(principal, draft)).id

        with heading(visit, words("risks.enter"), hint=words("risks.enter_hint")):
            link(place.LIST, words("risks.back"), "act")
        choices = await read_choices(board, visit)
        with ui.element("section").classes("panel"):
            values: dict[str, object] = {
                "owner": principal.id,
                "review_months": "3",
                **{f"{name}_currency": choices.currencies[0] for name in MONEY},
            }
            form = RiskForm(board, visit, "new-risk", choices, stored=Stored(values=values))
            form.draw(keep, said=words("risks.entered"), after=place.LIST)


class RiskForm:
    """Draws the fields, and reads a draft out of what was sent."""

    def __init__(
        self,
        board: Board,
        visit: Visit,
        name: str,
        choices: Choices,
        *,
        stored: Stored,
        reread: Callable[[Principal], Awaitable[Stored]] | None = None,
    ) -> None:
        self._visit = visit
        self._name = name
        self._choices = choices
        self._stored = stored
        self._reread = reread
        self._formula = board.container.risk_register.register.formula

    def draw(self, keep: Keep, *, said: str, after: str, main: bool = True) -> None:
        """The form; kept, the browser goes to `after`, which says `said`."""
        visit, words, choices = self._visit, self._visit.words, self._choices

        async def save(principal: Principal, values: Values) -> None:
            await keep(principal, self._draft(values), values.version)

        form = Form(visit, self._name, stored=self._stored, save=save, reread=self._reread)
        form.said, form.after = said, after
        levels = {str(level): words.choice("risks.levels", str(level)) for level in LEVELS}
        chances = {str(level): place.chance_name(words, self._formula, level) for level in LEVELS}
        months = {
            str(count): words("risks.every_months", months=count)
            for count in range(1, MONTHS_MAX + 1)
        }
        with form:
            form.text("title", words("risks.name"), required=True, longest=TITLE_MAX)
            form.long_text("description", words("risks.description"), longest=TEXT_MAX, rows=3)
            with ui.element("div").classes("abreast"):
                for name in _WEIGHED:
                    weight = getattr(self._formula.weights, name)
                    hint = words("risks.weight", percent=f"{weight * 100:.0f}")
                    form.choice(name, words.choice("risks.fields", name), levels, hint=hint)
            form.choice("likelihood", words("risks.likelihood"), chances)
            plain(words("risks.money"), "h3")
            with ui.element("p").classes("hint line"):
                plain(words("risks.currencies_hint"))
                link(f"{BASE}{place.RATES}", words("risks.rates"))
            for name in MONEY:
                label = words.choice("risks.fields", name)
                hint = words.choice("risks.money_hints", name)
                currencies = {code: code for code in choices.currencies}
                currency = words("risks.currency_of", amount=label)
                with ui.element("div").classes("abreast"):
                    form.text(name, label, hint=hint, required=name == "loss", longest=30)
                    form.choice(f"{name}_currency", currency, currencies)
            plain(words("risks.care"), "h3")
            form.choice("owner", words("risks.owner"), choices.people)
            form.choice("monitor", words("risks.monitor"), choices.monitors, required=False)
            form.choice("scenario", words("risks.scenario"), choices.scenarios, required=False)
            form.choice("review_months", words("risks.rhythm"), months)
            form.submit(words("risks.save"), main=main)

    def _draft(self, values: Values) -> RiskDraft:
        """What was typed. Raises InvalidInput at its field."""
        return RiskDraft(
            title=values.text("title"),
            description=values.text("description"),
            legal=values.whole("legal") or 0,
            user=values.whole("user") or 0,
            technical=values.whole("technical") or 0,
            likelihood=values.whole("likelihood") or 0,
            loss=self._money(values, "loss"),
            control_cost=self._money(values, "control_cost"),
            compliance_cost=self._money(values, "compliance_cost"),
            owner=values.text("owner"),
            monitor=values.optional("monitor"),
            scenario=values.optional("scenario"),
            review_months=values.whole("review_months") or 0,
        )

    def _money(self, values: Values, name: str) -> Money:
        """An amount as people write it: `100000`, `100,000.50`; nothing typed is nothing."""
        text = values.text(name)
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if text and not re.fullmatch(AMOUNT, text):
            said = self._visit.words("risks.no_amount")
            raise InvalidInput(said, errors=[(name, said)])
        return Money(amount=Decimal(text or "0"), currency=values.text(f"{name}_currency"))


def stored_risk(draft: RiskDraft, version: int) -> Stored:
    """An entry as its form shows it."""
    values: dict[str, object] = {
        "title": draft.title,
        "description": draft.description,
        "owner": draft.owner,
        "monitor": draft.monitor or "",
        "scenario": draft.scenario or "",
        "review_months": str(draft.review_months),
    }
    for name in (*_WEIGHED, "likelihood"):
        values[name] = str(getattr(draft, name))
    for name in MONEY:
        given: Money = getattr(draft, name)
        values[name], values[f"{name}_currency"] = f"{given.amount:f}", given.currency
    return Stored(values=values, version=version)
