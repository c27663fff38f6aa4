"""What stores index of a post's analysis: emotion, intent, the topics that it was marked with."""

from __future__ import annotations

from typing import Any

from service.stores.post_store import StoredPost
from service.stores.storable import storable_members, storable_text

NO_TOPIC = "-"
"""In place of a topic's number: the post was held against that version, and nothing fitted."""

_PATTERN = "pattern:"


def pattern_name(pattern: str) -> str:
    """How a semantic pattern stands among a post's categories."""
    return _PATTERN + pattern


def label_of(post: StoredPost, head: str) -> str | None:
    """The label that `emotion` or `intent` of the analysis has; None where nothing read it."""
    answer = post.analysis.get(head)
    label = answer.get("label") if isinstance(answer, dict) else None
    return storable_text(label) if isinstance(label, str) and label else None


def topics_of(post: StoredPost) -> tuple[str, ...]:
    """The topic in each version that the post was held against, as `version:topic`."""
    marks = post.analysis.get("topics")
    if not isinstance(marks, list | tuple):
        return ()
    named = {topic_name(mark.get("version"), mark.get("topic")) for mark in marks if mark}
    return storable_members(sorted(named))


def topic_name(version: Any, topic: Any) -> str:
    """How stores name a topic of a version; None is what no topic fits."""
    return f"{version}:{NO_TOPIC if topic is None else topic}"
