"""Text to meaning: normal form, words, lexicon, queries, copies, sentiment, trends."""

from nlp.analysis import Analysis, CopyKey, Hit, Label, ScenarioScore
from nlp.analyzer import WORDS, Analyzer, load_analyzer, whole_text
from nlp.batching import Batcher, Limits, LineClosed, Overloaded
from nlp.errors import BadComponents, BadQuery, BadTable, NlpError, TableIssue
from nlp.lexicon import Lexicon, load_lexicon
from nlp.query import MonitorMatcher, Query, QueryDocument, parse_query
from nlp.spread import copy_key, is_copy
from nlp.text import (
    NormalText,
    SearchPhrase,
    detect_language,
    normalize,
    search_phrases,
    search_tokens,
)
from nlp.trends import window_counts

__all__ = [
    "WORDS",
    "Analysis",
    "Analyzer",
    "BadComponents",
    "BadQuery",
    "BadTable",
    "Batcher",
    "CopyKey",
    "Hit",
    "Label",
    "Lexicon",
    "Limits",
    "LineClosed",
    "MonitorMatcher",
    "NlpError",
    "NormalText",
    "Overloaded",
    "Query",
    "QueryDocument",
    "ScenarioScore",
    "SearchPhrase",
    "TableIssue",
    "copy_key",
    "detect_language",
    "is_copy",
    "load_analyzer",
    "load_lexicon",
    "normalize",
    "parse_query",
    "search_phrases",
    "search_tokens",
    "whole_text",
    "window_counts",
]
