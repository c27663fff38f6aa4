"""Everything that is kept of one embedding space: its centre, and the stories in it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nlp.stories.centre import Centre
from nlp.stories.commonness import Commonness
from nlp.stories.knowledge import WORDS, Knowledge, packed, unpacked
from nlp.stories.lookup import Lookup
from nlp.stories.post import StoryPost
from nlp.stories.signature import WORD_WIDTH, Signature, signature_of, unit_of, words_told


class Spaces:
    """The spaces met so far, by name, made when the first vector of one comes."""

    def __init__(self, *, most: int, commonness: Commonness) -> None:
        """`most` stories fit into each; there is room for those that are taken in, too."""
        self.commonness = commonness
        self.lookups: dict[str, Lookup] = {}
        self.centres: dict[str, Centre] = {}
        self._most = most
        self._unlearnt: list[tuple[str, dict[str, float], NDArray[np.float32]]] = []

    def signature(self, post: StoryPost) -> Signature:
        """The signature of a post, by what was learnt so far.

        Raises ValueError for a vector that is none, or of another width than those of its space.
        """
        words, unit = words_told(post, self.commonness), unit_of(post)
        if unit is None:
            return Signature(vector=None, words=words)
        self.lookup(post.space, len(unit) + WORD_WIDTH, what=f"post {post.id[:64]!r}")
        return signature_of(words, unit, self.centres[post.space])

    def lookup(self, space: str, width: int, *, what: str) -> Lookup:
        """The stories of a space whose signatures have this width."""
        lookup = self.lookups.get(space)
        if lookup is None:
            lookup = self.lookups[space] = Lookup(width=width, most=self._most)
            self.centres[space] = Centre(width - WORD_WIDTH)
        if lookup.width != width:
            raise ValueError(
                f"{what} has a vector of {width - WORD_WIDTH} numbers, others of the space "
                f"{space!r} have {lookup.width - WORD_WIDTH}; name another space for another model"
            )
        return lookup

    def note(self, post: StoryPost, words: dict[str, float]) -> None:
        """A distinct text to learn from when its block is done."""
        unit = unit_of(post)
        if unit is not None:
            self._unlearnt.append((post.space, words, unit))

    def learn(self) -> None:
        """Count the words and the vectors noted: what is common tells less from now on."""
        for space, words, unit in self._unlearnt:
            self.commonness.add(words)
            self.centres[space].add(unit)
        self._unlearnt.clear()

    def learnt(self) -> list[Knowledge]:
        """The counts of words and the centre of each space."""
        texts, seen = self.commonness.state
        spaces = [
            packed(name, seen=centre.seen, values=centre.mean.astype(np.float32))
            for name, centre in sorted(self.centres.items())
        ]
        return [packed(WORDS, seen=texts, values=seen), *spaces]

    def recall(self, knowledge: Iterable[Knowledge]) -> None:
        """Go on from what was learnt before; instead of what was learnt since."""
        for item in knowledge:
            values = unpacked(item)
            if item.name == WORDS:
                self.commonness.recall(item.seen, values)
                continue
            self.lookup(item.name, len(values) + WORD_WIDTH, what="a space that was kept")
            mean = values.astype(np.float64)
            self.centres[item.name] = Centre(len(values), mean=mean, seen=item.seen)
