"""What became of posts, and of the stories that they met."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from nlp.stories.story import Story


class How(StrEnum):
    """Why a post is in its story, or in none."""

    FOUNDED = "founded"
    """No story was near enough: it began a seed."""
    CONTENT = "content"
    """It tells of the same."""
    COPY = "copy"
    """Its text is a copy of one in the story."""
    REPOST = "repost"
    """It shares a post of the story."""
    KNOWN = "known"
    """It was placed before; nothing changes."""
    LATE = "late"
    """It is older than what is remembered."""
    SILENT = "silent"
    """It says too little to be placed by its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a post went; `story` is an id, None where it is in none.

    `group` is its copy group where copies of it belong to the story too. `nearness` is the cosine
    with the nearest story, less what time has taken; None where it was not measured.
    """

    post: str
    how: How
    story: str | None = None
    group: str | None = None
    nearness: float | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """`gone` is a part of `into` from now on; its id leads there."""

    gone: Story
    into: Story


@dataclass(frozen=True, slots=True)
class Split:
    """The copy groups that went from one story into a new one."""

    origin: Story
    part: Story
    groups: tuple[str, ...]


@dataclass(slots=True)
class Changes:
    """In the order in which it happened. `touched` are stories that changed, by id.

    `left` are those that left the working memory: seeds are forgotten, stories are
    quiet; `means` are theirs, (width,) float32, the means of their texts' signatures.
    """

    placements: list[Placement] = field(default_factory=list)
    regroupings: list[Merge | Split] = field(default_factory=list)
    touched: dict[str, Story] = field(default_factory=dict)
    left: dict[str, Story] = field(default_factory=dict)
    means: dict[str, NDArray[np.float32]] = field(default_factory=dict, repr=False)
