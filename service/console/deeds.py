"""Doing something from a page: with the roles of this moment, and an answer when it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from service.auth import BadCredentials, Principal
from service.console.browser import call
from service.console.format import clock_time
from service.console.session import Visit, sign_in_address
from service.console.toolkit import Timer
from service.console.trouble import trouble_of

Deed = Callable[[Principal], Awaitable[object]]

_SESSION_CHECK_S = 60.0
_REFUSAL_MS = 12_000


async def attempt(visit: Visit, deed: Deed) -> bool:
    """Do it as the visitor; tells them what went wrong, and answers whether it was done."""
    try:
        await deed(await visit.principal())
    except BadCredentials:
        leave(visit)
        return False
    except Exception as error:
        refuse(visit, error)
        return False
    return True


def refuse(visit: Visit, error: Exception) -> None:
    """Tell the visitor why it was not done; what nobody foresaw is in the log, by reference."""
    trouble = trouble_of(error, visit.words, where=visit.request.url.path)
    lines = [trouble.title, trouble.detail or trouble.hint]
    if trouble.reference:
        lines.append(visit.words("trouble.reference", reference=trouble.reference))
    said = "\n".join(lines).encode("utf-8", "replace").decode("utf-8")
    # The button that was pressed may have been redrawn meanwhile: the page says it.
    with visit.client:
        ui.notify(said, type="negative", multi_line=True, timeout=_REFUSAL_MS, close_button="×")


def praise(visit: Visit, text: str) -> None:
    """Say that something was done."""
    with visit.client:
        ui.notify(text, type="positive")


def go(visit: Visit, address: str, *, said: str = "") -> None:
    """Lead the browser to an address of the console, where a toast then says `said`."""
    call(visit.client, "go", address, said)


def leave(visit: Visit) -> None:
    """Send a page whose session has ended to the sign-in page, which leads back; drafts stay."""
    call(visit.client, "go", sign_in_address(visit.request), "")


def keep_fresh(visit: Visit, every_s: float, look: Callable[[], Awaitable[object]]) -> ui.timer:
    """Call `look` every so many seconds while the page is open.

    Leads away when the session has ended. When `look` fails, the page says since when it is not
    fresh, and goes on trying; the first success takes that back.
    """
    checked_at = visit.container.clock.monotonic()
    fresh_at, stale = visit.now(), False

    async def turn() -> None:
        nonlocal checked_at, fresh_at, stale
        try:
            if visit.container.clock.monotonic() - checked_at >= _SESSION_CHECK_S:
                checked_at = visit.container.clock.monotonic()
                await visit.principal()
            await look()
        except BadCredentials:
            timer.deactivate()
            leave(visit)
            return
        except Exception as error:
            if not stale:
                trouble = trouble_of(error, visit.words, where=visit.request.url.path)
                since = clock_time(fresh_at, visit.zone)
                said = visit.words("frame.stale", since=since, why=trouble.title)
                call(visit.client, "stale", said)
            stale = True
            return
        fresh_at = visit.now()
        if stale:
            call(visit.client, "stale", "")
        stale = False

    timer = Timer(visit.drawn, every_s, turn)
    return timer
