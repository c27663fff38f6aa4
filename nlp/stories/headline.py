"""A headline picked from what people wrote: the sentence that holds most of what a story tells."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST = 60
_SHORTEST = 6
_ENOUGH = 18
"""Longer sentences hold more words by themselves, and count for less."""
_EARLIER = 0.93
"""What a sentence is worth against the same one in the text before."""
_READ = 1_000
_SENTENCE = re.compile(r"【([^】\n]{4,})】|([^。！？!?\n；;【】]+[。！？!?]*)")
_QUOTE = re.compile(r"//\s?@[^:：\s]{1,30}\s?[:：]|https?://[!-~]+")
_PAUSE = re.compile(r"[，,、：: ]")
_EDGES = " \t\u3000，,、：:;；#"


@dataclass(frozen=True, slots=True)
class Headline:
    """`words` stand so in text number `text`."""

    text: int
    words: str


def headline_of(texts: Sequence[str], terms: Mapping[str, float]) -> Headline | None:
    """The best sentence of the texts, which are in order of how well they stand for the story.

    `terms` weigh words in normal form. At most LONGEST code points, cut at a pause; what is quoted
    after `//@` is not looked at. None where no text has a sentence.
    """
    best: tuple[float, Headline] | None = None
    for number, text in enumerate(texts):
        own = _QUOTE.split(text[:_READ], maxsplit=1)[0]
        for found in _SENTENCE.finditer(own):
            words = _cut((found.group(1) or found.group(2)).strip(_EDGES))
            if len(words) < _SHORTEST:
                continue
            lowered = words.lower()
            told = sum(weight for term, weight in terms.items() if term in lowered)
            worth = (told + 1e-6) * _EARLIER**number / math.sqrt(max(len(words), _ENOUGH))
            if best is None or worth > best[0]:
                best = worth, Headline(number, words)
    if best is not None:
        return best[1]
    short = next(((number, text) for number, text in enumerate(texts) if text.strip()), None)
    return None if short is None else Headline(short[0], _cut(short[1].strip().split("\n")[0]))


def _cut(sentence: str) -> str:
    if len(sentence) <= LONGEST:
        return sentence
    pauses = [found.start() for found in _PAUSE.finditer(sentence[: LONGEST + 1])]
    return sentence[: pauses[-1] if pauses and pauses[-1] >= _SHORTEST else LONGEST].rstrip(_EDGES)
