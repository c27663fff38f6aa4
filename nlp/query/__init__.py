"""The monitors' query grammar: one parser, one matcher."""

from nlp.query.document import QueryDocument
from nlp.query.monitor_matcher import MonitorMatcher
from nlp.query.parser import parse_query
from nlp.query.tree import (
    Clause,
    Everything,
    Filter,
    Group,
    Literal,
    Near,
    Query,
    Regex,
    Sequence,
    Sign,
    Term,
)

__all__ = [
    "Clause",
    "Everything",
    "Filter",
    "Group",
    "Literal",
    "MonitorMatcher",
    "Near",
    "Query",
    "QueryDocument",
    "Regex",
    "Sequence",
    "Sign",
    "Term",
    "parse_query",
]
