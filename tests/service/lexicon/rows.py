"""Rows of entries for tests."""

from __future__ import annotations

from nlp.lexicon import COLUMNS, Entry
from service.lexicon import entry_of


def cells(term: str, /, **given: str) -> dict[str, str]:
    """A row that the parser takes: the term stands in its own hit and nowhere else."""
    return {
        **dict.fromkeys(COLUMNS, ""),
        "id": "lex_test_one",
        "term": term,
        "category": "complaint",
        "severity": "3",
        "variants": "fold",
        "hits": f"这家{term}，大家当心",
        "misses": "今天天气不错",
        **given,
    }


def entry(term: str, /, **given: str) -> Entry:
    return entry_of(cells(term, **given))


SHIPPED = (
    entry("偷工减料", id="lex_base_a", category="quality_defect"),
    entry("霸王条款", id="lex_base_b", severity="2"),
    entry("黑心商家", id="lex_base_c", allow="不是黑心商家", misses="我们不是黑心商家"),
)
