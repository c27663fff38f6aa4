"""Which copy group a post belongs to: its own, or that of a near-duplicate seen before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

from nlp import CopyKey
from nlp.spread.near_duplicate import MAX_DISTANCE
from service.stores.post_store import PostStore

HORIZON = timedelta(days=3)
"""Copies travel in hours; an older twin starts a group of its own."""
_CHUNK = 20


class CopyGroups:
    """Resolves groups against the store and within the batch at hand."""

    def __init__(self, store: PostStore) -> None:
        self._store = store

    async def resolve(self, keys: Sequence[CopyKey], *, now: datetime) -> list[str]:
        """One group id a key, in order. Equal texts share a group without asking the store.

        Inside the batch as in the store, only keys that share a band are compared.
        """
        groups: list[str] = []
        mine: dict[str, set[tuple[str, int]]] = {}
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            bands = sorted({band for key in chunk for band in key.bands})
            known = await self._store.find_copies(bands, since=now - HORIZON) if bands else ()
            for key in chunk:
                near = chain.from_iterable(mine.get(band, ()) for band in key.bands)
                group = _nearest(key, chain(known, near)) or key.exact
                groups.append(group)
                for band in key.bands:
                    mine.setdefault(band, set()).add((group, key.simhash))
        return groups


def _nearest(key: CopyKey, known: Iterable[tuple[str, int]]) -> str | None:
    """The group of the nearest simhash within reach; the smaller id wins a tie, for determinism."""
    if not key.bands:
        return None
    best = min(
        (((key.simhash ^ simhash).bit_count(), group) for group, simhash in known),
        default=None,
    )
    return best[1] if best is not None and best[0] <= MAX_DISTANCE else None
