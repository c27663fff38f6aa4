"""What texts are read as, where posts come from, and days of the week."""

from __future__ import annotations

from crawlers import Channel
from nlp.encoder.heads import EMOTION, INTENT, LABELS, SENTIMENT

FAMILIES = {
    "sentiment": set(LABELS[SENTIMENT]),
    "emotion": set(LABELS[EMOTION]),
    "intent": set(LABELS[INTENT]),
    "channel": set(Channel),
    "weekday": {str(day) for day in range(1, 8)},
}
