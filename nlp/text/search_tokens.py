"""Tokens for a full-text index that finds any Chinese substring.

The scheme, shared by every store:

- A run of characters of an unspaced script (Han, kana, Hangul, Thai …) is indexed as its
  overlapping pairs followed by its last character: 手机爆炸 → 手机 机爆 爆炸 炸. So each position
  starts a token.
- A run of any other letters and digits is one token: iphone, 12315.
- A query is cut in the same way into phrases, one for each stretch without white space or
  punctuation. A phrase is found where its tokens follow one another. With `prefix` its last token
  may be the start of a longer one; only a lone character asks for that (炸 finds 炸 and 炸了).

So 机爆 finds 手机爆炸, while the phrase 手机爆炸 does not find 手机，爆炸.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from nlp.text.boundary import is_spaced_script

_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    r"\u3400-\u9fff\uac00-\ud7a3\U00020000-\U000323af"
)
_STRETCH = re.compile(r"[^\W_]+")
_RUN = re.compile(f"([{_UNSPACED}]+)|[^{_UNSPACED}]+")


class Reach(StrEnum):
    """What the index finds for a literal of the query grammar."""

    SAME = "same"
    """The texts in which it stands."""
    WIDER = "wider"
    """Those, and others: its words in other places, or without what stands between them."""
    UNKNOWN = "unknown"
    """Not all of those."""


@dataclass(frozen=True, slots=True)
class SearchPhrase:
    """Tokens that must follow one another; with `prefix` the last may be the start of one."""

    tokens: tuple[str, ...]
    prefix: bool = False


def search_tokens(normal: str) -> tuple[str, ...]:
    """The index tokens of a text in normal form, in order."""
    tokens: list[str] = []
    for stretch in _STRETCH.finditer(normal):
        for run in _RUN.finditer(stretch[0]):
            word = run[0]
            if run[1]:
                tokens += [word[at : at + 2] for at in range(len(word))]
            else:
                tokens.append(word)
    return tuple(tokens)


def search_phrases(normal: str) -> tuple[SearchPhrase, ...]:
    """The phrases of a query in normal form; a text is found when it holds all of them.

    Empty when the query holds no letter or digit.
    """
    return tuple(_phrase(stretch[0]) for stretch in _STRETCH.finditer(normal))


def reach(literal: str) -> Reach:
    """How `search_phrases` of a literal in normal form stands to the literal itself.

    A word beside an underscore is a word of its own to the index, and counts as the same.
    """
    runs = [run for stretch in _STRETCH.findall(literal) for run in _RUN.finditer(stretch)]
    if not runs or not all(run[1] or is_spaced_script(run[0]) for run in runs):
        return Reach.UNKNOWN
    return Reach.SAME if len(runs) == 1 and runs[0][0] == literal else Reach.WIDER


def _phrase(stretch: str) -> SearchPhrase:
    tokens = list(search_tokens(stretch))
    last_run = list(_RUN.finditer(stretch))[-1]
    if last_run[1] is None:
        return SearchPhrase(tuple(tokens))
    if len(last_run[0]) > 1:
        # The lone last character is a token only where a run ends, and the text may go on.
        return SearchPhrase(tuple(tokens[:-1]))
    return SearchPhrase(tuple(tokens), prefix=True)
