"""What a read post tells of causes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nlp import whole_text
from nlp.causes import CauseFinder
from service.stores import StoredPost
from service.stores.analysed import label_of


@dataclass(frozen=True, slots=True)
class Told:
    """A post as a monitor counts it: one that spares the monitor has no intent there."""

    id: str
    at: datetime
    author: str | None
    intent: str | None
    causes: tuple[str, ...]


def teller(finder: CauseFinder, monitor: str) -> Callable[[StoredPost], Told]:
    """What is kept of each post that is read for the monitor."""

    def told(post: StoredPost) -> Told:
        return Told(
            id=post.id,
            at=post.published_at,
            author=post.author,
            intent=None if monitor in post.spared else label_of(post, "intent"),
            causes=finder.find(whole_text(post.text, title=post.title)),
        )

    return told
