"""Disguise or coincidence? What a trace must show before it counts as the term.

Ordinary text is full of near misses: 他太傻，逼着自己 is no insult and 大麻烦 no drug. Each rule
here asks for one thing that ordinary text does not have.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from nlp.evasion.alphabet import IDEOGRAPH, INVISIBLE, PAUSE
from nlp.evasion.ordinary import (
    crossing,
    exotic,
    explaining,
    has_loose_character,
    is_everywhere,
    is_frequent,
    is_seldom,
    is_usual,
    is_word,
    may_be_crossed,
    outweighs,
    parts,
    rare,
    tokens,
)
from nlp.evasion.patterns import Pattern
from nlp.evasion.scan import Scan
from nlp.evasion.tables import load_tables
from nlp.evasion.technique import Technique
from nlp.evasion.tracing import Gap, Swap, Trace
from nlp.text.boundary import stands_alone

_SENTENCE_ENDS = re.compile(r"[。！？!?\n\r\u2028\u2029]")
_LINE_END = re.compile(r"[ \t\u3000]*[\n\r\u2028\u2029]+[ \t\u3000]*")
_WITHIN_CLAUSES = frozenset("、…'\"·")
_LIST_ITEM = 4
# What stands before is a verb: 很傻 逼着自己.
_AFTER_VERBS = ("着", "得")
_DOUBLED = re.compile(r"((.)\2+)")
_SOFT = re.compile("[\\s~\u2600-\u27bf\U0001f000-\U0001faff]")
_VOWEL = re.compile("[aeiouy]")
# Words glued together may cross other words (therapist); long ones do not.
_SHORTEST_GLUED = 7
_SHORTEST_UNMISTAKABLE = 4
_LONGEST_DOUBTFUL = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What hid the term, if anything, and the ordinary word that explains the surface, if any."""

    technique: Technique | None
    ordinary: str | None = None


_AS_WRITTEN = Verdict(None)


def judge(
    pattern: Pattern, found: Trace, text: Scan, *, rewritten: AbstractSet[int] = frozenset()
) -> Verdict | None:
    """Whether the trace is the term; None when it is not worth a word.

    `rewritten` are places in the text that a reading has put another character in: what stands
    there is a disguise already and needs no further sign of it.
    """
    if not (found.gaps or found.swaps or found.repeated or pattern.breaks):
        return judge_literal(pattern, found.start, text)
    gaps = [gap for gap in found.gaps if gap.place not in pattern.breaks]
    plain = not (gaps or found.swaps or found.repeated)
    if not plain and not pattern.folds:
        return None
    if not _spacing_is_kept(pattern, found, text):
        return None
    if not _swaps_are_meant(pattern, found, text, rewritten):
        return None
    if _cuts_letters(found, text) and not (plain and pattern.technique is None):
        return None
    if _doubling_is_a_word(found, text):
        return None
    vertical = _vertical(pattern, found, text, gaps)
    if not vertical and not all(_gap_is_meant(pattern, gap, gaps, found, text) for gap in gaps):
        return None
    technique = _technique(pattern, found, text, gaps, vertical=vertical)
    if pattern.hidden and not _hides(text.text[found.start : found.end]):
        return None
    ordinary = _ordinary(pattern, found, text, gaps, rewritten)
    if ordinary is not None and found.swaps:
        return None
    return Verdict(technique, ordinary)


def judge_literal(pattern: Pattern, start: int, text: Scan) -> Verdict | None:
    """As `judge`, for a pattern without breaks that stands at `start` in plain characters."""
    end = start + len(pattern.letters)
    surface = text.text[start:end]
    technique = pattern.technique or _own_technique(surface)
    if technique is None:
        if pattern.hidden:
            return None
    elif not stands_alone(text.plain, start, end):
        return None
    ordinary = None
    size = end - start
    doubtful = size <= _LONGEST_DOUBTFUL and is_word(pattern.letters)
    forced = technique is not None and any(map(exotic, surface))
    if doubtful and not forced and may_be_crossed(text.plain, start, end):
        words = tokens(text.plain, start, end)
        # Three characters are long enough to end a word before them: 老|虎骨酒, but 一夜|情况.
        word = crossing(words, start if size == 2 else end, end)
        if word is not None and outweighs(word, pattern.letters):
            ordinary = word
    return Verdict(technique, ordinary) if technique or ordinary else _AS_WRITTEN


def _cuts_letters(found: Trace, text: Scan) -> bool:
    return not stands_alone(text.plain, found.start, found.end)


def _doubling_is_a_word(found: Trace, text: Scan) -> bool:
    """Whether the one repetition inside the trace is an ordinary doubled word: 没妈妈的东西."""
    if not found.repeated or found.swaps or found.gaps:
        return False
    doubled = _DOUBLED.findall(text.plain, found.start, found.end)
    return len(doubled) == 1 and len(doubled[0][0]) == 2 and is_word(doubled[0][0])


def may_disguise(written: str, letters: str) -> bool:
    """Whether characters that sound like a term's may be it: cheap, for all that sound alike.

    Of two characters one must be right, and the other neither frequent in itself nor making an
    ordinary word of the two (病毒 for 冰毒).
    """
    if len(letters) > 3 or len(written) != len(letters):
        return True
    wrong = [one for one, other in zip(written, letters, strict=True) if one != other]
    if len(letters) == 2:
        if len(wrong) == 2:
            return all(map(rare, wrong))
        if not wrong:
            return True
        right = letters[0] if written[0] == letters[0] else letters[1]
        return rare(wrong[0]) or not (
            is_frequent(wrong[0])
            or (is_everywhere(right) and not is_seldom(wrong[0]))
            or is_word(written)
        )
    return not any(map(is_frequent, wrong)) or (len(wrong) > 1 and any(map(rare, wrong)))


def _spacing_is_kept(pattern: Pattern, found: Trace, text: Scan) -> bool:
    """Whether the words of a spaced term are apart, or glued into something unmistakable."""
    apart = {gap.place: gap for gap in found.gaps}
    for place in pattern.breaks:
        gap = apart.get(place)
        if gap is None:
            if len(pattern.letters) < _SHORTEST_GLUED and pattern.letters[place].isalpha():
                return False
        elif PAUSE in text.kinds[gap.start : gap.end]:
            return False
    return True


def _swaps_are_meant(
    pattern: Pattern, found: Trace, text: Scan, rewritten: AbstractSet[int]
) -> bool:
    word, literal = pattern.letters, found.literal(pattern)
    kinds = set(found.swaps.values())
    if not kinds:
        return True
    if Swap.LEET in kinds:
        enough = literal * (2 if len(word) < _SHORTEST_GLUED else 4)
        if enough < len(word) or len(word) < 3 or word.isdigit():
            return False
    if len(word) <= _LONGEST_DOUBTFUL and len(kinds) > 1 and Swap.SPELLED in kinds:
        heard = [text.plain[place] for place, swap in found.swaps.items() if swap is Swap.SOUND]
        if len(heard) != 1 or is_frequent(heard[0]):
            return False
    if len(word) > 2 or Swap.SPELLED in kinds:
        return True
    if kinds == {Swap.SOUND} and literal and rewritten.isdisjoint(found.swaps):
        (place,) = found.swaps
        one = text.plain[place]
        return may_disguise(one + word[1] if place == found.start else word[0] + one, word)
    return literal > 0 or all(rare(text.plain[place]) for place in found.swaps)


def _gap_is_meant(pattern: Pattern, gap: Gap, gaps: list[Gap], found: Trace, text: Scan) -> bool:
    before, after = text.plain[gap.start - 1], text.plain[gap.end]
    inside = text.plain[gap.start : gap.end]
    size = len(pattern.letters)
    everywhere = len(found.gaps) == size - 1
    if before.isdigit() and after.isdigit():
        return False
    if before.isascii() and after.isascii():
        return _latin_gap_is_meant(inside, everywhere, size, _pieces(found, text))
    pauses = PAUSE in text.kinds[gap.start : gap.end]
    if size == 2 and inside.isspace() and text.plain.startswith(_AFTER_VERBS, found.end):
        return False
    if not pauses:
        return True
    if size == 2:
        if "、" in inside and _is_listed(found, text):
            return False
        # A clause goes on after its first word: 太傻，逼着自己.
        if text.kinds[found.end : found.end + 1] >= bytes([IDEOGRAPH]) or found.swaps:
            return not found.swaps and _no_clause_ends(found, inside, text)
        return _SENTENCE_ENDS.search(inside) is None or _is_isolated(found, text)
    return everywhere or not parts(pattern.letters, gap.place)


def _no_clause_ends(found: Trace, inside: str, text: Scan) -> bool:
    """Whether the pause parts no clauses, and neither end goes with what stands beside it."""
    if not set(inside) <= _WITHIN_CLAUSES:
        return False
    return crossing(tokens(text.plain, found.start, found.end), found.start, found.end) is None


def _is_listed(found: Trace, text: Scan) -> bool:
    """Whether the list that the pause belongs to goes on: 风、湿、寒."""
    before = max(0, found.start - _LIST_ITEM)
    return "、" in text.plain[before : found.start] + text.plain[found.end : found.end + _LIST_ITEM]


def _is_isolated(found: Trace, text: Scan) -> bool:
    """Whether no character touches the term: 你 这 个 傻 。 逼."""
    before = text.kinds[found.start - 1] if found.start else PAUSE
    after = text.kinds[found.end] if found.end < len(text.kinds) else PAUSE
    return before <= PAUSE and after <= PAUSE


def _latin_gap_is_meant(inside: str, everywhere: bool, size: int, pieces: list[str]) -> bool:
    if any(character.isdigit() for character in inside):
        return False
    if everywhere:
        return size > 2 or not inside.isspace()
    if any(character.isspace() for character in inside):
        return size > 3 and any(_VOWEL.search(piece) is None for piece in pieces)
    return True


def _pieces(found: Trace, text: Scan) -> list[str]:
    edges = [found.start, *(edge for gap in found.gaps for edge in (gap.start, gap.end)), found.end]
    return [text.plain[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)]


def _vertical(pattern: Pattern, found: Trace, text: Scan, gaps: list[Gap]) -> bool:
    """Whether every character has a line of its own."""
    if len(gaps) != len(pattern.letters) - 1 or not all(
        _LINE_END.fullmatch(text.text, gap.start, gap.end) for gap in gaps
    ):
        return False
    before = text.plain[: found.start][-1:] if found.start < 2 else text.plain[found.start - 1]
    after = text.plain[found.end : found.end + 1]
    return len(gaps) > 1 or (before in ("", "\n", " ") and not after.strip())


def _ordinary(
    pattern: Pattern, found: Trace, text: Scan, gaps: list[Gap], rewritten: AbstractSet[int]
) -> str | None:
    """The ordinary word at that place, or None. Terms in letters have their own boundaries."""
    if not pattern.ideographs:
        return None
    size = len(pattern.letters)
    words = tokens(text.plain, found.start, found.end)
    paused = any(PAUSE in text.kinds[gap.start : gap.end] for gap in gaps)
    if size == 2 or paused or (size == 3 and any(_is_soft(gap, text) for gap in gaps)):
        word = crossing(words, found.start, found.end)
        everywhere = len(gaps) == size - 1 and size > (_LONGEST_DOUBTFUL if paused else 2)
        if (
            word is not None
            and not everywhere
            and (paused or not _is_forced(gaps, found, text, size))
        ):
            return word
    literal = found.literal(pattern)
    unmistakable = literal * 2 >= size >= _SHORTEST_UNMISTAKABLE and (
        has_loose_character(words, found.start, found.end)
        or (literal == size - 1 > _SHORTEST_UNMISTAKABLE - 1)
    )
    for place, swap in found.swaps.items():
        if swap is Swap.SPELLED or place in rewritten:
            continue
        word = explaining(words, place)
        if word is not None and not (unmistakable and (size > 4 or not is_usual(word))):
            return word
    return None


def _is_soft(gap: Gap, text: Scan) -> bool:
    """Whether people put this between any two words: a space, an emoji."""
    return _SOFT.search(text.text, gap.start, gap.end) is not None


def _is_forced(gaps: list[Gap], found: Trace, text: Scan, size: int) -> bool:
    """Whether a sign stands there that no sentence wants."""
    if found.swaps:
        return all(swap is Swap.SPELLED for swap in found.swaps.values())
    if INVISIBLE in text.kinds[found.start : found.end]:
        return True
    return bool(gaps) and not any(_is_soft(gap, text) for gap in gaps)


def _technique(
    pattern: Pattern, found: Trace, text: Scan, gaps: list[Gap], *, vertical: bool
) -> Technique | None:
    swaps = set(found.swaps.values())
    for swap, technique in (
        (Swap.SPELLED, Technique.PINYIN),
        (Swap.SOUND, Technique.HOMOPHONE),
        (Swap.LEET, Technique.LEET),
        (Swap.LOOK, Technique.LOOK_ALIKE),
    ):
        if swap in swaps:
            odd = swap is Swap.LOOK and all(exotic(text.plain[place]) for place in found.swaps)
            return Technique.MARTIAN if odd else technique
    if pattern.technique is not None:
        return pattern.technique
    if gaps:
        return Technique.VERTICAL if vertical else Technique.INSERTED
    if found.repeated:
        return Technique.REPEAT
    return _own_technique(text.text[found.start : found.end])


def _own_technique(surface: str) -> Technique | None:
    """The technique of a surface that has a disguise for each character that differs."""
    if not _hides(surface):
        return None
    martian = load_tables().martian
    written = any(character in martian for character in surface)
    return Technique.MARTIAN if written else Technique.LOOK_ALIKE


def _hides(surface: str) -> bool:
    """Whether a character of the surface is a disguise in itself: 莪, а."""
    return not _disguises().isdisjoint(surface)


@cache
def _disguises() -> frozenset[str]:
    tables = load_tables()
    return frozenset((*tables.martian, *tables.letters))
