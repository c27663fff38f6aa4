"""How well topics hold together (C_v, Röder, Both & Hinneburg 2015) and how unlike they are."""

from __future__ import annotations

import math
from collections.abc import Sequence

COHERENCE_WORDS = 10
DIVERSITY_WORDS = 25


def coherence(topics: Sequence[Sequence[str]], posts: Sequence[Sequence[str]]) -> float:
    """C_v of the topics' top ten words over single posts, by gensim; near 1 is good.

    Words that stand in none of the posts are left out. NaN where too few words are left.
    """
    from gensim.corpora import Dictionary
    from gensim.models.coherencemodel import CoherenceModel

    dictionary = Dictionary([list(words) for words in posts])
    known = [
        [word for word in topic[:COHERENCE_WORDS] if word in dictionary.token2id]
        for topic in topics
    ]
    judged = [words for words in known if len(words) >= 2]
    if not judged:
        return math.nan
    measured = CoherenceModel(
        topics=judged,
        texts=[list(words) for words in posts],
        dictionary=dictionary,
        coherence="c_v",
        processes=1,
    ).get_coherence()
    return float(measured)


def diversity(topics: Sequence[Sequence[str]]) -> float:
    """Share of different words among the top 25 of all topics (Dieng, Ruiz & Blei 2020)."""
    words = [word for topic in topics for word in topic[:DIVERSITY_WORDS]]
    return len(set(words)) / len(words) if words else 0.0
