"""Hand-over: improvements and needs reports go to a tracker, and come back as done."""

from __future__ import annotations

from service.trackers.answers import heard_in
from service.trackers.calls import Calls
from service.trackers.deciding import Hearing
from service.trackers.desk import HandoverDesk
from service.trackers.hearing import Listener
from service.trackers.loading import load_tracker, load_trackers, shapes
from service.trackers.model import (
    Handover,
    HandoverFilter,
    Heard,
    Standing,
    State,
    SubjectKind,
    Trouble,
)
from service.trackers.sending import KIND, TrackerSender, targets_of
from service.trackers.telling import Telling
from service.trackers.tracker import Inbound, Tracker, TrackerForm
from service.trackers.watch import HandoverWatch

__all__ = [
    "KIND",
    "Calls",
    "Handover",
    "HandoverDesk",
    "HandoverFilter",
    "HandoverWatch",
    "Heard",
    "Hearing",
    "Inbound",
    "Listener",
    "Standing",
    "State",
    "SubjectKind",
    "Telling",
    "Tracker",
    "TrackerForm",
    "TrackerSender",
    "Trouble",
    "heard_in",
    "load_tracker",
    "load_trackers",
    "shapes",
    "targets_of",
]
