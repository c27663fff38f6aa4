"""What a watcher may want to hear of, and which entries of the timeline belong to it: pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum


class Topic(StrEnum):
    """What a watcher chooses."""

    STATE = "state"
    TIER = "tier"
    STEPS = "steps"
    PEOPLE = "people"
    COMMENTS = "comments"
    EVIDENCE = "evidence"
    STATEMENTS = "statements"
    PAGES = "pages"


DEFAULT = (Topic.STATE, Topic.TIER, Topic.PEOPLE)

_KINDS: Mapping[str, Topic] = {
    **dict.fromkeys(
        (
            "acknowledge",
            "respond",
            "monitor",
            "resolve",
            "close",
            "mark_false_positive",
            "merge",
            "merged_in",
            "reopen",
            "contained",
            "scenario_named",
            "split",
            "linked",
            "recurrence_confirmed",
        ),
        Topic.STATE,
    ),
    "tier_changed": Topic.TIER,
    "comment": Topic.COMMENTS,
    **dict.fromkeys(
        (
            "assigned",
            "handover_offered",
            "handover_accepted",
            "handover_declined",
            "handover_withdrawn",
            "seat_accepted",
            "seat_declined",
        ),
        Topic.PEOPLE,
    ),
    **dict.fromkeys(
        (
            "not_about_us",
            "evidence_deleted",
            "evidence_restored",
            "screenshot_added",
            "earlier_first_post",
        ),
        Topic.EVIDENCE,
    ),
    **dict.fromkeys(("reached_nobody", "acknowledgement_lapsed"), Topic.PAGES),
}
_PREFIXES: tuple[tuple[str, Topic], ...] = (
    ("step_", Topic.STEPS),
    ("review_", Topic.STEPS),
    ("improvement_", Topic.STEPS),
    ("statement_", Topic.STATEMENTS),
    ("promise_", Topic.STATEMENTS),
)


def topic_of(kind: str) -> Topic | None:
    """The topic of a timeline entry; None for what watchers are not told of."""
    known = _KINDS.get(kind)
    if known is not None:
        return known
    return next((topic for prefix, topic in _PREFIXES if kind.startswith(prefix)), None)


def wanted(kind: str, *, actor: str, person: str, topics: Collection[Topic]) -> bool:
    """Whether a watcher is told of an entry: of what they chose, and not of their own deeds."""
    return actor != person and topic_of(kind) in topics
