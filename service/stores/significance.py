"""Which tokens stand out in some posts against others: pure, and the same for every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from service.stores.post_store import TermCount


def stand_out(
    matches: Iterable[Iterable[str]], background: Iterable[Iterable[str]], *, limit: int
) -> tuple[TermCount, ...]:
    """The tokens that tell `matches` from `background`, strongest first.

    Score of a token: (p - q) · p / q, with p and q the shares of posts that have it, q smoothed by
    half a post: the gain in share counts as well as the ratio, so that neither rare nor common
    tokens win by being so. Ties go to the token in more posts, then to the alphabet.
    """
    found, matched = _document_counts(matches)
    compared, total = _document_counts(background)
    if not matched:
        return ()

    def score(term: str) -> float:
        share = found[term] / matched
        usual = (compared[term] + 0.5) / (total + 1)
        return (share - usual) * share / usual

    ranked = sorted(found, key=lambda term: (-score(term), -found[term], term))
    return tuple(
        TermCount(term=term, posts=found[term], background=compared[term])
        for term in ranked[:limit]
    )


def _document_counts(posts: Iterable[Iterable[str]]) -> tuple[Counter[str], int]:
    counts: Counter[str] = Counter()
    total = 0
    for tokens in posts:
        counts.update(set(tokens))
        total += 1
    return counts, total
