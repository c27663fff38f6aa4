"""Where the pages of hand-overs are, and what they share."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.trackers import Handover, SubjectKind

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
