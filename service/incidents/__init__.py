"""Incidents: their life, their evidence, their history."""

from __future__ import annotations

from service.incidents.lifecycle import OPEN_STATES, Action, State, Transition
from service.incidents.model import UNCLASSIFIED, Evidence, Incident, Kind, Opening
from service.incidents.reactions import Reactions
from service.incidents.service import Incidents
from service.incidents.view import format_instant, incident_view

__all__ = [
    "OPEN_STATES",
    "UNCLASSIFIED",
    "Action",
    "Evidence",
    "Incident",
    "Incidents",
    "Kind",
    "Opening",
    "Reactions",
    "State",
    "Transition",
    "format_instant",
    "incident_view",
]
