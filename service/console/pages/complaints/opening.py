"""A complaint that a person opens from a stored post."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.complaints import NewComplaint
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.complaints import place
from service.console.session import Visit
from service.console.theme import link

_LONGEST = 64


def register(board: Board) -> None:
    """The page `/complaints/_new`; `?post=` names the post, `?incident=` the crisis."""
    container = board.container

    @console_page(board, place.PLACE, place.NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        principal = visit.session.principal
        principal.require(Action.WORK, Resource.COMPLAINT)
        monitors = {
            name: label
            for name, label in (await board.monitor_names()).items()
            if principal.may(Action.WORK, Resource.COMPLAINT, monitor=name)
        }
        made: list[str] = []

        async def save(actor: Principal, values: Values) -> None:
            wanted = NewComplaint(
                post_id=values.text("post"),
                monitor=values.optional("monitor"),
                cause=values.optional("cause"),
                incident_id=values.optional("incident"),
                note=values.optional("note"),
                drill=values.yes("drill"),
            )
            made.append((await container.complaints.desk.open(actor, wanted)).id)

        async def after() -> None:
            go(visit, place.address(made[-1]), said=words("complaints.made"))

        with heading(visit, words("complaints.new"), hint=words("complaints.new_hint")):
            link(place.LIST, words("complaints.back"), "act")
        start = {name: visit.query.get(name, "")[:_LONGEST] for name in ("post", "incident")}
        with ui.element("section").classes("panel"):
            form = Form(visit, "complaint-new", stored=Stored(values=start), save=save)
            form.after = after
            with form:
                hint = words("complaints.post_hint")
                form.text("post", words("complaints.post"), hint=hint, required=True, longest=64)
                label = words("complaints.monitor")
                hint = words("complaints.monitor_hint")
                form.choice("monitor", label, monitors, hint=hint, required=False)
                hint = words("complaints.cause_hint")
                form.text("cause", words("complaints.cause"), hint=hint, longest=_LONGEST)
                hint = words("complaints.incident_hint")
                form.text("incident", words("complaints.incident"), hint=hint, longest=40)
                form.long_text("note", words("complaints.note"), longest=5_000, rows=3)
                form.yes("drill", words("complaints.is_drill"))
                form.submit(words("complaints.open"))
