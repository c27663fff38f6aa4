"""How far one text's posts look like the work of one hand: a score with its parts.

Five signs, each in [0, 1], with the weights of `WEIGHTS`:

- accounts: mean suspicion of the authors of whom anything is known. 1 for an account younger than
  YOUNG or with fewer than FEW followers, UNSEEN for one never seen before this text.
- timing: the larger of tightness (the shortest span that holds four fifths of the posts: 1 up to
  TIGHT, 0 from LOOSE on, log scale between) and regularity (intervals that vary less than chance:
  coefficient of variation 0.8 is 0, 0.2 is 1; from REGULAR_FROM posts on).
- pasted: share of posts that carry the text themselves instead of sharing somebody's post.
- repeats: share of posts beyond an author's first one.
- handles: share of names that are one stem with different digits, three or more of a stem.

score = sum(weight * sign) / (weights of known signs + half of the weights of unknown ones), so
that what nobody knows makes no suspicion, and little evidence no certainty. Fewer than FEWEST
posts score 0. The weights are set by hand, and tried on synthetic campaigns and on real cascades
of reposts only: nobody has labelled real campaigns for us.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

FEWEST = 5
YOUNG = timedelta(days=30)
FEW = 30
UNSEEN = 0.4
TIGHT = timedelta(minutes=15)
LOOSE = timedelta(hours=24)
REGULAR_FROM = 20
_MOST_OF = 0.8
_DIGITS = re.compile(r"\d+")
_FEWEST_OF_A_STEM = 3


class Sign(StrEnum):
    """What may speak for one hand."""

    ACCOUNTS = "accounts"
    TIMING = "timing"
    PASTED = "pasted"
    REPEATS = "repeats"
    HANDLES = "handles"


WEIGHTS = {
    Sign.ACCOUNTS: 0.30,
    Sign.TIMING: 0.25,
    Sign.PASTED: 0.20,
    Sign.REPEATS: 0.15,
    Sign.HANDLES: 0.10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One post of a text. None is unknown; `seen_before` tells of the author before this text."""

    author: str
    at: datetime
    shared: bool = False
    """Whether it shares somebody's post (a repost) instead of carrying the text."""
    followers: int | None = None
    joined_at: datetime | None = None
    seen_before: bool | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One sign; `value` in [0, 1], or None when nothing is known; `known` counts its evidence."""

    sign: Sign
    value: float | None
    weight: float
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """`score` in [0, 1] and what it is made of."""

    score: float
    posts: int
    authors: int
    parts: tuple[Part, ...]


def judge_coordination(postings: Sequence[Posting]) -> Coordination:
    """How far the posts of one copy group, in any order, look like the work of one hand."""
    found = {
        Sign.ACCOUNTS: _accounts(postings),
        Sign.TIMING: _timing(postings),
        Sign.PASTED: _share([not one.shared for one in postings]),
        Sign.REPEATS: _repeats(postings),
        Sign.HANDLES: _handles(postings),
    }
    parts = tuple(
        Part(sign=sign, value=value, weight=WEIGHTS[sign], known=known)
        for sign, (value, known) in found.items()
    )
    pull = sum(part.weight * part.value for part in parts if part.value is not None)
    weight = sum(part.weight * (0.5 if part.value is None else 1) for part in parts)
    return Coordination(
        score=pull / weight if len(postings) >= FEWEST else 0.0,
        posts=len(postings),
        authors=len({one.author for one in postings}),
        parts=parts,
    )


_Value = tuple[float | None, int]


def _share(said: Sequence[bool]) -> _Value:
    return (sum(said) / len(said), len(said)) if said else (None, 0)


def _accounts(postings: Sequence[Posting]) -> _Value:
    """Each author once, by the most suspicious of the posts."""
    worst: dict[str, float] = {}
    for one in postings:
        suspicion = _suspicion(one)
        if suspicion is not None:
            worst[one.author] = max(suspicion, worst.get(one.author, 0.0))
    return (sum(worst.values()) / len(worst), len(worst)) if worst else (None, 0)


def _suspicion(one: Posting) -> float | None:
    if one.followers is None and one.joined_at is None and one.seen_before is None:
        return None
    if one.followers is not None and one.followers < FEW:
        return 1.0
    if one.joined_at is not None and one.at - one.joined_at < YOUNG:
        return 1.0
    return UNSEEN if one.seen_before is False else 0.0


def _timing(postings: Sequence[Posting]) -> _Value:
    if len(postings) < FEWEST:
        return None, 0
    times = sorted(one.at.timestamp() for one in postings)
    reach = math.ceil(_MOST_OF * len(times)) - 1
    span = min(times[first + reach] - times[first] for first in range(len(times) - reach))
    octaves = math.log(max(span, 1.0) / TIGHT.total_seconds())
    tight = 1 - octaves / math.log(LOOSE / TIGHT)
    regular = 0.0
    if len(times) >= REGULAR_FROM and times[-1] > times[0]:
        gaps = [late - early for early, late in pairwise(times)]
        mean = sum(gaps) / len(gaps)
        variation = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) / mean
        regular = (0.8 - variation) / 0.6
    return min(1.0, max(0.0, tight, regular)), len(times)


def _repeats(postings: Sequence[Posting]) -> _Value:
    if not postings:
        return None, 0
    return 1 - len({one.author for one in postings}) / len(postings), len(postings)


def _handles(postings: Sequence[Posting]) -> _Value:
    names = {one.author: one.handle for one in postings if one.handle}
    if len(names) < FEWEST:
        return None, len(names)
    stems = [_DIGITS.sub("", name) for name in names.values() if _DIGITS.search(name)]
    alike = sum(count for count in Counter(stems).values() if count >= _FEWEST_OF_A_STEM)
    return alike / len(names), len(names)
