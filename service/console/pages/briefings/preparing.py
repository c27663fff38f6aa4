"""Preparing a briefing now: of what, and of which time."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.briefings import Briefing, Kind, Language, Scope
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.briefings import place
from service.console.session import BASE, Visit
from service.console.theme import link


def register(board: Board) -> None:
    """The page `/new-briefing`."""

    @console_page(board, place.PLACE, place.NEW)
    async def new(visit: Visit) -> None:
        (await visit.principal()).require(Action.EDIT, Resource.BRIEFING)
        words = visit.words
        brands, monitors = await scopes(board.container, visit)
        with heading(visit, words("briefings.prepare"), hint=words("briefings.prepare_hint")):
            link(place.LIST, words("briefings.back"), "act")
            link(f"{BASE}{place.SCHEDULES}", words("briefings.schedules"), "act")
        with ui.element("section").classes("panel"):
            _draw(board.container, visit, brands, monitors)


def _draw(
    container: Container, visit: Visit, brands: dict[str, str], monitors: dict[str, str]
) -> None:
    words, made = visit.words, list[Briefing]()

    async def prepare(principal: Principal, values: Values) -> None:
        made.append(
            await container.briefings.desk.prepare(
                principal,
                Kind(values.text("kind")),
                scope=Scope(brand=values.optional("brand"), monitors=values.many("monitors")),
                day=values.day("day"),
                since=values.instant("since"),
                until=values.instant("until"),
                language=Language(values.text("language")),
            )
        )

    async def after() -> None:
        go(visit, place.address(made[-1].id), said=words("briefings.was_prepared"))

    begin: dict[str, object] = {"kind": Kind.DAILY, "language": visit.words.language.value}
    form = Form(visit, "briefing-new", stored=Stored(values=begin), save=prepare)
    form.after = after
    kinds = {kind.value: words.choice("briefings.kinds", kind.value) for kind in Kind}
    with form:
        form.choice("kind", words("briefings.kind"), kinds)
        form.day("day", words("briefings.day"), hint=words("briefings.day_hint"))
        form.instant("since", words("briefings.since"), hint=words("briefings.since_hint"))
        form.instant("until", words("briefings.until"))
        draw_scope(form, visit, brands, monitors)
        form.submit(words("briefings.prepare"))


async def scopes(container: Container, visit: Visit) -> tuple[dict[str, str], dict[str, str]]:
    """Names of the brands, and of the monitors of which the visitor may write, by id."""
    brands = {item.id: item.name for item in await container.brands.every()}
    monitors = {
        item.id: item.name
        for item in await container.monitors.every()
        if visit.may(Action.EDIT, Resource.BRIEFING, monitor=item.id)
    }
    return brands, monitors


def draw_scope(form: Form, visit: Visit, brands: dict[str, str], monitors: dict[str, str]) -> None:
    """Brand, monitors and language."""
    words = visit.words
    hint = words("briefings.scope_hint")
    form.choice("brand", words("briefings.brand"), brands, hint=hint, required=False)
    if monitors:
        form.many("monitors", words("briefings.monitors"), monitors)
    languages = {item.value: words.choice("briefings.languages", item.value) for item in Language}
    form.choice("language", words("briefings.language"), languages)
