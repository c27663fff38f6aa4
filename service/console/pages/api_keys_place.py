"""Where the pages of API keys are, and how a key stands."""

from __future__ import annotations

from datetime import datetime

from service.auth import Action, ApiKey, ApiKeys, Principal, Resource
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.errors import NotFound

NEW = "/keys/_new"
"""No key's id: those begin with `key_`."""

PLACE = Place(
    name="api_keys",
    path="/keys",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.API_KEY),
    deeper=(NEW, "/keys/{key_id}"),
)

STATES = ("active", "expired", "revoked")
_SIGNS = {"active": "●", "expired": "◆", "revoked": "✗"}
_LOOKS = {"active": "state", "expired": "state soon", "revoked": "state late"}
_BATCH = 200


def address_of(key_id: str) -> str:
    """The page of a key; ids are letters, digits and `_`."""
    return f"{BASE}/keys/{key_id}"


async def every_key(keys: ApiKeys, principal: Principal) -> list[ApiKey]:
    """Every key, revoked ones too: an installation has dozens. Raises Forbidden."""
    found = await keys.page(principal, limit=_BATCH)
    every = list(found.items)
    while found.next is not None:
        found = await keys.page(principal, after=found.next, limit=_BATCH)
        every += found.items
    return every


async def find_key(keys: ApiKeys, principal: Principal, key_id: str) -> ApiKey:
    """The key of that id. Raises NotFound and Forbidden."""
    for item in await every_key(keys, principal):
        if item.id == key_id:
            return item
    raise NotFound(f"no API key {key_id}")


def state_of(item: ApiKey, now: datetime) -> str:
    """One of STATES."""
    if item.revoked_at is not None:
        return "revoked"
    return "expired" if item.expires_at is not None and item.expires_at <= now else "active"


def status_of(visit: Visit, item: ApiKey) -> tuple[str, str]:
    """Sign and words, and the classes, of how a key stands."""
    state = state_of(item, visit.now())
    return f"{_SIGNS[state]} {visit.words.choice('api_keys.states', state)}", _LOOKS[state]
