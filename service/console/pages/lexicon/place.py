"""Where the pages of the lexicon are, and what they share."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.board import Board
from service.console.format import short_time
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.lexicon import LexiconVersion, Record

LIST = f"{BASE}/lexicon"
ADD = f"{LIST}/add"
IMPORT = f"{LIST}/import"
VERSIONS = f"{LIST}/versions"

PLACE = Place(
    name="lexicon",
    path="/lexicon",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.LEXICON),
    deeper=(
        "/lexicon/add",
        "/lexicon/import",
        "/lexicon/entries/{entry_id}",
        "/lexicon/versions",
        "/lexicon/versions/{number}",
    ),
)


def entry_address(entry_id: str) -> str:
    """The page of an entry; ids are letters, digits and underscores."""
    return f"{LIST}/entries/{entry_id}"


def severities(words: Words) -> dict[str, str]:
    """The choices of a severity, the gravest first."""
    return {str(number): severity(words, number) for number in range(5, 0, -1)}


def severity(words: Words, number: int) -> str:
    """A severity as a number with its word."""
    return f"{number} · {words(f'lexicon.severity.{number}')}"


def state_of(words: Words, record: Record) -> str:
    """Whether it is in use, with a sign beside the word."""
    sign = "●" if record.is_active else "○"
    return f"{sign} {words.choice('lexicon.states', record.state.value)}"


def saved_by(board: Board, visit: Visit, save: LexiconVersion) -> str:
    """Who saved, and when. The name must have been learnt."""
    return f"{board.names.of(save.author)} · {short_time(save.at, visit.zone)}"
