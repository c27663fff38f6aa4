"""The curated lexicon: tables, automaton, matcher."""

from nlp.lexicon.categories import CATEGORIES, CRISIS, MODERATION, SCENARIOS
from nlp.lexicon.entry import ContextKind, ContextRule, Entry, Variants
from nlp.lexicon.lint import lint
from nlp.lexicon.matcher import CategoryStats, Lexicon, LexiconStats, load_lexicon
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
    "Entry",
    "Lexicon",
    "LexiconStats",
    "Variants",
    "lint",
    "load_lexicon",
    "load_tables",
    "parse_tables",
]
