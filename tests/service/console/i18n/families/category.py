"""Categories of the lexicon."""

from __future__ import annotations

from nlp.lexicon import CATEGORIES

FAMILIES = {"category": set(CATEGORIES)}
