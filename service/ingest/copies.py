"""Which copy group a post belongs to: its own, or that of a near-duplicate seen before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

from nlp import CopyKey
from nlp.spread.sketch import FEWEST_SHARED, distance
from service.stores.post_store import KnownCopy, PostStore

HORIZON = timedelta(days=3)
"""Copies travel in hours; an older twin starts a group of its own."""
_CHUNK = 8
"""The store answers 200 candidates at most: those of a few texts, not of a whole batch."""


class CopyGroups:
    """Resolves groups against the store and within the batch at hand."""

    def __init__(self, store: PostStore) -> None:
        self._store = store

    async def resolve(self, keys: Sequence[CopyKey], *, now: datetime) -> list[str]:
        """One group id a key, in order. Equal texts share a group without asking the store.

        Inside the batch as in the store, only keys that share bands are compared.
        """
        groups: list[str] = []
        mine: dict[str, set[tuple[str, int]]] = {}
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            bands = sorted({band for key in chunk for band in key.bands})
            known = await self._known(bands, since=now - HORIZON)
            for key in chunk:
                sharing = Counter(chain.from_iterable(mine.get(band, ()) for band in key.bands))
                for one in known:
                    found = one.group, one.simhash
                    sharing[found] = max(sharing[found], len(one.bands.intersection(key.bands)))
                group = _nearest(key, sharing) or key.exact
                groups.append(group)
                for band in key.bands:
                    mine.setdefault(band, set()).add((group, key.simhash))
        return groups

    async def _known(self, bands: Sequence[str], *, since: datetime) -> Sequence[KnownCopy]:
        if not bands:
            return ()
        return await self._store.find_copies(bands, since=since, least=FEWEST_SHARED)


def _nearest(key: CopyKey, sharing: Mapping[tuple[str, int], int]) -> str | None:
    """The group of the nearest copy; the smaller id wins a tie, for determinism.

    `sharing` says of each group and sketch how many bands it has in common with the key.
    """
    near = (
        (distance(key.simhash, simhash, shared=shared), group)
        for (group, simhash), shared in sharing.items()
        if shared >= FEWEST_SHARED
    )
    best = min(((bits, group) for bits, group in near if bits is not None), default=None)
    return None if best is None else best[1]
