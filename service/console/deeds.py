"""Doing something from a page: with the roles of this moment, and an answer when it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from service.auth import BadCredentials, Principal
from service.console.session import SIGN_IN, Visit
from service.errors import ServiceError

Deed = Callable[[Principal], Awaitable[object]]


async def attempt(visit: Visit, deed: Deed) -> bool:
    """Do it as the visitor; tells them what went wrong, and answers whether it was done."""
    try:
        await deed(await visit.principal())
    except BadCredentials:
        leave(visit)
        return False
    except ServiceError as error:
        # The code has words in the visitor's language; the detail says which thing and why.
        said = visit.words.choice("error", error.code)
        # The button that was pressed may have been redrawn meanwhile: the page says it.
        with visit.client:
            ui.notify(f"{said}\n{error.detail}", type="negative", multi_line=True, timeout=8000)
        return False
    return True


def praise(visit: Visit, text: str) -> None:
    """Say that something was done."""
    with visit.client:
        ui.notify(text, type="positive")


def leave(visit: Visit) -> None:
    """Send a page whose session has ended to the sign-in page."""
    visit.client.run_javascript(f"window.location.assign('{SIGN_IN}')")
