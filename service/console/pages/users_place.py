"""Where the pages of accounts are, and how an account stands."""

from __future__ import annotations

from datetime import datetime

from service.auth import Action, Resource, User
from service.console.format import short_time
from service.console.places import Place, Section
from service.console.session import BASE, Visit

NEW = "/users/_new"
"""No account's id: those begin with `usr_`."""

PLACE = Place(
    name="users",
    path="/users",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.USER),
    deeper=(NEW, "/users/{user_id}"),
)

_SIGNS = {"active": "●", "locked": "▲", "one_time": "◆", "disabled": "✗"}
_LOOKS = {"active": "state", "locked": "state late", "one_time": "state soon", "disabled": "state"}


def address_of(user_id: str) -> str:
    """The page of an account; ids are letters, digits and `_`."""
    return f"{BASE}/users/{user_id}"


def state_of(user: User, now: datetime) -> str:
    """`disabled`, `locked`, `one_time` (has yet to choose a password) or `active`."""
    if user.disabled:
        return "disabled"
    if user.locked_until is not None and user.locked_until > now:
        return "locked"
    return "one_time" if user.must_change_password else "active"


def status_of(visit: Visit, user: User) -> tuple[str, str, str]:
    """Sign, words and classes of how an account stands."""
    words, state = visit.words, state_of(user, visit.now())
    said = words.choice("users.states", state)
    if state == "locked" and user.locked_until is not None:
        said = words("users.locked_until", until=short_time(user.locked_until, visit.zone))
    return _SIGNS[state], said, _LOOKS[state]
