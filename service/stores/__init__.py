"""Post stores: the protocol and its values; SQLite, the embedded engine, and Elasticsearch."""

from __future__ import annotations

from service.stores.condition import AllOf, AnyOf, Begins, Condition, Not, PartedField, Says
from service.stores.errors import BadCursor, StoreError
from service.stores.post_store import (
    AuthorCell,
    FacetField,
    FoundPost,
    Inheritance,
    Page,
    PostChange,
    PostQuery,
    PostStore,
    PostVersion,
    Pulse,
    Segment,
    SortOrder,
    StoredPost,
    Tally,
    TermCount,
    TimeBucket,
    Upserted,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "AuthorCell",
    "BadCursor",
    "Begins",
    "Condition",
    "FacetField",
    "FoundPost",
    "Inheritance",
    "Not",
    "Page",
    "PartedField",
    "PostChange",
    "PostQuery",
    "PostStore",
    "PostVersion",
    "Pulse",
    "Says",
    "Segment",
    "SortOrder",
    "StoreError",
    "StoredPost",
    "Tally",
    "TermCount",
    "TimeBucket",
    "Upserted",
]
