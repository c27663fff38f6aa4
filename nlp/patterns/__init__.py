"""Semantic patterns: rules over words in their places, kept as data."""

from nlp.analysis import PatternHit
from nlp.patterns.component import PatternComponent
from nlp.patterns.errors import BadPattern
from nlp.patterns.ids import PATTERN_IDS
from nlp.patterns.loader import compile_patterns, load_patterns
from nlp.patterns.matcher import Pattern, PatternSet

__all__ = [
    "PATTERN_IDS",
    "BadPattern",
    "Pattern",
    "PatternComponent",
    "PatternHit",
    "PatternSet",
    "compile_patterns",
    "load_patterns",
]
