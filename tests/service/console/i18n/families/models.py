"""Words of the pages of models that code makes up."""

from __future__ import annotations

from service.learning import Head, Kind, Origin, Split, TrialState
from service.learning.comparison import Effect
from service.moderation import Suggestion

FAMILIES = {
    "models.kinds": set(Kind),
    "models.heads": set(Head),
    "models.origins": set(Origin),
    "models.effects": set(Effect),
    "models.decision": set(Suggestion),
    "models.splits": set(Split),
    "models.states": set(TrialState),
    "models.stages": {
        "gathering",
        "serving",
        "candidate",
        "reading",
        "current",
        "lexicon",
        "reading, current",
        "reading, candidate",
    },
}
FORMED = {
    "models": {"candidate", "kind", "effect", "set", "who", "when"}
    | {"switch", "did", "reason", "head", "serving", "mended", "broken", "texts"},
}
