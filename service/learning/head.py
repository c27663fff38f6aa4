"""What people may say of a text, and which answers there are."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from nlp.encoder.heads import LABELS
from service.errors import InvalidInput


class Head(StrEnum):
    """A question to which people and models have an answer."""

    SENTIMENT = "sentiment"
    EMOTION = "emotion"
    INTENT = "intent"
    ABUSE = "abuse"
    SCENARIO = "scenario"
    DECISION = "decision"
    """Pass or block, by a person's verdict; what the policy makes of a text."""
    ABOUT_US = "about_us"
    """Whether a post that came in speaks of the brand at all: no model is asked that."""


CORRECTED = (Head.SENTIMENT, Head.EMOTION, Head.INTENT, Head.ABUSE, Head.SCENARIO)
"""Heads whose label on a post people correct."""
NONE = "none"
"""The scenario of a post that speaks of none."""


def known_labels(head: Head, scenarios: Collection[str]) -> tuple[str, ...]:
    """The labels that a correction may give; `scenarios` are those of the playbooks."""
    if head is Head.SCENARIO:
        return (*sorted(scenarios), NONE)
    return LABELS.get(head.value, ())


def checked_label(head: str, label: str, scenarios: Collection[str]) -> Head:
    """The head of that name. Raises InvalidInput for an unknown head or label."""
    if head not in CORRECTED:
        known = ", ".join(CORRECTED)
        raise InvalidInput(f"unknown head {head[:64]!r}", errors=[("head", f"one of {known}")])
    chosen = Head(head)
    labels = known_labels(chosen, scenarios)
    if label not in labels:
        raise InvalidInput(
            f"{chosen.value} has no label {label[:64]!r}",
            errors=[("label", f"one of {', '.join(labels)}")],
        )
    return chosen
