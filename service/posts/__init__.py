"""Search, detail, facets and trends over the post store."""

from __future__ import annotations

from service.posts.errors import BadFilter, PostNotFound
from service.posts.filters import (
    FacetRequest,
    PageRequest,
    TrendRequest,
    parse_facets,
    parse_page,
    parse_trend,
)
from service.posts.revealing import RevealedEvidence, Revealing
from service.posts.service import PostDetail, Posts

__all__ = [
    "BadFilter",
    "FacetRequest",
    "PageRequest",
    "PostDetail",
    "PostNotFound",
    "Posts",
    "RevealedEvidence",
    "Revealing",
    "TrendRequest",
    "parse_facets",
    "parse_page",
    "parse_trend",
]
