"""Search, detail, facets, trends and spread over the post store."""

from __future__ import annotations

from service.posts.errors import BadFilter, PostNotFound
from service.posts.export import MEDIA_TYPES, MOST_EXPORTED, Export, ExportForm, PostExport
from service.posts.filters import (
    FacetRequest,
    PageRequest,
    TrendRequest,
    parse_facets,
    parse_page,
    parse_trend,
)
from service.posts.incident_posts import incident_query, is_about_mood
from service.posts.passed import passed, posting, spread_post
from service.posts.revealing import RevealedEvidence, Revealing
from service.posts.service import PostDetail, Posts
from service.posts.spread import CopyGroup, CrowdSpread, PostSpread, Tree
from service.posts.spread_reading import Spreads
from service.posts.written import WrittenQuery, read_written

__all__ = [
    "MEDIA_TYPES",
    "MOST_EXPORTED",
    "BadFilter",
    "CopyGroup",
    "CrowdSpread",
    "Export",
    "ExportForm",
    "FacetRequest",
    "PageRequest",
    "PostDetail",
    "PostExport",
    "PostNotFound",
    "PostSpread",
    "Posts",
    "RevealedEvidence",
    "Revealing",
    "Spreads",
    "Tree",
    "TrendRequest",
    "WrittenQuery",
    "incident_query",
    "is_about_mood",
    "parse_facets",
    "parse_page",
    "parse_trend",
    "passed",
    "posting",
    "read_written",
    "spread_post",
]
