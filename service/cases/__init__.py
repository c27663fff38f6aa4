"""Casework: who has an incident, who watches it, what it has to do with others."""

from __future__ import annotations

from service.cases.desk import CaseDesk, Casework
from service.cases.links import Link, LinkKind
from service.cases.ownership import HandOver, HandOverState
from service.cases.precedents import Outcome, Precedent, Precedents
from service.cases.rows import Watch
from service.cases.topics import Topic
from service.cases.watching import Watching

__all__ = [
    "CaseDesk",
    "Casework",
    "HandOver",
    "HandOverState",
    "Link",
    "LinkKind",
    "Outcome",
    "Precedent",
    "Precedents",
    "Topic",
    "Watch",
    "Watching",
]
