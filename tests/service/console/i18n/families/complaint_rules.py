"""Words of the pages of complaint rules that code makes up."""

from __future__ import annotations

from service.complaints.rule import Counting, Evidence, Reason

FAMILIES = {
    "complaint_rules.states": {"live", "idle"},
    "complaint_rules.evidence": set(Evidence),
    "complaint_rules.countings": set(Counting),
    "complaint_rules.reasons": set(Reason),
}
FORMED = {
    "complaint_rules.head": {"text", "verdict", "encoder", "words"},
    "complaint_rules": {
        *("warn_answer_min", "warn_response_min", "warn_resolution_min", "escalate_min"),
        *("delete", "delete_ask", "delete_hint", "deleted"),
        *("restore", "restore_ask", "restore_hint", "restored"),
    },
}
