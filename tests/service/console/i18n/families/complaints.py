"""Words of the pages of complaints that code makes up."""

from __future__ import annotations

from service.complaints import Clock, Deed
from service.complaints.model import AnswerKind, Origin, Part

_SAID = {Deed.ANSWER, Deed.RESPOND, Deed.RESOLVE, Deed.TELL}
_DECIDED = {Deed.DISPUTE, Deed.CLOSE, Deed.REOPEN, Deed.DISMISS}
FAMILIES = {
    "complaints.holders": {"me", "nobody"},
    "complaints.breached_is": {"yes", "no"},
    "complaints.clocks": set(Clock),
    "complaints.deeds": _SAID | _DECIDED,
    "complaints.deed_hints": _DECIDED,
    "complaints.parts": set(Part),
    "complaints.origins": set(Origin),
    "complaints.kinds": set(AnswerKind),
    "complaints.events": set(Deed)
    | {"opened", "post_joined", "assigned", "handed_over", "related"}
    | {"due_soon", "due", "escalated"},
}
