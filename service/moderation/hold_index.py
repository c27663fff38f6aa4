"""Holds in memory, looked up by copy: what each text is compared with before it may pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import TypeVar

from nlp import CopyKey
from nlp.spread.sketch import distance

ValueT = TypeVar("ValueT")


class HoldState(StrEnum):
    """Blocked until somebody decides; let through; blocked for good."""

    PENDING = "pending"
    LIFTED = "lifted"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLabel:
    """Why a text was held; `held` tells the reason from what was found beside it."""

    label: str
    score: float
    source: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A text that waited, or waits, for a person. It stands for all its copies.

    `blocking` False is an advertisement that waits for its legal verdict without being held;
    `filed` says that people have it in their queue.
    """

    id: str
    kind: str
    blocking: bool
    state: HoldState
    labels: tuple[HoldLabel, ...]
    risk_level: str
    key: CopyKey
    policy: str
    caller: str
    created_at: datetime
    updated_at: datetime
    copies: int = 0
    filed: bool = False
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def held_labels(self) -> frozenset[str]:
        return frozenset(label.label for label in self.labels if label.held)


@dataclass(frozen=True, slots=True)
class Match:
    """A hold that a text is a copy of; `distance` in bits of the sketch, 0 when equal."""

    hold: Hold
    distance: int


class HoldIndex:
    """Finds the holds of a text in time that hardly grows with their number.

    Equal texts are found by their key, near ones among those that share bands.
    """

    def __init__(self) -> None:
        self._holds: dict[str, Hold] = {}
        self._exact: dict[str, dict[str, Hold]] = {}
        self._bands: dict[str, dict[str, Hold]] = {}

    def __len__(self) -> int:
        return len(self._holds)

    def get(self, hold_id: str) -> Hold | None:
        return self._holds.get(hold_id)

    def put(self, holds: Iterable[Hold]) -> None:
        """Add them, or what has become of them."""
        for hold in holds:
            self._holds[hold.id] = hold
            self._exact.setdefault(hold.key.exact, {})[hold.id] = hold
            for band in hold.key.bands:
                self._bands.setdefault(band, {})[hold.id] = hold

    def drop(self, hold_id: str) -> None:
        """Forget one; an unknown one is no mistake."""
        hold = self._holds.pop(hold_id, None)
        if hold is None:
            return
        _remove(self._exact, hold.key.exact, hold_id)
        for band in hold.key.bands:
            _remove(self._bands, band, hold_id)

    def decided_before(self, instant: datetime) -> list[str]:
        """Ids of what was decided before an instant."""
        return [
            hold.id
            for hold in self._holds.values()
            if hold.decided_at is not None and hold.decided_at < instant
        ]

    def find(self, key: CopyKey) -> list[Match]:
        """The holds that the text is a copy of, nearest first, then oldest."""
        found: dict[str, int] = dict.fromkeys(self._exact.get(key.exact, ()), 0)
        sharing = Counter(chain.from_iterable(self._bands.get(band, ()) for band in key.bands))
        for hold_id, shared in sharing.items():
            if hold_id in found:
                continue
            bits = distance(key.simhash, self._holds[hold_id].key.simhash, shared=shared)
            if bits is not None:
                found[hold_id] = bits
        if not found:
            return []
        matches = [Match(self._holds[hold_id], distance) for hold_id, distance in found.items()]
        matches.sort(key=lambda item: (item.distance, item.hold.created_at, item.hold.id))
        return matches


def _remove(index: dict[str, dict[str, ValueT]], key: str, hold_id: str) -> None:
    del index[key][hold_id]
    if not index[key]:
        del index[key]
