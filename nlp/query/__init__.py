"""The monitors' query grammar: one parser, one matcher."""

from nlp.query.document import QueryDocument
from nlp.query.monitor_matcher import MonitorMatcher
from nlp.query.parser import parse_query
from nlp.query.tree import Query

__all__ = ["MonitorMatcher", "Query", "QueryDocument", "parse_query"]
