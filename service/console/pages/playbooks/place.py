"""Where the pages of playbooks are, and what they share."""

from __future__ import annotations

from playbooks import Playbook
from service.auth import Action, Resource
from service.console.board import Board
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE

LIST = f"{BASE}/playbooks"

PLACE = Place(
    name="playbooks",
    path="/playbooks",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.PLAYBOOK),
    deeper=("/playbooks/{playbook_id}",),
)


def address(playbook_id: str, tier: str) -> str:
    """The plan of a playbook at a tier; both are small letters, digits and underscores."""
    return f"{LIST}/{playbook_id}?tier={tier}"


def title_of(board: Board, words: Words, playbook: Playbook) -> str:
    """The scenario that it is for, or the kind of incident."""
    if playbook.scenario is None:
        return words.choice("kind", playbook.kind.value)
    names = board.scenario_names(words)
    return names.get(playbook.scenario, playbook.scenario)


def handbook_address(lang: str) -> str:
    """The handbook as a document, in `zh`, `en` or `both`."""
    return f"{LIST}?handbook={lang}"
