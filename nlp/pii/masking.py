"""A text as it may leave: in cards, exports and answers."""

from __future__ import annotations

from nlp.pii.finding import find_pii
from nlp.pii.redaction import redacted
from nlp.text.normalizer import NormalText, normalize


def masked(text: str | NormalText) -> str:
    """The text with personal information masked; its length and all spans stay. Any string will do.

    Masking twice changes nothing more than masking once.
    """
    normal = normalize(text) if isinstance(text, str) else text
    return redacted(normal.original, find_pii(normal))
