"""Words of review that code makes up."""

from __future__ import annotations

from service.console.pages.review.work import Fate
from service.moderation.policy import Source
from service.moderation.quality import AlarmReason
from service.moderation.review import Line, Origin, Ruling, State
from service.moderation.review.model import RISKS

FAMILIES = {
    "review.lines": set(Line),
    "review.origins": set(Origin),
    "review.states": set(State),
    "review.rulings": set(Ruling),
    "review.reasons": set(Ruling),
    "review.suggestions": {"pass", "review", "block"},
    "review.risks": set(RISKS),
    "review.sources": set(Source),
    "review.fates": {Fate.SENT, Fate.FAILED},
    "review.patrol_alarms": {reason.name.lower() for reason in AlarmReason},
    "review.events": {"filed", "held", "claimed", "renewed", "released", "escalated"}
    | {"appealed", "decided"},
    "review.labels": {"ad_unmarked", "ad_inducement", "ad_unproven", "ad_rejected", "doxxing"}
    | {"paid_posting", "guaranteed_return", "violence_threat", "bodily_harm_claim"}
    | {"exposure_threat", "legal_threat", "media_contact"},
}
FORMED = {
    "review.head": {"line", "waiting", "claimed", "overdue", "oldest", "limit"},
}
