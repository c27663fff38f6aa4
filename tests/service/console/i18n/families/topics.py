"""Words of the topics' pages that code makes up."""

from __future__ import annotations

from nlp.topics import FitStage, Pooling
from service.topics import FitState

FAMILIES = {
    "topics.states": set(FitState),
    "topics.poolings": set(Pooling),
    "topics.stages": {"waiting", "reading", *FitStage},
}
FORMED = {
    "topics": {
        f"{deed}{part}"
        for deed in ("activate", "cancel", "forget")
        for part in ("", "_title", "_hint", "_done")
    }
    | {"topic", "of_emotion", "in_topic", "lift", "posts", "drift_new", "drift_gone"}
    | {"read", "distinct", "vocabulary", "coherence", "diversity", "unfitting_share"}
}
