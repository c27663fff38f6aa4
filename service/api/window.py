"""What most questions of indicators name: a monitor, and from when until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.errors import InvalidInput
from service.indicators import Window, checked_window

WEEK = timedelta(days=7)


def monitors_of(me: Principal, given: tuple[str, ...]) -> tuple[str, ...]:
    """At least one, each once. Raises Forbidden first, so that a stranger learns no more."""
    me.require(Action.READ, Resource.INDICATOR)
    ids = tuple(dict.fromkeys(given))
    if not ids:
        raise InvalidInput("monitor: name one", errors=[("monitor", "the id of a monitor")])
    return ids


def monitor_of(me: Principal, given: str | None) -> str:
    """The one that is named. Raises Forbidden, InvalidInput."""
    return monitors_of(me, () if given is None else (given,))[0]


def window_of(
    service: Container, since: datetime | None, until: datetime | None, *, usual: timedelta = WEEK
) -> Window:
    """Until now, unless told otherwise, and as long as usual. Raises InvalidInput."""
    end = until or service.clock.now()
    try:
        return checked_window(since or end - usual, end)
    except OverflowError as error:
        message = "no such time so long before `until`"
        raise InvalidInput(f"until: {message}", errors=[("until", message)]) from error
