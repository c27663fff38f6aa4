"""Words of the incident page and of statements that code makes up."""

from __future__ import annotations

from nlp.encoder.heads import ABUSE, LABELS
from nlp.spread.coordination import Sign
from playbooks import DelayKind
from playbooks.schema import Intensity, StatementKind
from playbooks.statements import PromiseKind
from service.cases.links import INVERSE, LinkKind
from service.complaints import State as ComplaintState
from service.delivery import SendOutcome
from service.learning.head import CORRECTED
from service.oncall.seat_rows import SeatState
from service.statements import Capacity, PromiseState, State

FAMILIES = {
    "head": set(CORRECTED),
    "abuse": set(LABELS[ABUSE]),
    "intensity": set(Intensity),
    "spread.sign": set(Sign),
    "link_kind": set(LinkKind) | set(INVERSE.values()),
    "send_outcome": set(SendOutcome),
    "seat_state": set(SeatState),
    "delay.kinds": set(DelayKind),
    "statement_state": set(State),
    "statement_kind": set(StatementKind),
    "statements.lang": {"zh", "en"},
    "capacity": set(Capacity),
    "complaint_state": set(ComplaintState),
    "promise_state": set(PromiseState),
    "promise_kind": set(PromiseKind),
}
FORMED = {"delay.asked": set(DelayKind)}
