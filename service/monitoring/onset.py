"""When did it begin? The first post of what is now burning, found by walking back from now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.stores.post_store import TimeBucket

QUIET_BUCKETS = 3
"""So many quiet buckets in a row end the walk: half an hour of ten-minute buckets."""


def onset(buckets: Sequence[TimeBucket], *, usual: float, negative_only: bool) -> datetime | None:
    """Start of the earliest bucket of the run of unusual ones that reaches the newest bucket.

    `usual` is the baseline in posts a bucket; a bucket is unusual when it holds more than one
    post above it (any post, where nothing is usual). None when the newest buckets are all quiet.
    """
    start: datetime | None = None
    quiet = 0
    for bucket in reversed(buckets):
        count = bucket.negative if negative_only else bucket.posts
        if count > usual + (1 if usual >= 0.5 else 0):
            start = bucket.start
            quiet = 0
            continue
        quiet += 1
        if quiet >= QUIET_BUCKETS:
            break
    return start
