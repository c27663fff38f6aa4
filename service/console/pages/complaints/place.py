"""Where the pages of complaints are, and what they share."""

from __future__ import annotations

from nlp.causes import load_causes
from nlp.lexicon import SCENARIOS
from service.auth import Action, Resource
from service.complaints import Clock, Complaint
from service.complaints.claim import NO_CAUSE
from service.complaints.repository import Position
from service.console.board import Board
from service.console.format import short_time
from service.console.i18n import Words
from service.console.listing import position as listing_position
from service.console.pages.causes_crossed import cause_said
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.theme import plain, put, ticking
from service.errors import InvalidInput

LIST = f"{BASE}/complaints"
NEW = "/complaints/_new"
"""No complaint's id: those begin with `cmp_`."""
ONE = "/complaints/{complaint_id}"

PLACE = Place(
    name="complaints",
    path="/complaints",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.COMPLAINT),
    deeper=(NEW, ONE),
)


def address(complaint_id: str) -> str:
    """The page of a complaint; ids are letters, digits and underscores."""
    return f"{LIST}/{complaint_id}"


def cause_text(board: Board, words: Words, cause: str) -> str:
    """What is complained of in words; what somebody typed by hand as they typed it."""
    if cause == NO_CAUSE:
        return words("complaints.no_cause")
    said = cause_said(words, cause)
    return board.scenario_names(words).get(cause, cause) if said == cause else said


def cause_asked(board: Board, words: Words, typed: str) -> str:
    """The cause that somebody means who typed its id or what it is called here."""
    named = {cause_text(board, words, one).casefold(): one for one in _known_causes()}
    return named.get(typed.casefold(), typed)


def _known_causes() -> tuple[str, ...]:
    return (NO_CAUSE, *SCENARIOS, *load_causes().causes)


def clock_of(words: Words, clock: Clock) -> str:
    """What the person waits for, in words."""
    return words.choice("complaints.clocks", clock.value)


def draw_wait(visit: Visit, complaint: Complaint) -> None:
    """What the person waits for and until when; in states where nobody waits, that."""
    words, clock = visit.words, complaint.clock
    if clock is None or complaint.resting:
        plain(words("complaints.nobody_waits"), classes="soft")
        return
    late = complaint.is_overdue(visit.now())
    sign = "▲ " if late else ""
    plain(f"{sign}{clock_of(words, clock)}", "div", "late" if late else "")
    put(ticking("until", complaint.due_at).classes("count"))
    plain(short_time(complaint.due_at, visit.zone), "div", "soft small nowrap")


def written(position: Position) -> str:
    """A place in the queue, for an address."""
    resting, due_at, complaint_id = position
    return f"{resting} {listing_position.cursor_of((due_at, complaint_id))}"


def position_of(cursor: str | None) -> Position | None:
    """Where a page begins. Raises InvalidInput for what an address never had from here."""
    if cursor is None:
        return None
    resting, _, rest = cursor.partition(" ")
    there = listing_position.position_of(rest)
    if there is None or resting not in ("0", "1"):
        raise InvalidInput("no page of this list begins there", errors=[("after", "begin anew")])
    return int(resting), *there
