"""Posts that no topic fits: when there are more of them than there were, something is new."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.topics.assignment import Assigned
from nlp.topics.vocabulary import Vocabulary

LEAST_POSTS = 50
"""Posts below which a share of unfitting ones says nothing."""
LEAST_RISE = 1.5
"""Times the share at the fit; a large window would else alarm at a tenth of a percent."""
LEAST_Z = 4.0
"""Standard errors above the share at the fit."""
_TERMS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """Shares of posts that no topic fits, of those with words of content: `share` of `posts` now,
    `expected` at the fit. `alarm` says that there are too many for chance; then `terms` stand out
    in them, with the posts that hold each."""

    posts: int
    unfitting: int
    share: float
    expected: float
    z: float
    alarm: bool
    terms: tuple[tuple[str, int], ...]


def novelty(
    posts: Sequence[Sequence[str]],
    assigned: Sequence[Assigned],
    *,
    expected: float,
    vocabulary: Vocabulary,
) -> Novelty:
    """Judge a window of posts by their words of content and topics, against the share at the fit.

    A one-sided test of a proportion. Posts without words say nothing of topics and do not count.
    """
    spoken = [(words, found) for words, found in zip(posts, assigned, strict=True) if words]
    unfitting = [words for words, found in spoken if found.topic is None]
    count = len(spoken)
    share = len(unfitting) / count if count else 0.0
    # A share of 0 at the fit is never known so exactly.
    held = min(max(expected, 0.01), 0.99)
    z = (share - held) / math.sqrt(held * (1 - held) / count) if count else 0.0
    alarm = count >= LEAST_POSTS and share >= LEAST_RISE * held and z >= LEAST_Z
    return Novelty(
        posts=count,
        unfitting=len(unfitting),
        share=round(share, 4),
        expected=round(expected, 4),
        z=round(z, 2),
        alarm=alarm,
        terms=_standing_out(unfitting, vocabulary) if alarm else (),
    )


def _standing_out(
    unfitting: Sequence[Sequence[str]], vocabulary: Vocabulary
) -> tuple[tuple[str, int], ...]:
    """Words of several unfitting posts, by posts × log of how much commoner than at the fit."""
    posts_with = Counter(word for words in unfitting for word in set(words))
    before = dict(zip(vocabulary.words, vocabulary.posts, strict=True))

    def weight(item: tuple[str, int]) -> tuple[float, str]:
        word, count = item
        usual = (before.get(word, 0) + 1) / (vocabulary.of + 1)
        return -count * math.log(max(1.0, count / len(unfitting) / usual)), word

    several = ((word, count) for word, count in posts_with.items() if count >= 3)
    return tuple(sorted(several, key=weight)[:_TERMS])
