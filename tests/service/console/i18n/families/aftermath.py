"""Words of the pages after the fire that code makes up."""

from __future__ import annotations

from service.reviews import ItemKind, ItemSort, ItemState, Lack, ReviewState
from service.trackers import Standing, Trouble
from service.trackers import State as TicketState

FAMILIES = {
    "reviews.states": set(ReviewState),
    "reviews.lacks": set(Lack) - {Lack.PROPOSALS},
    "improvements.states": set(ItemState),
    "improvements.to": set(ItemState) | {"pause", "redo"},
    "improvements.kinds": set(ItemKind),
    "improvements.orders": set(ItemSort),
    "improvements.before": {"verified", "dropped", "doing"},
    "improvements.ticket_states": set(TicketState),
    "improvements.standings": set(Standing),
    "improvements.troubles": set(Trouble),
}
FORMED = {
    "improvements": {
        *(name for one in ("impact", "urgency", "effort") for name in (one, f"{one}_hint")),
        "settled",
        "may_not",
    }
}
