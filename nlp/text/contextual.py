"""Traditional characters whose simplified form depends on the word: 看著 → 看着, but 著名 stays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp.data_files import data_file, rows


@dataclass(frozen=True, slots=True)
class ContextualVariants:
    """Finds the words of the table; every replacement keeps the length."""

    seen: re.Pattern[str]
    words: re.Pattern[str]
    replacements: dict[str, str]

    def apply(self, text: str) -> str:
        """The text with each character converted where its word allows; same length."""
        if self.seen.search(text) is None:
            return text
        return self.words.sub(lambda match: self.replacements[match[0]], text)


@cache
def contextual_variants() -> ContextualVariants:
    """The variants of data/variants/contextual.tsv."""
    replacements: dict[str, str] = {}
    seen: list[str] = []
    for _, (old, new, rule, words) in rows(data_file("variants", "contextual.tsv")):
        seen.append(old)
        convert = rule == "only"
        for word in words.split("|"):
            replacements[word] = word.replace(old, new) if convert else word
        replacements[old] = old if convert else new
    # Longest first: a word is looked at before the lone character inside it.
    longest = sorted(replacements, key=len, reverse=True)
    return ContextualVariants(
        seen=re.compile(f"[{''.join(seen)}]"),
        words=re.compile("|".join(map(re.escape, longest))),
        replacements=replacements,
    )
