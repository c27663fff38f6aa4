"""Post stores: the protocol and its values; SQLite, the embedded engine, and Elasticsearch."""

from __future__ import annotations

from service.stores.errors import BadCursor, StoreError
from service.stores.post_store import (
    FacetField,
    FoundPost,
    Inheritance,
    Page,
    PostChange,
    PostQuery,
    PostStore,
    PostVersion,
    Segment,
    SortOrder,
    StoredPost,
    TermCount,
    TimeBucket,
    Upserted,
)

__all__ = [
    "BadCursor",
    "FacetField",
    "FoundPost",
    "Inheritance",
    "Page",
    "PostChange",
    "PostQuery",
    "PostStore",
    "PostVersion",
    "Segment",
    "SortOrder",
    "StoreError",
    "StoredPost",
    "TermCount",
    "TimeBucket",
    "Upserted",
]
