"""Who answers for the words: what approval it takes, who gave it, and giving it."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Role
from service.console.dialogs import Question
from service.console.format import short_time
from service.console.pages.statements.sheet import Opened, StatementSheet
from service.console.theme import button, plain
from service.statements import Capacity, State

_ROLES = {Capacity.LEAD: Role.LEAD, Capacity.LEGAL: Role.LEGAL}
_WAITING = frozenset({State.SUBMITTED, State.APPROVED})


def still_missing(opened: Opened) -> tuple[str, ...]:
    """What approval lacks: `people`, `legal`, `lead`, `stranger`; counted as the desk does."""
    file, need = opened.file, opened.file.need
    given = [item for item in file.approvals if item.voided_at is None]
    legal = any(item.capacity is Capacity.LEGAL for item in given)
    missing = []
    if people_missing(opened):
        missing.append("people")
    if need.legal and not legal:
        missing.append("legal")
    if not any(item.capacity is Capacity.LEAD for item in given):
        missing.append("lead")
    if not {item.person for item in given} - {item.by for item in opened.editions}:
        missing.append("stranger")
    return tuple(missing)


def people_missing(opened: Opened) -> int:
    """How many more persons have to approve, legal apart."""
    need = opened.file.need
    given = [item for item in opened.file.approvals if item.voided_at is None]
    legal = any(item.capacity is Capacity.LEGAL for item in given)
    return max(0, need.persons - (len(given) - (1 if need.legal and legal else 0)))


def draw_approval(page: StatementSheet) -> None:
    """What it takes, what was given, and the buttons of whoever looks."""
    words, file = page.words, page.file
    with ui.element("section").classes("panel stack"):
        plain(words("statements.approve.title"), "h2")
        key = "statements.approve.need_legal" if file.need.legal else "statements.approve.need"
        plain(words(key, persons=file.need.persons), "p", "soft small")
        for item in file.approvals:
            with ui.element("div").classes("line small"):
                plain("✓" if item.voided_at is None else "×").props('aria-hidden="true"')
                capacity = words.choice("capacity", item.capacity.value)
                name = page.name_of(item.person)
                said = words("statements.approve.given", name=name, capacity=capacity)
                plain(said, classes="foreign" if item.voided_at is None else "foreign dimmed")
                plain(words("statements.edition", number=item.edition), classes="soft")
                plain(short_time(item.at, page.zone), classes="soft")
                if item.note:
                    plain(item.note, classes="foreign")
                if item.void_reason:
                    reason = words("statements.approve.voided", reason=item.void_reason)
                    plain(reason, classes="soft foreign")
        if page.statement.state in _WAITING:
            _draw_missing(page)
        _draw_acts(page)


def _draw_missing(page: StatementSheet) -> None:
    words, missing = page.words, still_missing(page.opened)
    if not missing:
        plain(words("statements.approve.enough"), "p", "done strong")
        return
    named = {
        "people": words("statements.approve.people", count=people_missing(page.opened)),
        "legal": words("statements.approve.legal"),
        "lead": words("statements.approve.lead"),
        "stranger": words("statements.approve.stranger"),
    }
    what = words("list.comma").join(named[name] for name in missing)
    plain(words("statements.approve.missing", what=what), "p", "soon strong")


def _draw_acts(page: StatementSheet) -> None:
    words, state = page.words, page.statement.state
    with ui.element("div").classes("line"):
        if state is State.DRAFT and page.may(Action.EDIT):
            if page.statement.blocking:
                said = words("statements.approve.blocked", count=page.statement.blocking)
                plain(said, classes="late small")
            else:
                label = words("statements.approve.submit")
                button(label, partial(_submit, page), "act-main", key="submit")
        if state in _WAITING and page.may(Action.APPROVE):
            _draw_approvals(page)
            label = words("statements.approve.send_back")
            button(label, partial(_send_back, page), key="send-back")
        if state is not State.WITHDRAWN and page.may(Action.EDIT):
            label = words("statements.approve.withdraw")
            button(label, partial(_withdraw, page), "act-quiet act-grave", key="withdraw")


def _draw_approvals(page: StatementSheet) -> None:
    """One button for each role in which the visitor may answer, until they have."""
    words = page.words
    given = {item.person for item in page.file.approvals if item.voided_at is None}
    if page.principal.id in given or not still_missing(page.opened):
        return
    labels = {
        Capacity.LEAD: words("statements.approve.as_lead"),
        Capacity.LEGAL: words("statements.approve.as_legal"),
    }
    for capacity, role in _ROLES.items():
        if role in page.principal.roles:
            approve = partial(_approve, page, capacity)
            button(labels[capacity], approve, "act-main", key=f"approve-{capacity.value}")


async def _submit(page: StatementSheet) -> None:
    version = page.statement.version

    async def deed(principal: Principal) -> None:
        desk = page.board.container.statements.desk
        await desk.submit(principal, page.statement.id, version=version)

    await page.act(deed, done=page.words("statements.approve.submitted"))


async def _approve(page: StatementSheet, capacity: Capacity) -> None:
    words, version, edition = page.words, page.statement.version, page.statement.edition
    reply = await page.ask(
        Question(
            title=words.choice("capacity", capacity.value),
            hint=words("statements.approve.ask", number=edition),
            confirm=words("statements.approve.title"),
            reason=words("dialog.note"),
        )
    )
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        # The version that was read: who answers for words must have seen these words.
        await page.board.container.statements.approvals.approve(
            principal, page.statement.id, capacity, note=reply.reason or None, version=version
        )

    await page.act(deed, done=words("statements.approve.done"))


async def _send_back(page: StatementSheet) -> None:
    words, version = page.words, page.statement.version
    reply = await page.ask(
        Question(
            title=words("statements.approve.send_back"),
            hint=words("statements.approve.send_back_hint"),
            confirm=words("statements.approve.send_back"),
            reason=words("dialog.reason"),
            reason_required=True,
        )
    )
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        await page.board.container.statements.approvals.send_back(
            principal, page.statement.id, reason=reply.reason, version=version
        )

    await page.act(deed, done=words("statements.approve.sent_back"))


async def _withdraw(page: StatementSheet) -> None:
    words, version = page.words, page.statement.version
    reply = await page.ask(
        Question(
            title=words("statements.approve.withdraw"),
            hint=words("statements.approve.withdraw_hint"),
            confirm=words("statements.approve.withdraw"),
            grave=True,
            reason=words("dialog.reason"),
            reason_required=True,
        )
    )
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        desk = page.board.container.statements.desk
        await desk.withdraw(principal, page.statement.id, reason=reply.reason, version=version)

    await page.act(deed, done=words("statements.approve.withdrawn"))
