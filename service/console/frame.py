"""What is around every page: the bar on top, the menu at the side, and room for toasts."""

from __future__ import annotations

from fastapi import Request
from nicegui import ui

from service.auth import Action, Resource
from service.console.board import Board
from service.console.i18n import Language
from service.console.places import Place, Section
from service.console.session import BASE, PASSWORD, Taste, Theme, Visit
from service.console.theme import TOASTS, link, plain, put, taste_link

MAIN = "main"
_HEALTH_SHAPES = {"fine": "●", "late": "◆", "blind": "▲"}


async def framed(board: Board, visit: Visit, here: Place | None) -> ui.element:
    """Draw the frame, and answer the `main` that the page is drawn into."""
    page = visit.client.content.parent_slot
    if page is not None:
        # The toolkit's own `main` around everything would be a second one to a screen reader.
        put(page.parent, role="none")
    if here is not None and here.bare:
        return put(ui.element("main"), id=MAIN, tabindex="-1").classes("page bare")
    put(link(f"#{MAIN}", visit.words("frame.skip"), "skip"), data_skip="")
    with ui.element("header").classes("bar"):
        link(f"{BASE}/", visit.words("brand"), "brand")
        await _health(board, visit)
        plain("", classes="grow")
        taste_links(visit.taste, visit.request)
        keys = put(ui.element("button"), type="button", data_help="")
        with put(keys, aria_label=visit.words("keys.title")).classes("act act-quiet"):
            plain("?")
        _me(visit)
    with ui.element("div").classes("body"):
        _menu(board, visit, here)
        main = put(ui.element("main"), id=MAIN, tabindex="-1").classes("page")
    put(ui.element("div"), data_area=TOASTS, role="status", aria_live="polite").classes("toasts")
    return main


async def _health(board: Board, visit: Visit) -> None:
    """How well the sources are seen: a shape, a word and a colour."""
    if not visit.may(Action.READ, Resource.SOURCE):
        return
    health = await board.health.now()
    said = visit.words.choice("health", health.value)
    dot = put(ui.element("span"), title=visit.words("frame.health")).classes(
        f"health health-{health.value}"
    )
    with dot:
        plain(_HEALTH_SHAPES[health.value]).props('aria-hidden="true"')
        plain(said)


def _me(visit: Visit) -> None:
    words = visit.words
    with ui.element("div").classes("me"):
        signed_in = link(PASSWORD, visit.session.user.name, "quiet-link foreign")
        put(signed_in, title=words("frame.signed_in", name=visit.session.user.name))
        with (
            ui.element("form").props(f'method="post" action="{BASE}/sign-out"'),
            ui.element("button").props('type="submit"').classes("act act-quiet"),
        ):
            plain(words("frame.sign_out"))


def _menu(board: Board, visit: Visit, here: Place | None) -> None:
    """Sections with the places that the visitor may see, the present one marked."""
    words, principal = visit.words, visit.session.principal
    marked = None if here is None else here.under or here.name
    with put(ui.element("nav"), aria_label=words("frame.menu")).classes("menu"):
        for section in Section:
            places = [
                place
                for place in board.places
                if place.section is section and place.menu and place.open_to(principal)
            ]
            if not places:
                continue
            group = put(ui.element("details"), data_section=section.value)
            if section is Section.DUTY or (here is not None and here.section is section):
                put(group, open="")
            with group:
                plain(words(f"frame.section.{section.value}"), "summary")
                with ui.element("ul"):
                    for place in places:
                        with ui.element("li"):
                            label = words(f"{place.name}.title")
                            entry = link(f"{BASE}{place.path}", label, f"entry at-{place.name}")
                            if place.name == marked:
                                put(entry, aria_current="page")


def taste_links(taste: Taste, request: Request) -> None:
    """Switches of language and theme: links, so that they work without a socket."""
    words = taste.words
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    other = Language.EN if words.language is Language.ZH else Language.ZH
    themes = list(Theme)
    following = themes[(themes.index(taste.theme) + 1) % len(themes)]
    with ui.element("div").classes("taste"):
        taste_link({"language": other.value, "to": here}, words("frame.other_language"))
        label = words(f"theme.{taste.theme.value}")
        taste_link({"theme": following.value, "to": here}, label)
