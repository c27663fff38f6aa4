"""Who is paged, in which order, and when nobody answers: rotas, chains, leases, seats, silences."""

from __future__ import annotations

from service.oncall.board import EscalationFile, OncallBoard
from service.oncall.books import Chains, Contacts, Duties, Rotas
from service.oncall.chains import ChainBook, shipped_chains
from service.oncall.due_steps import DueSteps
from service.oncall.escalating import Escalating
from service.oncall.escalation_timers import EscalationTimers
from service.oncall.handovers import HandOvers
from service.oncall.late_steps import LateSteps
from service.oncall.model import ChainDraft, ContactDraft, DutyDraft, RotaDraft
from service.oncall.outcry import Outcry
from service.oncall.reach import Reach
from service.oncall.reactions import OncallReactions
from service.oncall.role_calls import RoleCalls
from service.oncall.shifts import OnDuty, Shift, gaps, next_change, shifts, who_is_on
from service.oncall.silence import Matcher, Silence
from service.oncall.silence_rows import silence_of
from service.oncall.silences import Silences
from service.oncall.team import Team
from service.oncall.unanswered import Unanswered

__all__ = [
    "ChainBook",
    "ChainDraft",
    "Chains",
    "ContactDraft",
    "Contacts",
    "DueSteps",
    "Duties",
    "DutyDraft",
    "Escalating",
    "EscalationFile",
    "EscalationTimers",
    "HandOvers",
    "LateSteps",
    "Matcher",
    "OnDuty",
    "OncallBoard",
    "OncallReactions",
    "Outcry",
    "Reach",
    "RoleCalls",
    "RotaDraft",
    "Rotas",
    "Shift",
    "Silence",
    "Silences",
    "Team",
    "Unanswered",
    "gaps",
    "next_change",
    "shifts",
    "shipped_chains",
    "silence_of",
    "who_is_on",
]
