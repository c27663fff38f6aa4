"""The states of a page or a part of it that are not its content: nothing, trouble, not yet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from nicegui import ui

from service.auth import PERMISSIONS, BadCredentials, Principal
from service.console.deeds import leave
from service.console.i18n import Words
from service.console.places import Permission
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain, put
from service.console.toolkit import Timer
from service.console.trouble import Trouble, roles_needed, trouble_of

LoadedT = TypeVar("LoadedT")


def empty(title: str, hint: str = "", action: tuple[str, Callable[[], Any]] | None = None) -> None:
    """Nothing is there: why, what to do, and a button (its label, what it does) that does it."""
    with ui.element("section").classes("panel empty"):
        plain(title, "b")
        if hint:
            plain(hint, "p")
        if action is not None:
            button(action[0], action[1], "act-main", key="empty-action")


def problem_panel(
    words: Words, trouble: Trouble, *, retry: Callable[[], Any] | None = None
) -> None:
    """What happened and what to do. Without `retry` trying again loads the page anew."""
    with ui.element("section").classes("panel trouble").props('role="alert"'):
        plain(trouble.title, "h2")
        plain(trouble.hint, "p")
        if trouble.detail:
            plain(trouble.detail, "p", "soft small foreign")
        if trouble.reference:
            reference = words("trouble.reference", reference=trouble.reference)
            plain(reference, "p", "soft small")
        with ui.element("div").classes("line"):
            if trouble.again and retry is not None:
                button(words("trouble.again"), retry, "act-main", key="again")
            elif trouble.again:
                with put(ui.element("a"), href="").classes("act act-main"):
                    plain(words("trouble.again"))
            link(f"{BASE}/", words("trouble.to_queue"), "act")


def no_permission(words: Words, needed: Permission) -> None:
    """Which roles may see it."""
    with ui.element("section").classes("panel trouble"):
        plain(words("trouble.no_permission"), "h2")
        plain(roles_needed(words, PERMISSIONS.get(needed, frozenset())), "p")
        link(f"{BASE}/", words("trouble.to_queue"), "act")


def loading(words: Words, lines: int = 3) -> ui.element:
    """The shape of what is still being fetched; remove it with `.delete()`."""
    shape = put(ui.element("div"), role="status", aria_label=words("trouble.loading"))
    with shape.classes("skeleton"):
        for _ in range(lines):
            ui.element("div").classes("bone")
    return shape


def later(
    visit: Visit,
    load: Callable[[Principal], Awaitable[LoadedT]],
    draw: Callable[[LoadedT], object],
) -> None:
    """A place on the page whose content is fetched once the page is shown.

    `draw` draws into the place. An error takes its place, with a button that fetches again.
    """
    place = put(ui.element("div"), aria_busy="true").classes("stack later")

    async def fetch() -> None:
        place.clear()
        with place:
            loading(visit.words)
        try:
            loaded = await load(await visit.principal())
        except BadCredentials:
            leave(visit)
            return
        except Exception as error:
            shown = trouble_of(error, visit.words, where=visit.request.url.path)
            place.clear()
            with place:
                problem_panel(visit.words, shown, retry=fetch)
            return
        place.clear()
        with place:
            draw(loaded)
        put(place, aria_busy="false")

    with place:
        loading(visit.words)
    Timer(visit.drawn, 0, fetch, once=True)
