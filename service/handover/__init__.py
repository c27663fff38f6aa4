"""Hand-over: improvements and needs reports go to a tracker, and come back as done."""

from __future__ import annotations

from service.handover.answers import heard_in
from service.handover.calls import Calls
from service.handover.deciding import Hearing
from service.handover.desk import HandoverDesk
from service.handover.hearing import Listener
from service.handover.loading import load_tracker, load_trackers, shapes
from service.handover.model import (
    Handover,
    HandoverFilter,
    Heard,
    Standing,
    State,
    SubjectKind,
    Trouble,
)
from service.handover.sending import KIND, TrackerSender, targets_of
from service.handover.telling import Telling
from service.handover.tracker import Inbound, Tracker, TrackerForm
from service.handover.watch import HandoverWatch

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
