"""The curated lexicon: tables, rules of context, matcher."""

from nlp.lexicon.categories import CATEGORIES, CRISIS, MODERATION, SCENARIOS
from nlp.lexicon.entry import ContextKind, ContextRule, Entry, Variants
from nlp.lexicon.lint import lint
from nlp.lexicon.live import Derived, LiveLexicon
from nlp.lexicon.matcher import Lexicon, load_lexicon
from nlp.lexicon.stats import CategoryStats, LexiconStats
from nlp.lexicon.table import COLUMNS, load_tables, parse_tables

__all__ = [
    "CATEGORIES",
    "COLUMNS",
    "CRISIS",
    "MODERATION",
    "SCENARIOS",
    "CategoryStats",
    "ContextKind",
    "ContextRule",
    "Derived",
    "Entry",
    "Lexicon",
    "LexiconStats",
    "LiveLexicon",
    "Variants",
    "lint",
    "load_lexicon",
    "load_tables",
    "parse_tables",
]
