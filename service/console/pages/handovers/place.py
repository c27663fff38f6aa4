"""Where the pages of hand-overs are, and what they share."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.i18n import Words
from service.console.pages.incident import safe_address
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.trackers import Handover, Standing, State, SubjectKind

LIST = f"{BASE}/handovers"
NEEDS = "/handovers/_needs"
"""No hand-over's id: those begin with `hov_`."""
ONE = "/handovers/{handover_id}"

PLACE = Place(
    name="handovers",
    path="/handovers",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.HANDOVER),
    deeper=(NEEDS, ONE),
)
_SIGNS = {
    State.SENDING: "…",
    State.OPEN: "○",
    State.CLOSED: "●",
    State.FAILED: "✗",
    State.DELETED: "–",
}


def address(handover_id: str) -> str:
    """The page of a hand-over; ids are letters, digits and underscores."""
    return f"{LIST}/{handover_id}"


def title_of(item: Handover) -> str:
    """What the ticket is called, as it was sent."""
    return item.fields.get("title") or item.subject_id


def subject_address(visit: Visit, item: Handover) -> str | None:
    """The page of what was handed over; None where the visitor may not open it."""
    if item.subject_kind is SubjectKind.IMPROVEMENT:
        may = visit.may(Action.READ, Resource.CAUSE_REVIEW, monitor=item.monitor_id)
        return f"{BASE}/improvements/{item.subject_id}" if may else None
    may = visit.may(Action.READ, Resource.INDICATOR, monitor=item.monitor_id)
    return f"{BASE}/causes?monitor={item.monitor_id}" if may else None


def standing_of(words: Words, standing: Standing | None) -> str:
    """How the ticket stands, in the words of improvements; a dash while nobody knows."""
    return "–" if standing is None else words.choice("improvements.standings", standing.value)


def draw_state(visit: Visit, item: Handover) -> None:
    """How it stands, and what is wrong with it."""
    words = visit.words
    said = words.choice("improvements.ticket_states", item.state.value)
    plain(f"{_SIGNS[item.state]} {said}", classes="state")
    if item.trouble is not None:
        trouble = words.choice("improvements.troubles", item.trouble.value)
        plain(f"▲ {trouble}", "div", "late small")


def draw_ticket(item: Handover) -> None:
    """The tracker and the ticket's key there, which leads to it where it has a safe address."""
    plain(item.tracker, "div", "foreign")
    safe = safe_address(item.url)
    if safe is not None:
        ticket = link(safe, item.key or safe, "small foreign")
        ticket.props('target="_blank" rel="noopener noreferrer"')
    elif item.key:
        plain(item.key, "div", "small code foreign")
