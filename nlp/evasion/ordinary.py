"""Is what stands there an ordinary word, so that nothing is disguised?"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import rjieba

from nlp.data_files import data_file, rows

# Words are short: what stands farther away changes no cut here.
_AROUND = 8
Word = tuple[str, int, int]
"""A word with its place in the text, half open."""
# Count in the dictionary's corpus above which a character is a word that stands anywhere: 那, 难.
_FREQUENT = 15_000
_EVERYWHERE = 60_000
_USUAL = 500
_SELDOM = 500
# How much more frequent than a term a word across its end must be to take its characters.
_OUTWEIGHING = 15
_LONG = 4
_ASCII = "\x7f"
_GB2312_LEVEL_1 = range(0xB0, 0xD8)


def tokens(text: str, start: int, end: int) -> list[Word]:
    """The dictionary's words around text[start:end], with their places in the text."""
    first = max(0, start - _AROUND)
    words = _cut(text[first : end + _AROUND])
    return [(word, first + left, first + right) for word, left, right in words]


# Posts say the same things: topics, set phrases.
@lru_cache(maxsize=16_384)
def _cut(window: str) -> tuple[Word, ...]:
    words = tuple(rjieba.tokenize(window, "default", False))
    pattern, seen = _new_words()
    if seen.isdisjoint(window):
        return words
    # The first to hold a place explains it, so these overrule the dictionary's.
    return (*((found[0], *found.span()) for found in pattern.finditer(window)), *words)


def may_be_crossed(text: str, start: int, end: int) -> bool:
    """Whether a word of the dictionary reaches across an end of text[start:end]: a quick look."""
    # Plain loops: nearly every term that stands in a text as written comes by here.
    for edge in (start, end):
        if 0 < edge < len(text) and text[edge - 1] > _ASCII < text[edge]:
            for left in range(max(0, edge - _LONG + 1), edge):
                for right in range(edge + 1, min(left + _LONG, len(text)) + 1):
                    if is_word(text[left:right]):
                        return True
    return False


def crossing(words: list[Word], start: int, end: int) -> str | None:
    """The word of ideographs that reaches across one end of text[start:end], or None."""
    for word, left, right in words:
        crosses = left < start < right or left < end < right
        if crosses and not word.isascii() and right - left > 1:
            return word
    return None


def explaining(words: list[Word], position: int) -> str | None:
    """The word of two characters or more that the character at `position` belongs to, or None."""
    for word, left, right in words:
        if left <= position < right:
            return word if right - left > 1 and not word.isascii() else None
    return None


def parts(term: str, place: int) -> bool:
    """Whether a pause between characters `place - 1` and `place` may part two words of a term."""
    inside = any(left < place < right for _, left, right in tokens(term, 0, len(term)))
    return not (inside and is_word(term[place - 1 : place + 1]))


def has_loose_character(words: list[Word], start: int, end: int) -> bool:
    """Whether a character of text[start:end] belongs to no word of two characters or more."""
    return any(right - left == 1 and start <= left < end for _, left, right in words)


@lru_cache(maxsize=65_536)
def is_word(word: str) -> bool:
    """Whether the dictionary has the word."""
    return rjieba.has_word(word) or _new_words()[0].fullmatch(word) is not None


@cache
def _new_words() -> tuple[re.Pattern[str], frozenset[str]]:
    """Words that the dictionary lacks, longest first, and the characters they begin with."""
    words = [cells[0] for _, cells in rows(data_file("variants", "new_words.tsv"))]
    longest = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), frozenset(word[0] for word in words)


@lru_cache(maxsize=65_536)
def is_frequent(character: str) -> bool:
    """Whether the character is itself one of the few hundred most frequent words."""
    return rjieba.suggest_freq(character) > _FREQUENT


@lru_cache(maxsize=65_536)
def is_seldom(character: str) -> bool:
    """Whether the character is hardly ever a word by itself: 诡, 咨."""
    return rjieba.suggest_freq(character) < _SELDOM


@lru_cache(maxsize=65_536)
def is_usual(word: str) -> bool:
    """Whether a word of two characters or more is one that every text may have: 收拾."""
    return rjieba.suggest_freq(word) > _USUAL


@lru_cache(maxsize=65_536)
def is_everywhere(character: str) -> bool:
    """Whether the character is one of the few dozen that hold sentences together: 的, 个, 那."""
    return rjieba.suggest_freq(character) > _EVERYWHERE


def outweighs(word: str, term: str) -> bool:
    """Whether the word is so much longer or more frequent that its characters are its own."""
    if len(word) >= _LONG:
        return True
    return rjieba.suggest_freq(word) > _OUTWEIGHING * rjieba.suggest_freq(term)


def rare(character: str) -> bool:
    """Whether the ideograph is outside the 3,755 common ones (GB 2312, level 1)."""
    encoded = character.encode("gb2312", "ignore")
    return len(encoded) != 2 or encoded[0] not in _GB2312_LEVEL_1


def exotic(character: str) -> bool:
    """Whether simplified Chinese texts have no use for the character at all (GB 2312)."""
    return not character.encode("gb2312", "ignore")
