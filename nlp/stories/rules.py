"""What decides that posts belong together, and how much is remembered while it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from nlp.stories.splitting import LEAST_TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRules:
    """Similarities are mean cosines with the texts of a story (see `signature` and `lookup`).

    Joining, merging and splitting leave room between them: `split_below` < `join` < `merge`, and a
    merge or a split happens only when `confirmations` reviews in a row ask for it. So neither
    undoes the other, and one odd post changes nothing.
    """

    join: float = 0.42
    """From here on a post belongs to the nearest story."""
    warmth: float = 0.40
    """How much less near a post must be to a story that is happening just now."""
    least: float = 0.16
    """A post, or a story, that is less near than this stays out, however warm a story is."""
    fade_a_day: float = 0.08
    """How much nearer a post must be for each day between it and the story."""
    merge: float = 0.42
    """From here on two stories are one."""
    merge_warmth: float = 1.6
    """As `warmth`, for two stories: means of many texts hang less on chance than one post."""
    split_below: float = 0.0
    """Two parts of a story that are less near than this, which is chance, are two."""
    confirmations: int = 2
    told: float = 14.0
    """Bits of information from which on a text can be placed by what it says."""
    shown_from: int = 3
    """Posts that make a story; with fewer it is a seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLimits:
    """Bounds of the working memory."""

    stories: int = 8_192
    """Stories and seeds at a time; the one that was quiet for longest goes first, seeds before."""
    posts: int = 100_000
    """Posts, and as many copy groups, whose story is remembered."""
    sample: int = 12
    """Distinct texts of a story that are kept, to split it and to stand for it."""
    window: timedelta = timedelta(hours=72)
    """A story without a post for so long leaves; a post older than that comes too late."""
    seed_window: timedelta = timedelta(hours=24)
    """The same for seeds."""
    block: int = 64
    """Posts that are compared at once."""
    review_every: int = 256
    """Posts between two reviews; a multiple of `block`."""

    def __post_init__(self) -> None:
        if (
            self.stories < 2 * self.block
            or self.review_every % self.block
            or self.sample < LEAST_TEXTS
        ):
            raise ValueError(
                f"limits do not agree: stories={self.stories} must be at least twice "
                f"block={self.block}, review_every={self.review_every} a multiple of it, "
                f"sample={self.sample} at least {LEAST_TEXTS}"
            )
