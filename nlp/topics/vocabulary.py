"""The words that topics are made of: neither so rare that they are chance, nor everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nlp.topics.errors import NothingToLearn

MOST_WORDS = 30_000
MOST_SHARE = 0.15
"""A word in more of the posts than this parts nothing: with one brand it is the brand's name."""
MOST_SHARE_OF_FEW = 0.5
_MANY = 1_000
"""Posts below which a word of a single theme may stand in more than MOST_SHARE of them."""

Counts = tuple[tuple[int, int], ...]
"""(word, times) of a document, by word; words are places in the vocabulary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words in the order of their places; `posts` is in how many of `of` posts each stands."""

    words: tuple[str, ...]
    posts: tuple[int, ...]
    of: int
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = {word: place for place, word in enumerate(self.words)}
        object.__setattr__(self, "_places", places)

    def __len__(self) -> int:
        return len(self.words)

    def counts(self, words: Iterable[str]) -> Counts:
        """How often each known word stands there."""
        places = self._places
        found = Counter(places[word] for word in words if word in places)
        return tuple(sorted(found.items()))


def learn_vocabulary(posts: Sequence[Sequence[str]]) -> Vocabulary:
    """The vocabulary of different posts, commonest words first. Raises NothingToLearn.

    The more posts, the more of them a word must stand in: 2, and 5 from 100,000 on.
    """
    posts_with = Counter(word for words in posts for word in set(words))
    least = 2 + (len(posts) >= 5_000) + (len(posts) >= 20_000) + (len(posts) >= 100_000)
    share = MOST_SHARE if len(posts) >= _MANY else MOST_SHARE_OF_FEW
    most = share * len(posts)
    kept = sorted(
        ((word, count) for word, count in posts_with.items() if least <= count <= most),
        key=lambda item: (-item[1], item[0]),
    )[:MOST_WORDS]
    if len(kept) < 2:
        raise NothingToLearn(
            f"no two words stand in at least {least} of the {len(posts)} different posts and in "
            f"at most {share:.0%} of them: take a longer time, or more monitors"
        )
    return Vocabulary(
        words=tuple(word for word, _ in kept),
        posts=tuple(count for _, count in kept),
        of=len(posts),
    )
