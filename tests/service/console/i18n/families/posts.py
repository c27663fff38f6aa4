"""Words of the search for posts that code makes up."""

from __future__ import annotations

from service.console.pages.posts.asking import FACETS, Period
from service.stores import SortOrder

FAMILIES = {
    "posts.periods": set(Period),
    "posts.orders": set(SortOrder),
    "posts.facets": set(FACETS)
    | {"topic", "author", "copy_group", "q", "from", "to", "severity", "sort", "after"},
}
