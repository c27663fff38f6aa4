"""The stories of one space as rows of a matrix: which of them is nearest to a post.

A row is the mean of the signatures of a story's texts, shorter than one: its product with a post's
signature is the mean of the cosines with each of those texts (average linkage, Sokal and Michener
1958). So a story about everything is near to nothing, and does not draw in every post.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.stories.story import Story

_DAY_S = 86_400.0
_FIRST_ROWS = 256


class Lookup:
    """Means, (rows, width) float32, in no order; rows are reused."""

    def __init__(self, *, width: int, most: int) -> None:
        """At most `most` stories; the matrix grows towards that as they come."""
        self.width = width
        self._most = most
        self._rows = np.zeros((min(_FIRST_ROWS, most), width), np.float32)
        self._first = np.zeros(len(self._rows))
        self._last = np.zeros(len(self._rows))
        self._warm = np.zeros(len(self._rows), np.float32)
        self._stories: list[Story] = []
        self._places: dict[str, int] = {}
        self._changed: dict[int, None] = {}

    def __len__(self) -> int:
        return len(self._stories)

    @property
    def stories(self) -> tuple[Story, ...]:
        return tuple(self._stories)

    def __contains__(self, story: Story) -> bool:
        return story.id in self._places

    def put(self, story: Story, mean: NDArray[np.float32], *, now: float) -> None:
        """Add a story, or move it to another mean, at `now` in seconds since 1970.

        Raises OverflowError when all is taken.
        """
        place = self._places.get(story.id)
        if place is None:
            place = len(self._stories)
            if place == self._most:
                raise OverflowError(f"{self._most} stories are there; remove one first")
            if place == len(self._rows):
                self._grow()
            self._places[story.id] = place
            self._stories.append(story)
        self._rows[place] = mean
        self._changed[place] = None
        self.stretch(story, now=now)

    def stretch(self, story: Story, *, now: float) -> None:
        """Note the time over which the story lasts, and its warmth."""
        place = self._places[story.id]
        self._warm[place] = story.pull(now)
        self._first[place] = story.tally.first_at
        self._last[place] = story.tally.last_at

    def cool(self, now: float) -> None:
        """Bring the warmth of all stories up to date."""
        for place, story in enumerate(self._stories):
            if self._warm[place]:
                self._warm[place] = story.pull(now)

    def remove(self, story: Story) -> None:
        """Forget a story; the last one takes its row."""
        self._changed.clear()
        place = self._places.pop(story.id)
        last = self._stories.pop()
        if last is not story:
            self._stories[place] = last
            self._places[last.id] = place
            end = len(self._stories)
            self._rows[place] = self._rows[end]
            self._first[place], self._last[place] = self._first[end], self._last[end]
            self._warm[place] = self._warm[end]

    def mean(self, story: Story) -> NDArray[np.float32]:
        """(width,) float32, the mean of the signatures of its texts."""
        row: NDArray[np.float32] = self._rows[self._places[story.id]]
        return row

    def products(self, signatures: NDArray[np.float32]) -> NDArray[np.float32]:
        """(signatures, stories) mean cosines, in the order of `stories`."""
        found: NDArray[np.float32] = signatures @ self._rows[: len(self._stories)].T
        return found

    def settle(self) -> None:
        """From now on `products` are asked for anew: forget what has changed."""
        self._changed.clear()

    def refreshed(
        self, cosines: NDArray[np.float32], signature: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """(stories,) cosines: those given, and anew those with stories put since `settle`."""
        if not self._changed:
            return cosines
        places = list(self._changed)
        fresh = np.empty(len(self._stories), np.float32)
        fresh[: len(cosines)] = cosines
        fresh[places] = self._rows[places] @ signature
        return fresh

    def scores(
        self, cosines: NDArray[np.float32], *, at: float, fade_a_day: float, warmth: float
    ) -> NDArray[np.float32]:
        """Cosines, plus `warmth` for the warmest, less `fade_a_day` for each day to `at`."""
        count = len(cosines)
        gaps = np.maximum(at - self._last[:count], self._first[:count] - at)
        faded = (np.maximum(gaps, 0.0) * (fade_a_day / _DAY_S)).astype(np.float32)
        return cosines + self._warm[:count] * np.float32(warmth) - faded

    def compared(
        self, stories: Sequence[Story], *, fade_a_day: float, warmth: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(cosines, scores) of those stories with all, both (given, all).

        A score is the cosine, plus `warmth` for the cooler of two that are both the warmest, less
        `fade_a_day` for each day that lies between them.
        """
        count = len(self._stories)
        places = [self._places[story.id] for story in stories]
        cosines = self.products(self._rows[places])
        first, last, warm = self._first[:count], self._last[:count], self._warm[:count]
        gaps = np.maximum(first[places, None] - last, first - last[places, None])
        faded = np.maximum(gaps, 0.0) * (fade_a_day / _DAY_S)
        shared = np.minimum(warm[places, None], warm) * np.float32(warmth)
        return cosines, (cosines + shared - faded).astype(np.float32)

    def at(self, place: int) -> Story:
        return self._stories[place]

    def _grow(self) -> None:
        more = min(self._most, 2 * len(self._rows)) - len(self._rows)
        self._rows = np.concatenate((self._rows, np.zeros((more, self.width), np.float32)))
        self._first = np.concatenate((self._first, np.zeros(more)))
        self._last = np.concatenate((self._last, np.zeros(more)))
        self._warm = np.concatenate((self._warm, np.zeros(more, np.float32)))
