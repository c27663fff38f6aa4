"""What the words promise: whose it is, by when, and that it was kept."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from playbooks import Role as PlaybookRole
from service.auth import Action, Principal
from service.console.dialogs import Question
from service.console.format import short_time
from service.console.forms import Form, Stored, Values
from service.console.pages.statements.sheet import StatementSheet
from service.console.theme import button, plain, put, ticking
from service.statements import PromiseRow, PromiseState

_ASSIGNED = frozenset({PromiseState.PROPOSED, PromiseState.OPEN})


def draw_promises(page: StatementSheet) -> None:
    """Each promise with its owner and date; those of words that went are left out."""
    words = page.words
    rows = [row for row in page.file.promises if row.state is not PromiseState.DROPPED]
    with ui.element("section").classes("panel stack"):
        plain(words("statements.promises.title"), "h2")
        if not rows:
            plain(words("statements.promises.none"), "p", "soft small")
        for row in rows:
            with ui.element("article").classes("post"):
                _draw_promise(page, row)


def _draw_promise(page: StatementSheet, row: PromiseRow) -> None:
    words = page.words
    with ui.element("div").classes("line"):
        plain(words.choice("promise_kind", row.kind.value), classes="state")
        plain(row.text, classes="strong foreign")
    with ui.element("div").classes("line small"):
        plain(words.choice("promise_state", row.state.value), classes="soft")
        if row.owner:
            plain(page.name_of(row.owner), classes="foreign")
        else:
            plain(words("statements.promises.nobody"), classes="late")
        if row.due_at is None:
            plain(words("statements.promises.no_date"), classes="late")
        elif row.state is PromiseState.OPEN:
            ticking("until", row.due_at).classes("count")
            plain(short_time(row.due_at, page.zone), classes="soft")
        else:
            plain(short_time(row.due_at, page.zone), classes="soft")
        if row.evidence:
            plain(row.evidence, classes="foreign")
    if not page.may(Action.EDIT):
        return
    if row.state in _ASSIGNED:
        folded = put(ui.element("details"), data_key=f"assign-{row.id}")
        if row.owner is None or row.due_at is None:
            put(folded, open="")
        with folded:
            plain(words("statements.promises.assign"), "summary", "small")
            _draw_form(page, row)
    if row.state is PromiseState.OPEN:
        keep = partial(_keep, page, row)
        button(words("statements.promises.keep"), keep, "act-small", key=f"keep-{row.id}")


def _draw_form(page: StatementSheet, row: PromiseRow) -> None:
    words = page.words
    owners = {role.value: words.choice("role", role.value) for role in PlaybookRole}
    if row.owner and row.owner not in owners:
        owners[row.owner] = page.name_of(row.owner)

    async def save(principal: Principal, values: Values) -> None:
        due_at = values.instant("due_at")
        # The field shows minutes; a date that nobody touched has not moved.
        kept = row.due_at and row.due_at.replace(second=0, microsecond=0)
        await page.board.container.statements.promises.assign(
            principal,
            row.id,
            owner=values.optional("owner"),
            due_at=None if due_at == kept else due_at,
            reason=values.optional("reason"),
            version=row.version,
        )

    async def done() -> None:
        await page.reread(await page.visit.principal())

    stored = Stored(values={"owner": row.owner or "", "due_at": row.due_at}, version=row.version)
    form = Form(page.visit, f"promise-{row.id}", stored=stored, save=save)
    form.said, form.after = words("statements.promises.saved"), done
    with form:
        form.choice("owner", words("statements.promises.owner"), owners)
        form.instant("due_at", words("statements.promises.due"), required=True)
        if row.state is PromiseState.OPEN:
            form.text("reason", words("statements.promises.reason"), longest=2_000)
        form.submit(words("statements.promises.save"), main=False)


async def _keep(page: StatementSheet, row: PromiseRow) -> None:
    words = page.words
    reply = await page.ask(
        Question(
            title=words("statements.promises.keep"),
            hint=words("statements.promises.keep_hint"),
            confirm=words("statements.promises.keep"),
            reason=words("dialog.reason"),
            reason_required=True,
        )
    )
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        desk = page.board.container.statements.promises
        await desk.keep(principal, row.id, evidence=reply.reason, version=row.version)

    await page.act(deed, done=words("statements.promises.kept"))
