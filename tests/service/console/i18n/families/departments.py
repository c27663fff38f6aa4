"""Words of departments, recurrences and hand-overs that code makes up."""

from __future__ import annotations

from service.console.pages.recurrences_figures import Certainty
from service.reviews import PointReason
from service.trackers import SubjectKind

FAMILIES = {
    "departments.reasons": set(PointReason),
    "departments.counts": set(PointReason),
    "departments.leads_to": {"improvements", "reviews", "incidents"},
    "recurrences.states": set(Certainty),
    "handovers.kinds": set(SubjectKind),
    "handovers.to_subject": set(SubjectKind),
}
FORMED = {
    "departments": {
        "delete_heir_hint",
        "delete_hint",
        "to_improvements",
        "to_reviews",
    },
    "handovers": {"tracker", "address", "ready", "returns", "department", "due"},
}
