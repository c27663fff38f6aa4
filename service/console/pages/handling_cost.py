"""What one crisis cost: the sum with its working, and what people enter of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from urllib.parse import quote

from nicegui import ui

from playbooks.schema import Role
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.forms import Form, Values
from service.console.i18n import Words
from service.console.page import console_page, heading
from service.console.places import Place
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import InvalidInput
from service.handling import CostDraft
from service.handling.cost import CostKind, Entry, Line
from service.handling.ledger import HOURS, CostFile
from service.risks.money import AMOUNT, Money
from service.statements import PromiseRow
from service.statements.model import PromiseFilter

COST_PATH = "/handling/{incident_id}"


def register_cost(board: Board, place: Place) -> None:
    """The page `/handling/{incident_id}`."""
    container = board.container

    @console_page(board, place, COST_PATH)
    async def cost(visit: Visit, incident_id: str) -> None:
        words = visit.words
        principal = await visit.principal()
        file = await container.handling.ledger.of(principal, incident_id)
        incident = (await container.desk.file(principal, incident_id)).incident
        promises = await _promises(visit, principal, incident_id)
        await board.names.learn(*(entry.by for entry in file.entries))
        hint = words("handling.cost_hint")
        with heading(visit, words("handling.cost_of", title=incident.title), hint=hint):
            address = f"{BASE}/incidents/{quote(incident_id, safe='')}"
            link(address, words("handling.to_incident"), "act")
            link(f"{BASE}/handling", words("handling.title"), "act")
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("stack"):
                _sum(visit, file, promises)
                _entries(board, visit, file)
            if visit.may(Action.WORK, Resource.INCIDENT, monitor=incident.monitor_id):
                with ui.element("div").classes("stack"):
                    _enter(visit, file, promises)


async def _promises(
    visit: Visit, principal: Principal, incident_id: str
) -> Mapping[str, PromiseRow]:
    """The promises of the crisis by id, of who may read them."""
    if not principal.may(Action.READ, Resource.STATEMENT):
        return {}
    wanted = PromiseFilter(incident_id=incident_id)
    found = await visit.container.statements.promises.page(principal, wanted)
    return {item.id: item for item in found}


def _sum(visit: Visit, file: CostFile, promises: Mapping[str, PromiseRow]) -> None:
    words, cost = visit.words, file.cost
    with ui.element("section").classes("panel stack"):
        plain(f"{cost.amount:,.2f} {cost.currency}", "p", "figure")
        plain(words("handling.example_rates"), "p", "soon")
        plain(words("handling.formula"), "p", "soft small")
        with ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for name in ("line", "made_of", "amount"):
                    plain(words(f"handling.{name}"), "th").props('scope="col"')
            with ui.element("tbody"):
                for item in cost.lines:
                    with ui.element("tr"):
                        plain(_line_said(words, item, promises), "td", "foreign wrap")
                        plain(_working(words, item), "td", "wrap")
                        plain(_amount(words, item, cost.currency), "td")
        for money in cost.left_out:
            said = words("handling.left_out", amount=f"{money.amount:,.2f}", of=money.currency)
            plain(said, "p", "problem")
        for promise in cost.unpriced:
            said = words("handling.unpriced", promise=_promise_said(promise, promises))
            plain(said, "p", "problem foreign")


def _line_said(words: Words, item: Line, promises: Mapping[str, PromiseRow]) -> str:
    kind = words.choice("handling.kinds", item.kind.value)
    if item.of is None:
        return kind
    of = (
        words.choice("role", item.of)
        if item.hours is not None
        else _promise_said(item.of, promises)
    )
    return f"{kind} · {of}"


def _promise_said(promise: str, promises: Mapping[str, PromiseRow]) -> str:
    row = promises.get(promise)
    return promise if row is None else row.text[:80]


def _working(words: Words, item: Line) -> str:
    if item.hours is None or item.hourly is None:
        return f"{item.given.amount:,.2f} {item.given.currency}"
    said = f"{item.hours:f} h × {item.hourly:,.2f} {item.given.currency}"
    return f"{said} · {words('handling.estimated')}" if item.estimated else said


def _amount(words: Words, item: Line, currency: str) -> str:
    if item.converted is None:
        return words("handling.no_rate")
    return f"{item.converted.amount:,.2f} {currency}"


def _entries(board: Board, visit: Visit, file: CostFile) -> None:
    words = visit.words
    may = visit.may(Action.WORK, Resource.INCIDENT)
    with ui.element("section").classes("panel stack"):
        plain(words("handling.entries"), "h2")
        if not file.entries:
            plain(words("handling.no_entries"), "p", "soft")
        for item in file.entries:
            with ui.element("article").classes("post"):
                with ui.element("div").classes("line"):
                    plain(_entry_said(words, item), classes="strong")
                    plain(board.names.of(item.by), classes="soft foreign")
                    moment(visit, item.at)
                    if may:
                        act = partial(_withdraw, visit, file.incident_id, item)
                        label = words("handling.withdraw")
                        button(label, act, "act-small act-grave", key=f"withdraw-{item.id}")
                if item.note:
                    plain(item.note, "p", "foreign")


def _entry_said(words: Words, item: Entry) -> str:
    kind = words.choice("handling.kinds", item.kind.value)
    if item.hours is not None:
        return f"{kind} · {words.choice('role', item.role or '')} · {item.hours:f} h"
    money = item.money
    return kind if money is None else f"{kind} · {money.amount:,.2f} {money.currency}"


async def _withdraw(visit: Visit, incident_id: str, item: Entry) -> None:
    words = visit.words
    question = Question(
        title=words("handling.withdraw_title", entry=_entry_said(words, item)),
        hint=words("handling.withdraw_hint"),
        confirm=words("handling.withdraw"),
        grave=True,
        reason=words("handling.reason"),
        reason_required=True,
    )
    reply = await ask(visit.client, words, question)
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        ledger = visit.container.handling.ledger
        await ledger.withdraw(principal, incident_id, item.id, reason=reply.reason)

    if await attempt(visit, deed):
        go(visit, _address(incident_id), said=words("handling.withdrawn"))


def _enter(visit: Visit, file: CostFile, promises: Mapping[str, PromiseRow]) -> None:
    """A form for each kind: hours, money for a promise that is owed, and losses."""
    words = visit.words
    roles = {role.value: words.choice("role", role.value) for role in Role}
    with ui.element("section").classes("panel stack"):
        plain(words("handling.enter_hours"), "h2")
        with _form(visit, file, CostKind.HOURS) as form:
            form.choice("role", words("handling.role"), roles)
            form.text(
                "hours", words("handling.hours"), hint=words("handling.hours_hint"), required=True
            )
            _note(words, form)
    owed = _owed(file, promises)
    if owed:
        with ui.element("section").classes("panel stack"):
            plain(words("handling.enter_compensation"), "h2")
            plain(words("handling.compensation_hint"), "p", "soft small")
            with _form(visit, file, CostKind.COMPENSATION) as form:
                form.choice("promise", words("handling.promise"), owed)
                _money(words, form)
    with ui.element("section").classes("panel stack"):
        plain(words("handling.enter_loss"), "h2")
        with _form(visit, file, CostKind.LOSS) as form:
            _money(words, form)


def _owed(file: CostFile, promises: Mapping[str, PromiseRow]) -> dict[str, str]:
    """Promises of money that can be priced, those without an amount first."""
    priced = [item.promise for item in file.entries if item.promise is not None]
    ids: Sequence[str] = list(dict.fromkeys([*file.cost.unpriced, *priced]))
    return {promise: _promise_said(promise, promises) for promise in ids}


def _form(visit: Visit, file: CostFile, kind: CostKind) -> Form:
    words = visit.words

    async def save(principal: Principal, values: Values) -> None:
        draft = _draft(visit, kind, values)
        await visit.container.handling.ledger.enter(principal, file.incident_id, draft)

    form = Form(visit, f"cost-{kind.value}-{file.incident_id}", save=save)
    form.said, form.after = words("handling.entered"), _address(file.incident_id)
    return form


def _note(words: Words, form: Form) -> None:
    form.text("note", words("handling.note"), longest=500)
    form.submit(words("handling.enter"))


def _money(words: Words, form: Form) -> None:
    form.text("amount", words("handling.amount"), hint=words("handling.amount_hint"), required=True)
    form.text(
        "currency", words("handling.currency"), hint=words("handling.currency_hint"), longest=3
    )
    _note(words, form)


def _draft(visit: Visit, kind: CostKind, values: Values) -> CostDraft:
    """What was typed; numbers are read as decimal digits, so that nothing is rounded."""
    words = visit.words
    if kind is CostKind.HOURS:
        hours = values.text("hours")
        if not re.fullmatch(HOURS, hours):
            said = words("handling.no_hours")
            raise InvalidInput(said, errors=[("hours", said)])
        return CostDraft(
            kind=kind, role=values.text("role"), hours=Decimal(hours), note=values.text("note")
        )
    amount = values.text("amount").replace(",", "")
    if not re.fullmatch(AMOUNT, amount):
        said = words("handling.no_amount")
        raise InvalidInput(said, errors=[("amount", said)])
    currency = values.text("currency").upper() or visit.container.settings.reporting_currency
    return CostDraft(
        kind=kind,
        money=Money(amount=Decimal(amount), currency=currency),
        promise=values.optional("promise"),
        note=values.text("note"),
    )


def _address(incident_id: str) -> str:
    return f"{BASE}/handling/{quote(incident_id, safe='')}"
