"""What authors have done in the last hour, as this process saw it: copies and bursts.

Kept in memory, so that a text that passes costs no write. What was seen counts at once and is
written with the author's next text that does not pass.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.moderation.policies import AccountRules

_AUTHORS = 20_000
_TEXTS = 200
"""Texts remembered of one author; more in an hour are a burst in any case."""
_REMEMBERED = timedelta(hours=1)


@dataclass(slots=True)
class _Seen:
    """One author's texts, oldest first, and what was not written yet."""

    texts: deque[tuple[datetime, str]] = field(default_factory=lambda: deque(maxlen=_TEXTS))
    copies: int = 0
    bursts: int = 0
    bursting: bool = False


@dataclass(frozen=True, slots=True)
class Unwritten:
    """What this process knows of an author and the database does not yet."""

    copies: int = 0
    bursts: int = 0


NOTHING_UNWRITTEN = Unwritten()


class Behaviour:
    """Copies and bursts by author; the authors longest silent are forgotten first."""

    def __init__(self) -> None:
        self._authors: OrderedDict[str, _Seen] = OrderedDict()

    def note(self, author: str, exact: str, *, at: datetime, rules: AccountRules) -> Unwritten:
        """Add a text by its copy key ("" for one without words); answers what is not written."""
        seen = self._authors.setdefault(author, _Seen())
        self._authors.move_to_end(author)
        while len(self._authors) > _AUTHORS:
            self._authors.popitem(last=False)
        while seen.texts and seen.texts[0][0] < at - _REMEMBERED:
            seen.texts.popleft()
        if exact and any(key == exact for _, key in seen.texts):
            seen.copies += 1
        seen.texts.append((at, exact))
        since = at - timedelta(seconds=rules.burst_s)
        recent = sum(when >= since for when, _ in seen.texts)
        if recent >= rules.burst and not seen.bursting:
            seen.bursts += 1
        seen.bursting = recent >= rules.burst
        return Unwritten(seen.copies, seen.bursts)

    def written(self, author: str, told: Unwritten) -> None:
        """Forget what the database has now."""
        seen = self._authors.get(author)
        if seen is not None:
            seen.copies = max(0, seen.copies - told.copies)
            seen.bursts = max(0, seen.bursts - told.bursts)
