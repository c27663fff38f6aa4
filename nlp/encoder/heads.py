"""The tasks a model may answer, and the labels each may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

SENTIMENT: Final = "sentiment"
EMOTION: Final = "emotion"
INTENT: Final = "intent"
ABUSE: Final = "abuse"
SCENARIO: Final = "scenario"
MODERATION: Final = "moderation"
VECTOR: Final = "vector"

ABUSIVE: Final = "abusive"
NONE: Final = "none"
"""The label of a text that speaks of no scenario, or breaks no rule."""

LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    SENTIMENT: ("negative", "neutral", "positive"),
    EMOTION: ("neutral", "happy", "angry", "sad", "fear", "surprise", "disgust"),
    INTENT: ("complaint", "question", "suggestion", "praise", "threat", "other"),
    ABUSE: ("clean", ABUSIVE),
}
"""Labels of the tasks whose labels are ours to fix."""

OPEN: Final = frozenset({SCENARIO, MODERATION})
"""Tasks whose labels are content, and one of them `none`."""

TASKS: Final = (*LABELS, SCENARIO, MODERATION)

WORST_WINDOW: Final = frozenset({ABUSE, SCENARIO, MODERATION})
"""Tasks where one window decides for the text: an insult stays one, however long the rest is."""


def label_fault(task: str, labels: Sequence[str]) -> str | None:
    """What is wrong with `labels` as the labels of `task`, or None.

    A model need not know every label of ours (many know no neutral); it must know two.
    """
    if task not in TASKS:
        return f"unknown task {task!r}; known: {', '.join(TASKS)}"
    if len(set(labels)) < max(2, len(labels)):
        return f"labels {list(labels)} must be two or more, once each"
    if task in OPEN:
        return None if NONE in labels else f"labels must have {NONE!r}"
    if unknown := [label for label in labels if label not in LABELS[task]]:
        return f"unknown labels {unknown}; those of {task}: {', '.join(LABELS[task])}"
    return None
