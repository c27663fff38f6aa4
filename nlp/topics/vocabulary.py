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


def widened(
    vocabulary: Vocabulary, posts: Sequence[Sequence[str]], *, most: int = MOST_WORDS
) -> Vocabulary:
    """The vocabulary with the words of new posts, and what these count added to all of them.

    At most that many words, the commonest: a model that is updated for years must not grow for
    years. Words that were there keep their order, the new ones stand behind them.
    """
    try:
        fresh = learn_vocabulary(posts)
    except NothingToLearn:
        fresh = Vocabulary(words=(), posts=(), of=0)
    counted = dict(zip(vocabulary.words, vocabulary.posts, strict=True))
    for word, count in zip(fresh.words, fresh.posts, strict=True):
        counted[word] = counted.get(word, 0) + count
    # Sorting is stable: of equally common words those stay that were there before.
    kept = set(sorted(counted, key=lambda word: -counted[word])[:most])
    words = tuple(word for word in counted if word in kept)
    return Vocabulary(
        words=words,
        posts=tuple(counted[word] for word in words),
        of=vocabulary.of + fresh.of,
    )
