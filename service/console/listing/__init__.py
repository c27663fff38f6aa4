"""Lists: a table on a desk, cards on a telephone; sorted, filtered, paged, worked by keys."""

from __future__ import annotations

from service.console.listing.filters import AnyOf, Containing, Filter, OnDay, OneOf, OrderedBy
from service.console.listing.query import ListQuery, Rows
from service.console.listing.selection import Bulk
from service.console.listing.table import Column, Listing

__all__ = [
    "AnyOf",
    "Bulk",
    "Column",
    "Containing",
    "Filter",
    "ListQuery",
    "Listing",
    "OnDay",
    "OneOf",
    "OrderedBy",
    "Rows",
]
