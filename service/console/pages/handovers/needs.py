"""The needs report of a time handed over to a tracker, as it is now."""

from __future__ import annotations

from datetime import timedelta

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.handovers import place
from service.console.session import Visit
from service.console.theme import link
from service.indicators import checked_window

_USUAL = timedelta(days=7)
_LONGEST = 64


def register(board: Board) -> None:
    """The page `/handovers/_needs`; `?monitor=` names the monitor."""
    container = board.container
    desk = container.handing_over.desk

    @console_page(board, place.PLACE, place.NEEDS)
    async def needs(visit: Visit) -> None:
        words = visit.words
        principal = await visit.principal()
        principal.require(Action.RUN, Resource.HANDOVER)
        trackers = [item.id for item in desk.trackers(principal) if item.token is not None]
        monitors = {
            name: label
            for name, label in (await board.monitor_names()).items()
            if principal.may(Action.RUN, Resource.HANDOVER, monitor=name)
        }
        made: list[str] = []

        async def save(actor: Principal, values: Values) -> None:
            since, until = values.instant("since"), values.instant("until")
            # Two people who press the button mean the same window.
            end = until or visit.now().replace(minute=0, second=0, microsecond=0)
            window = checked_window(since or end - _USUAL, end)
            handover, _first = await desk.needs(
                actor, values.text("monitor"), window, values.text("tracker")
            )
            made.append(handover.id)

        async def after() -> None:
            go(visit, place.address(made[-1]), said=words("improvements.handed_over"))

        with heading(visit, words("handovers.needs"), hint=words("handovers.needs_hint")):
            link(place.LIST, words("handovers.back"), "act")
        start = {
            "monitor": visit.query.get("monitor", "")[:_LONGEST],
            "tracker": trackers[0] if len(trackers) == 1 else "",
        }
        with ui.element("section").classes("panel"):
            form = Form(visit, "handover-needs", stored=Stored(values=start), save=save)
            form.after = after
            with form:
                form.choice("monitor", words("handovers.monitor"), monitors)
                options = {name: name for name in trackers}
                form.choice("tracker", words("handovers.tracker"), options)
                hint = words("handovers.since_hint")
                form.instant("since", words("handovers.since"), hint=hint)
                hint = words("handovers.until_hint")
                form.instant("until", words("handovers.until"), hint=hint)
                form.submit(words("handovers.hand_over"))
