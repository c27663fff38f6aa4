"""A draft brought into the register that is advised: its opening and closing put where they go."""

from __future__ import annotations

from playbooks.emotion_matrix import Advice, lacks
from playbooks.schema import StatementKind

_LETTERS = frozenset({StatementKind.ANSWER, StatementKind.RECALL})
"""To one person, or by the book: these keep the words that they have."""
_ENDS = "。！？!?.：:"


def follow(text: str, advice: Advice | None, *, kind: StatementKind, lang: str) -> str:
    """The draft with the opening after its heading and the closing before its signature.

    A text that has a word of the register already, a letter and a recall stay as they are.
    """
    if advice is None or kind in _LETTERS or not lacks(advice.register, text, lang):
        return text
    opening, closing = (
        (part.en or part.zh) if lang == "en" else part.zh
        for part in (advice.opening, advice.closing)
    )
    parts = [part for part in text.split("\n\n") if part.strip()]
    first = 1 if len(parts) > 1 and not _is_sentence(parts[0]) else 0
    last = len(parts) - 1 if len(parts) > 1 and not _is_sentence(parts[-1]) else len(parts)
    return "\n\n".join([*parts[:first], opening, *parts[first:last], closing, *parts[last:]])


def _is_sentence(part: str) -> bool:
    return part.rstrip()[-1] in _ENDS
