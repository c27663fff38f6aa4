"""Where on-call is in the console."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE

ROTA, NEW_ROTA = "/on-call/rotas/{rota_id}", "/on-call/rotas/_new"
PERSON, NEW_PERSON = "/on-call/people/{contact_id}", "/on-call/people/_new"
PEOPLE = "/on-call/people"
ROLE = "/on-call/roles/{role}"
CHAIN = "/on-call/chains/{chain_id}"

PLACE = Place(
    name="oncall",
    path="/on-call",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.ROTA),
    deeper=(NEW_ROTA, ROTA, PEOPLE, NEW_PERSON, PERSON, ROLE, CHAIN),
)

HOME = f"{BASE}/on-call"


def rota_address(rota_id: str) -> str:
    """The page of one rota."""
    return f"{HOME}/rotas/{rota_id}"


def person_address(contact_id: str) -> str:
    """The page of one person."""
    return f"{HOME}/people/{contact_id}"


def role_address(role: str) -> str:
    """The page of one playbook role."""
    return f"{HOME}/roles/{role}"


def chain_address(chain_id: str) -> str:
    """The page of the chain of a tier, or of a role at a tier."""
    return f"{HOME}/chains/{chain_id}"
