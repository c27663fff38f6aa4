"""How good the three lines of defence are: agreement, precision, and what slipped through. Pure."""

from __future__ import annotations

from service.moderation.quality.agreement import Agreement, cohen_kappa
from service.moderation.quality.patrol import (
    AlarmReason,
    PatrolEstimate,
    is_chosen,
    patrol_alarm,
    patrol_estimate,
)
from service.moderation.quality.precision import LabelPrecision, judged_labels, label_precision

__all__ = [
    "Agreement",
    "AlarmReason",
    "LabelPrecision",
    "PatrolEstimate",
    "cohen_kappa",
    "is_chosen",
    "judged_labels",
    "label_precision",
    "patrol_alarm",
    "patrol_estimate",
]
