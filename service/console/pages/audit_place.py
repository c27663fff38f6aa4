"""Where the pages of the audit trail are, and its rows in words."""

from __future__ import annotations

from service.audit import AuditEntry
from service.auth import Action, Resource
from service.console.board import Board
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE

PLACE = Place(
    name="audit",
    path="/audit",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.AUDIT),
    deeper=("/audit/{entry_id}",),
)


def address_of(entry_id: int) -> str:
    """The page of a row."""
    return f"{BASE}/audit/{entry_id}"


def actor_text(board: Board, entry: AuditEntry, words: Words) -> str:
    """Who did it: a name once `board.names` has learnt it, else the id that the trail keeps."""
    said = words.choice("actor", entry.actor)
    return board.names.of(entry.actor) if said == entry.actor else said


def deed_text(entry: AuditEntry, words: Words) -> str:
    """What was done, in a word; one that has none is shown as the trail has it."""
    return words.choice("audit.deeds", entry.action.rpartition(".")[2])


def type_text(entry: AuditEntry, words: Words) -> str:
    """What kind of thing it was done to; one without a word is shown as the trail has it."""
    return words.choice("roles.resources", words.choice("audit.subjects", entry.subject_type))


def subject_text(entry: AuditEntry) -> str:
    """The thing's id."""
    return entry.subject_id or "–"
