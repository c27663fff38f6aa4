"""One promise: given an owner and a date, moved with a reason, shown to be kept."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from playbooks import Role as PlaybookRole
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import moment
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.promises import place
from service.console.panels import Cell, pairs
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.statements import PromiseRow, PromiseState

_ASSIGNED = frozenset({PromiseState.PROPOSED, PromiseState.OPEN})


def register(board: Board) -> None:
    """The page `/promises/{promise_id}`."""
    container = board.container

    @console_page(board, place.PLACE, place.ONE)
    async def one(visit: Visit, promise_id: str) -> None:
        principal = await visit.principal()
        row = await container.statements.promises.get(principal, promise_id)
        incident = (await container.desk.file(principal, row.incident_id)).incident
        await board.names.learn(row.owner, row.kept_by)
        may = principal.may(Action.EDIT, Resource.STATEMENT, monitor=incident.monitor_id)
        PromisePage(board, visit, row, may=may).draw()


class PromisePage:
    """The open page of a promise. `may` is whether the visitor may change it."""

    def __init__(self, board: Board, visit: Visit, row: PromiseRow, *, may: bool) -> None:
        self._board = board
        self._visit = visit
        self._row = row
        self._may = may
        self._desk = board.container.statements.promises

    def draw(self) -> None:
        """The sentence, how it stands, and what can be done."""
        visit, words, row = self._visit, self._visit.words, self._row
        with heading(visit, words("promises.one"), hint=row.id):
            link(place.LIST, words("promises.back"), "act")
        with ui.element("section").classes("panel stack"):
            plain(row.text, "p", "quote foreign")
            with ui.element("div").classes("line"):
                place.draw_state(visit, row)
                plain(words.choice("promise_kind", row.kind.value), classes="state")
            self._draw_facts()
        if not self._may:
            plain(words("promises.may_not"), "p", "soft")
            return
        with ui.element("div").classes("columns even"):
            if row.state is PromiseState.OPEN:
                with ui.element("section").classes("panel stack"):
                    plain(words("promises.keep"), "h2")
                    self._draw_keep()
            if row.state in _ASSIGNED:
                with ui.element("section").classes("panel stack"):
                    plain(words("promises.assign"), "h2")
                    self._draw_assign()

    def _draw_facts(self) -> None:
        visit, words, row = self._visit, self._visit.words, self._row
        nobody = words("promises.nobody")
        owner = nobody if row.owner is None else place.name_of(self._board, words, row.owner)
        rows: list[tuple[str, Cell]] = [
            (words("promises.owner"), owner),
            (words("promises.due"), lambda: place.draw_due(visit, row)),
            (
                words("promises.statement"),
                lambda: link(f"{BASE}/statements/{row.statement_id}", row.statement_id),
            ),
            (
                words("promises.incident"),
                lambda: link(f"{BASE}/incidents/{row.incident_id}", row.incident_id),
            ),
        ]
        for key, instant in (
            ("promises.made_at", row.made_at),
            ("promises.escalated_at", row.escalated_at),
            ("promises.kept_at", row.kept_at),
        ):
            if instant is not None:
                rows.append((words(key), partial(moment, visit, instant)))
        if row.kept_by is not None:
            rows.append((words("promises.kept_by"), place.name_of(self._board, words, row.kept_by)))
        if row.evidence is not None:
            rows.append((words("promises.evidence"), row.evidence))
        pairs(rows)

    def _stored(self) -> Stored:
        row = self._row
        return Stored(values={"owner": row.owner or "", "due_at": row.due_at}, version=row.version)

    async def _read(self, principal: Principal) -> Stored:
        self._row = await self._desk.get(principal, self._row.id)
        return self._stored()

    def _draw_assign(self) -> None:
        visit, words, row = self._visit, self._visit.words, self._row
        owners = {role.value: words.choice("role", role.value) for role in PlaybookRole}
        owners[visit.session.principal.id] = words("promises.me")
        if row.owner and row.owner not in owners:
            owners[row.owner] = place.name_of(self._board, words, row.owner)

        async def save(principal: Principal, values: Values) -> None:
            due_at = values.instant("due_at")
            # The field shows minutes; a date that nobody touched has not moved.
            shown = self._row.due_at and self._row.due_at.replace(second=0, microsecond=0)
            await self._desk.assign(
                principal,
                row.id,
                owner=values.optional("owner"),
                due_at=None if due_at == shown else due_at,
                reason=values.optional("reason"),
                version=values.version,
            )

        form = Form(visit, f"promise-{row.id}", stored=self._stored(), save=save, reread=self._read)
        form.said, form.after = words("promises.saved"), place.address(row.id)
        with form:
            form.choice("owner", words("promises.owner"), owners)
            form.instant("due_at", words("promises.due"), required=True)
            if row.state is PromiseState.OPEN:
                hint = words("promises.reason_hint")
                form.long_text("reason", words("promises.reason"), hint=hint, rows=2)
            form.submit(words("promises.save"), main=row.state is not PromiseState.OPEN)

    def _draw_keep(self) -> None:
        visit, words, row = self._visit, self._visit.words, self._row

        async def save(principal: Principal, values: Values) -> None:
            evidence = values.text("evidence")
            await self._desk.keep(principal, row.id, evidence=evidence, version=values.version)

        stored = Stored(version=row.version)
        form = Form(visit, f"keep-{row.id}", stored=stored, save=save)
        form.said, form.after = words("promises.kept"), place.address(row.id)
        with form:
            hint = words("promises.evidence_hint")
            label = words("promises.evidence")
            form.long_text("evidence", label, hint=hint, required=True, longest=5_000, rows=3)
            form.submit(words("promises.keep"))
