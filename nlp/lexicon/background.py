"""How common a term is in ordinary posts, from counts that ship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable

from nlp.data_files import data_file, rows

_PIECES = (2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """In how many of `posts` ordinary posts each word stands; words in normal form."""

    posts: int
    counts: Mapping[str, int]

    @classmethod
    def read(cls, table: Traversable) -> Background:
        """The table of `nlp.training.background`: a header that names the posts, word and count."""
        header = table.read_text(encoding="utf-8").split("\n", 1)[0]
        counts = {word: int(count) for _, (word, count) in rows(table)}
        return cls(posts=int(header.rsplit(" ", 1)[1]), counts=counts)

    def most(self, normal: str) -> float:
        """The share of posts that hold the term at most, in [0, 1].

        Exact for a word of the table. Another stands in no more posts than the rarest run of two
        or three characters inside it; with a run that is not in the table that is too few to tell
        from none, and 0 is answered.
        """
        known = self.counts.get(normal)
        if known is None:
            known = min(
                (
                    self.counts.get(normal[at : at + length], 0)
                    for length in _PIECES
                    for at in range(len(normal) - length + 1)
                ),
                default=0,
            )
        return known / self.posts


@cache
def load_background() -> Background:
    """The counts of data/background."""
    return Background.read(data_file("background", "weibo_2020.tsv"))
