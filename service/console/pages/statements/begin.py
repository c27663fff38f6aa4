"""A new statement of an incident: from a template, or written freely."""

from __future__ import annotations

from nicegui import ui

from playbooks.schema import StatementKind, Template
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.incident.statements import draw_advice
from service.console.pages.statements.place import NEW, PLACE
from service.console.session import BASE, Visit
from service.console.states import later, no_permission
from service.console.theme import link, plain
from service.incidents import Incident
from service.statements import NewStatement

_ROWS = 10


def register(board: Board) -> None:
    """The page `/incidents/{incident_id}/statements/new`."""

    @console_page(board, PLACE, NEW)
    async def begin(visit: Visit, incident_id: str) -> None:
        words, container = visit.words, board.container
        principal = await visit.principal()
        incident = (await container.desk.file(principal, incident_id)).incident
        with heading(visit, words("statements.begin.title"), hint=incident.title):
            link(f"{BASE}/incidents/{incident_id}", words("statements.to_incident"), "act")
        if not visit.may(Action.EDIT, Resource.STATEMENT, monitor=incident.monitor_id):
            no_permission(words, (Action.EDIT, Resource.STATEMENT))
            return
        later(
            visit,
            lambda principal: container.statements.reading.advice(principal, incident_id),
            lambda advice: None if advice is None else draw_advice(words, advice),
        )
        with ui.element("div").classes("pair"):
            _draw_templates(board, visit, incident)
            _draw_freely(board, visit, incident)


def _draw_templates(board: Board, visit: Visit, incident: Incident) -> None:
    words = visit.words
    options = template_options(board, visit, incident)
    asked = visit.query.get("template", "")
    with ui.element("section").classes("panel stack"):
        plain(words("statements.begin.from_template"), "h2")
        if not options:
            plain(words("statements.begin.no_templates"), classes="soft")
            return

        async def save(principal: Principal, values: Values) -> None:
            wanted = NewStatement(template=values.text("template"))
            await _drafted(board, visit, principal, incident, wanted)

        stored = Stored(values={"template": asked if asked in options else next(iter(options))})
        form = Form(visit, f"template-{incident.id}", save=save, stored=stored)
        with form:
            form.choice(
                "template",
                words("statements.begin.template"),
                options,
                hint=words("statements.begin.template_hint"),
            )
            form.submit(words("statements.begin.do"))


def template_options(board: Board, visit: Visit, incident: Incident) -> dict[str, str]:
    """Templates by id; those of the incident's scenario come first, and say so."""
    words, library = visit.words, board.container.library
    scenario = library.scenarios.get(incident.scenario or "")
    fitting = set(scenario.templates) if scenario else set()

    def label(template: Template) -> str:
        parts = [words.of(template.title), words.choice("statement_kind", template.kind.value)]
        parts.append(words.choice("statements.lang", template.lang))
        if template.id in fitting:
            parts.append(words("statements.begin.fits"))
        return " · ".join(parts)

    ordered = sorted(library.templates.values(), key=lambda item: (item.id not in fitting, item.id))
    return {template.id: label(template) for template in ordered}


def _draw_freely(board: Board, visit: Visit, incident: Incident) -> None:
    words = visit.words
    kinds = {kind.value: words.choice("statement_kind", kind.value) for kind in StatementKind}
    languages = {name: words.choice("statements.lang", name) for name in ("zh", "en")}
    with ui.element("section").classes("panel stack"):
        plain(words("statements.begin.freely"), "h2")

        async def save(principal: Principal, values: Values) -> None:
            wanted = NewStatement(
                title=values.text("title"),
                kind=StatementKind(values.text("kind")),
                lang=values.text("lang"),
                text=values.text("text"),
            )
            await _drafted(board, visit, principal, incident, wanted)

        stored = Stored(values={"kind": StatementKind.HOLDING.value, "lang": "zh"})
        form = Form(visit, f"statement-{incident.id}", save=save, stored=stored)
        with form:
            form.text("title", words("statements.begin.name"), required=True, longest=200)
            form.choice("kind", words("statements.begin.kind"), kinds)
            form.choice("lang", words("statements.begin.lang"), languages)
            form.long_text("text", words("statements.begin.text"), required=True, rows=_ROWS)
            form.submit(words("statements.begin.do"))


async def _drafted(
    board: Board, visit: Visit, principal: Principal, incident: Incident, wanted: NewStatement
) -> None:
    made = await board.container.statements.desk.draft(principal, incident.id, wanted)
    go(visit, f"{BASE}/statements/{made.id}", said=visit.words("statements.begin.done"))
