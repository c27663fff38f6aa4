"""Sentiment by a list of words with their weights: honest, quick, and no match for a model.

Each word's weight is multiplied by the degree adverb before it and turned around, weaker, by a
negation; what follows a 但是 weighs more. With P and N the weights of the good and the bad words,

    polarity = (P - N) / (P + N + DAMPING)      in (-1, 1)

The scores are a softmax over (-SLOPE * polarity, NEUTRAL, SLOPE * polarity), so that
they sum to 1 and a text without any known word is neutral.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from functools import cache

from nlp.analysis import Label
from nlp.data_files import data_file, rows
from nlp.lexicon.automaton import Automaton
from nlp.text.boundary import stands_alone

DAMPING = 2.0
SLOPE = 3.0
NEUTRAL = 0.3
# A denied word says less than its opposite: 不难吃 is not 好吃.
DENIED = -0.7
AFTER_CONTRAST = 1.6
# How far before a word its adverbs are looked for, in characters of the normal form.
_WINDOW = 6
_READ = 4000

_NEGATION = re.compile(
    r"(?:不是|不会|不算|不太|不够|不怎么|不|没有|没|未|无|(?<![特分级性区个告类差])别|毫无|并非|从不|绝不|"
    r"\bno|\bnot|\bnever|n't|\bwithout|\bcannot)[^,.!?;:。、…~\d]{0,3}$"
)
# Negations by their letters only.
_NO_NEGATION = re.compile(
    r"(?:不仅|不但|不光|不止|不得不|无论|不管|差不多|忍不住|没想到|要不|不错)"
)
_CONTRAST = re.compile(r"但是|但|不过|可是|然而|就是|\bbut\b|\bhowever\b|\byet\b")


class LexicalSentiment:
    """Scores a normal form. Words and adverbs are in normal form; weights above 0 are good."""

    def __init__(self, words: Mapping[str, float], degrees: Mapping[str, float]) -> None:
        self._words = words
        self._weights = tuple(words.values())
        self._automaton = Automaton(words, longest=True)
        self._degrees = dict(degrees)
        adverbs = "|".join(re.escape(word) for word in sorted(degrees, key=len, reverse=True))
        self._degree = re.compile(f"({adverbs}) ?(?:地|的)?$") if adverbs else re.compile(r"(?!)")
        content = repr((sorted(words.items()), sorted(degrees.items())))
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass"))
        self.version = f"lexical-{digest.hexdigest()[:12]}"

    def label(self, normal: str) -> Label:
        """The label of a normal form; only the first characters of a long one are read."""
        return decide(self.polarity(normal))

    def polarity(self, normal: str) -> float:
        """From -1, bad, to 1, good; 0 without any known word."""
        text = normal[:_READ]
        good = bad = 0.0
        contrast: int | None = None
        for word, start, end in self._automaton.find(text):
            if not stands_alone(text, start, end):
                continue
            if contrast is None:
                contrast = _last_contrast(text)
            weight = self._weights[word] * self._factor(text[max(0, start - _WINDOW) : start])
            if start >= contrast:
                weight *= AFTER_CONTRAST
            if weight > 0:
                good += weight
            else:
                bad -= weight
        return (good - bad) / (good + bad + DAMPING)

    def _factor(self, before: str) -> float:
        """What the characters before a word make of its weight."""
        factor = 1.0
        if match := self._degree.search(before):
            factor = self._degrees[match[1]]
            before = before[: match.start()]
        if _NEGATION.search(before) and not _NO_NEGATION.search(before):
            factor *= DENIED
        return factor


def decide(polarity: float) -> Label:
    """The label of a polarity in [-1, 1], with scores that sum to 1."""
    logits = {
        "negative": -SLOPE * polarity,
        "neutral": NEUTRAL,
        "positive": SLOPE * polarity,
    }
    powers = {label: math.exp(logit) for label, logit in logits.items()}
    total = sum(powers.values())
    scores = {label: power / total for label, power in powers.items()}
    return Label(label=max(scores, key=scores.__getitem__), scores=scores)


@cache
def load_sentiment() -> LexicalSentiment:
    """The scorer of data/sentiment/words.tsv and data/variants/degrees.tsv."""
    words = {word: float(weight) for _, (word, weight) in rows(data_file("sentiment", "words.tsv"))}
    adverbs = rows(data_file("variants", "degrees.tsv"))
    return LexicalSentiment(words, {word: float(factor) for _, (word, factor) in adverbs})


def _last_contrast(text: str) -> int:
    """Where the last contrasting conjunction ends, or past the end of the text."""
    last = len(text)
    for match in _CONTRAST.finditer(text):
        last = match.end()
    return last
