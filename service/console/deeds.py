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
        leave()
        return False
    except ServiceError as error:
        # The code has words in the visitor's language; the detail says which thing and why.
        said = visit.words.choice("error", error.code)
        ui.notify(f"{said}\n{error.detail}", type="negative", multi_line=True, timeout=8000)
        return False
    return True


def leave() -> None:
    """Send a page whose session has ended to the sign-in page."""
    ui.run_javascript(f"window.location.assign('{SIGN_IN}')")
