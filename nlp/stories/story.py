"""A story in the making."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from nlp.stories.sample import Text
from nlp.stories.tally import Tally

MOST_TERMS = 32


@dataclass(slots=True, eq=False)
class Handle:
    """What posts hold on to: light, so that remembering a post does not keep a story that left.

    `into` is where a merged story leads; `story` is None when it is not in the working memory.
    """

    id: str
    story: Story | None
    into: Handle | None = None
    shown: bool = False

    @property
    def last(self) -> Handle:
        """What it leads to in the end."""
        handle = self
        while handle.into is not None:
            handle = handle.into
        return handle


@dataclass(slots=True, kw_only=True, eq=False)
class CopyGroup:
    """Posts of one text: which story they are in, how many, the first that came, and its length."""

    home: Handle
    group: str
    posts: int
    post: str
    length: int = 0


class Phase(StrEnum):
    """What is known of a story: `seed` while it has too few posts to be told of."""

    SEED = "seed"
    OPEN = "open"
    QUIET = "quiet"
    MERGED = "merged"


@dataclass(slots=True, kw_only=True, eq=False)
class Story:
    """Posts that tell of one thing.

    `founded` orders stories by when they began to be known, in seconds since 1970; `weight` is how
    many texts the mean of their signatures stands for; `splits` counts the stories that were split
    from it, `origin` is what it was split from, `into` what it was merged into, by id. `terms` are
    weights of words over its distinct texts; `loudest` is its copy group of most posts.
    """

    id: str
    space: str
    founded: float
    tally: Tally = field(default_factory=Tally)
    first_post: str = ""
    texts: dict[str, Text] = field(default_factory=dict)
    terms: dict[str, float] = field(default_factory=dict)
    loudest: CopyGroup | None = None
    weight: float = 0.0
    splits: int = 0
    origin: str | None = None
    into: str | None = None
    shown: bool = False
    gone: bool = False
    handle: Handle = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.handle = Handle(self.id, self)

    @property
    def phase(self) -> Phase:
        if self.into is not None:
            return Phase.MERGED
        if not self.shown:
            return Phase.SEED
        return Phase.QUIET if self.gone else Phase.OPEN

    @property
    def order(self) -> tuple[bool, float, str]:
        """Who keeps the id when two become one: who was told of, then who is older."""
        return not self.shown, self.founded, self.id

    def distance(self, at: float) -> float:
        """Seconds between an instant and the time over which the story lasts, 0 inside it."""
        return max(0.0, at - self.tally.last_at, self.tally.first_at - at)

    def pull(self, now: float) -> float:
        """How much it draws in at `now`, in [0, 1]: its warmth, as far as its texts bear that out.

        Of w texts (w - 1) / (w + 3) counts: one text, however often it is copied or shared, says
        little of what else may belong to it.
        """
        return self.tally.warmth(now) * max(0.0, self.weight - 1) / (self.weight + 3)

    def learn_terms(self, words: dict[str, float]) -> None:
        """Add a distinct text's words with what they tell; the weakest are forgotten."""
        for word, bits in words.items():
            self.terms[word] = self.terms.get(word, 0.0) + bits
        if len(self.terms) > 2 * MOST_TERMS:
            self.terms = dict(self.leading_terms(MOST_TERMS))

    def forget_terms(self, words: dict[str, float]) -> None:
        """Take out what a text that left has added."""
        for word, bits in words.items():
            if self.terms.get(word, 0.0) > bits:
                self.terms[word] -= bits
            else:
                self.terms.pop(word, None)

    def leading_terms(self, most: int) -> list[tuple[str, float]]:
        """The words that tell most of it, the strongest first."""
        return sorted(self.terms.items(), key=lambda item: (-item[1], item[0]))[:most]


def resolve(handle: Handle | None) -> Story | None:
    """The living story that a handle leads to; None when it has left."""
    return None if handle is None else handle.last.story
