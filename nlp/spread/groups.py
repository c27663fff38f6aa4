"""Copy groups of a stream in bounded memory: how many posts, and how many texts, are one text.

What a store answers by look-up, for streams outside of it. Everything kept has a bound: groups,
the texts and sketches of a group, the sketches of a band, the post ids that are recognised again.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nlp.analysis import CopyKey
from nlp.spread.distinct import DistinctCount
from nlp.spread.sketch import FEWEST_SHARED, distance

MOST_GROUPS = 50_000
MOST_IDS = 50_000
HORIZON = timedelta(days=3)
MOST_TEXTS = 16
MOST_SKETCHES = 4
MOST_IN_BAND = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Where a post went. `group` is the `exact` of the group's first text, "" for no words.

    `texts` is exact up to MOST_TEXTS, from there on an estimate (6.5 % standard error).
    """

    group: str
    posts: int
    texts: int
    again: bool = False
    """Whether the post had been counted before; nothing changed then."""


@dataclass(slots=True, eq=False)
class _Group:
    id: str
    number: int
    """The older, the smaller."""
    last_at: datetime
    posts: int = 0
    exacts: list[int] = field(default_factory=list)
    """Hashes of its first texts."""
    more: DistinctCount | None = None
    """Of all its texts, from the first that `exacts` has no room for."""
    sketches: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def count(self, value: int) -> None:
        """Count a text for which `exacts` has no room; it may come again."""
        if self.more is None:
            self.more = DistinctCount()
            for known in self.exacts:
                self.more.add(known)
        self.more.add(value)

    @property
    def texts(self) -> int:
        if self.more is None:
            return len(self.exacts)
        return min(self.posts, max(MOST_TEXTS + 1, self.more.estimate))


class CopyStream:
    """Groups posts as they come. A group that nobody joins for `horizon` is forgotten.

    Time is the second latest instant seen: one post with a clock of its own forgets nothing.
    """

    def __init__(
        self,
        *,
        most_groups: int = MOST_GROUPS,
        most_ids: int = MOST_IDS,
        horizon: timedelta = HORIZON,
    ) -> None:
        if min(most_groups, most_ids) < 1:
            raise ValueError(f"most_groups {most_groups} and most_ids {most_ids} must be 1 or more")
        self._most_groups, self._most_ids, self._horizon = most_groups, most_ids, horizon
        self._groups: OrderedDict[str, _Group] = OrderedDict()
        """Longest without a post first."""
        self._exacts: dict[int, _Group] = {}
        self._bands: dict[str, list[tuple[int, _Group]]] = {}
        """Sketches of texts, with their groups, by the bands of the same text."""
        self._ids: OrderedDict[str, str] = OrderedDict()
        self._latest: tuple[datetime, ...] = ()
        self._begun = 0

    def __len__(self) -> int:
        return len(self._groups)

    def add(self, post_id: str, *, key: CopyKey, at: datetime) -> Joined:
        """Counts a post, unless its id is among the latest `most_ids` ones.

        A post that comes again after its group was forgotten is answered as one of one.

        `at` is aware; posts may come in any order. A post is in the group of its equal text, else
        of the nearest copy (the older group of two equally near); groups never merge.
        """
        group_id = self._ids.get(post_id)
        if group_id is not None:
            self._ids.move_to_end(post_id)
            return self._answer(group_id, again=True)
        if not key.exact:
            return self._remember(post_id, "")
        value = int(key.exact, 16)
        group = self._exacts.get(value) or self._nearest(key)
        if group is None:
            group = self._groups[key.exact] = _Group(id=key.exact, number=self._begun, last_at=at)
            self._begun += 1
        self._groups.move_to_end(group.id)
        group.posts += 1
        group.last_at = max(group.last_at, at)
        if self._exacts.get(value) is not group:
            self._add_text(group, value, key)
        joined = self._remember(post_id, group.id)
        self._forget(at)
        return joined

    def _nearest(self, key: CopyKey) -> _Group | None:
        sharing = Counter(
            one for band in key.bands if band in self._bands for one in self._bands[band]
        )
        best: tuple[int, int, _Group] | None = None
        for (sketch, group), shared in sharing.items():
            if shared < FEWEST_SHARED:
                continue
            bits = distance(key.simhash, sketch, shared=shared)
            if bits is not None and (best is None or (bits, group.number) < best[:2]):
                best = bits, group.number, group
        return None if best is None else best[2]

    def _add_text(self, group: _Group, value: int, key: CopyKey) -> None:
        if len(group.exacts) < MOST_TEXTS:
            group.exacts.append(value)
            self._exacts[value] = group
        else:
            group.count(value)
        if not key.bands or len(group.sketches) >= MOST_SKETCHES:
            return
        group.sketches.append((key.simhash, key.bands))
        for band in key.bands:
            sharing = self._bands.setdefault(band, [])
            sharing.append((key.simhash, group))
            if len(sharing) > MOST_IN_BAND:
                del sharing[0]

    def _remember(self, post_id: str, group_id: str) -> Joined:
        self._ids[post_id] = group_id
        if len(self._ids) > self._most_ids:
            self._ids.popitem(last=False)
        return self._answer(group_id, again=False)

    def _answer(self, group_id: str, *, again: bool) -> Joined:
        group = self._groups.get(group_id)
        if group is None:
            return Joined(group=group_id, posts=1, texts=0 if not group_id else 1, again=again)
        return Joined(group=group_id, posts=group.posts, texts=group.texts, again=again)

    def _forget(self, at: datetime) -> None:
        self._latest = tuple(sorted((*self._latest, at))[-2:])
        oldest = self._latest[0] - self._horizon
        while self._groups:
            group = next(iter(self._groups.values()))
            if len(self._groups) <= self._most_groups and group.last_at >= oldest:
                return
            self._drop(group)

    def _drop(self, group: _Group) -> None:
        del self._groups[group.id]
        for value in group.exacts:
            del self._exacts[value]
        for band in {band for _, bands in group.sketches for band in bands}:
            sharing = [one for one in self._bands.get(band, ()) if one[1] is not group]
            if sharing:
                self._bands[band] = sharing
            else:
                self._bands.pop(band, None)
