"""Texts that say nothing in words: blank, punctuation, links. No model need look at them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from nlp.analysis import Label
from nlp.encoder.heads import EMOTION, INTENT, LABELS, SENTIMENT
from nlp.encoder.reading import Reading

_LINK = re.compile(r"https?://[!-~]*|\bww\.[!-~]+|o?网页链接")
_WORD = re.compile(r"[^\W_]")


def is_wordless(normal: str) -> bool:
    """Whether a normal form has neither letters nor digits nor emoji beside its links."""
    # Nearly every text begins with a word: do not look for links in it.
    if _WORD.match(normal) and not normal.startswith(("http", "ww.", "网页", "o网页")):
        return False
    rest = _LINK.sub(" ", normal)
    return _WORD.search(rest) is None and not any(map(_is_picture, rest))


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) == "So"


def _sure(label: str, labels: Sequence[str]) -> Label:
    return Label(label=label, scores={name: float(name == label) for name in labels})


NOTHING_SAID = Reading(
    sentiment=_sure("neutral", LABELS[SENTIMENT]),
    emotion=_sure("neutral", LABELS[EMOTION]),
    intent=_sure("other", LABELS[INTENT]),
    abuse=0.0,
    scenarios=(),
    moderation=(),
)
"""What is said of a text without words. It has no vector: it is like no other text."""
