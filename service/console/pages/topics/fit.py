"""Asking for a fit: of which posts, how many topics, and what to go on from."""

from __future__ import annotations

from nicegui import ui

from nlp.topics import Pooling
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.topics.place import PLACE
from service.console.session import BASE, Visit
from service.console.states import no_permission
from service.console.theme import link, plain
from service.errors import InvalidInput
from service.topics import FitRequest, FitState
from service.topics.model import MOST_VERSIONS

_FIELDS = {"from": "since", "to": "until", "range": "lowest"}
"""Fields of the form, by what the desk calls these parts of a request."""


def register_fit(board: Board) -> None:
    """The page `/topics/new`."""
    desk = board.container.topics.desk

    @console_page(board, PLACE, "/topics/new")
    async def new(visit: Visit) -> None:
        words = visit.words
        with heading(visit, words("topics.new"), hint=words("topics.new_hint")):
            link(f"{BASE}/topics", words("topics.all"), "act")
        if not visit.may(Action.EDIT, Resource.TOPIC):
            no_permission(words, (Action.EDIT, Resource.TOPIC))
            return
        versions = (await desk.page(await visit.principal(), limit=MOST_VERSIONS)).items
        bases = {
            str(item.number): words("topics.version_title", number=item.number)
            for item in versions
            if item.state is FitState.READY
        }
        monitors = await board.monitor_names()

        async def save(principal: Principal, values: Values) -> None:
            try:
                version = await desk.ask(principal, _request(values))
            except InvalidInput as error:
                errors = [(_FIELDS.get(path, path), said) for path, said in error.errors]
                raise InvalidInput(error.detail, errors=errors) from error
            go(visit, f"{BASE}/topics/{version.number}", said=words("topics.asked"))

        usual = FitRequest()
        asked_base = visit.query.get("based_on", "")
        base = next((item for item in versions if str(item.number) == asked_base), None)
        stored = Stored(
            values={
                "monitor": "" if base is None or base.monitor is None else base.monitor,
                "based_on": "" if base is None else str(base.number),
                "pooling": usual.pooling.value,
                "lowest": usual.lowest,
                "highest": usual.highest,
                "seed": usual.seed,
            }
        )
        form = Form(visit, "topics-new", stored=stored, save=save)
        with ui.element("section").classes("panel"), form:
            every = words("topics.of_all")
            form.choice("monitor", words("topics.of"), monitors, required=False, hint=every)
            form.instant("since", words("topics.since"), hint=words("topics.since_hint"))
            form.instant("until", words("topics.until"), hint=words("topics.until_hint"))
            form.number("topics", words("topics.topics"), hint=words("topics.topics_hint"))
            form.number("lowest", words("topics.lowest"))
            form.number("highest", words("topics.highest"))
            poolings = {item.value: words.choice("topics.poolings", item.value) for item in Pooling}
            hint = words("topics.pooling_hint")
            form.choice("pooling", words("topics.pooling"), poolings, hint=hint)
            hint = words("topics.based_on_hint")
            form.choice("based_on", words("topics.based_on"), bases, required=False, hint=hint)
            form.number("seed", words("topics.seed"), hint=words("topics.seed_hint"))
            form.yes("activate", words("topics.activate_at_once"))
            form.submit(words("topics.ask"))
        plain(words("topics.ask_hint"), "p", "soft small")


def _request(values: Values) -> FitRequest:
    """What was typed, the usual where nothing was."""
    usual = FitRequest()
    lowest, highest, seed = (values.whole(name) for name in ("lowest", "highest", "seed"))
    return FitRequest(
        monitor=values.optional("monitor"),
        since=values.instant("since"),
        until=values.instant("until"),
        topics=values.whole("topics"),
        lowest=usual.lowest if lowest is None else lowest,
        highest=usual.highest if highest is None else highest,
        pooling=Pooling(values.text("pooling")),
        seed=usual.seed if seed is None else seed,
        based_on=values.whole("based_on"),
        activate=values.yes("activate"),
    )
