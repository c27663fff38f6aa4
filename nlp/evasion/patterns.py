"""From terms to what the automatons look for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, count, filterfalse, groupby, islice
from operator import ne

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.evasion.alphabet import DIGIT, EMOJI, FIRST_CODE, IDEOGRAPH, LETTER, NOISE, Alphabet
from nlp.evasion.ordinary import is_word
from nlp.evasion.tables import Tables
from nlp.evasion.technique import Technique

_PUT_IN = frozenset(" .%'-_/·*#~^|=@&$<>\\")
_SURROGATES = range(0xD800, 0xE000)
# A term of five characters with two readings each sounds in 32 ways; few are ever used.
_MOST_READINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pattern:
    """One way of writing a term in normal form.

    `letters` is `written` without noise; `breaks` are the places in it (1 for before its second
    character) where the written form has noise.
    `technique` is set where this writing is a disguise in itself; `hidden` where the term is
    listed in disguise (嶶信), so that its plain form is not to hit.
    """

    term: int
    written: str
    letters: str
    breaks: frozenset[int]
    ideographs: bool
    folds: bool
    hidden: bool
    technique: Technique | None


Heard = Mapping[str, Sequence[str]]
"""The ways the letters of a pattern sound, as keys."""


@dataclass(frozen=True, slots=True, eq=False)
class PatternSet:
    """Patterns with the automaton over their keys; word i of it stands for `groups[i]`.

    With each pattern goes how often it says the first symbol of its key.
    """

    automaton: AhoCorasick | None
    groups: tuple[tuple[tuple[Pattern, int], ...], ...]
    codes: Mapping[str, str]
    """By symbol, what stands for it in the keys searched."""

    def find(self, symbols: str) -> list[tuple[int, int, int]]:
        """(group, start, end) of every occurrence in a key in those codes, half open."""
        if self.automaton is None:
            return []
        return self.automaton.find_matches_as_indexes(symbols, True)


def patterns(
    terms: Sequence[tuple[str, bool]], alphabet: Alphabet, tables: Tables
) -> list[Pattern]:
    """Patterns of (normal form, may be disguised) terms, each alias of their parts included."""
    found: list[Pattern] = []
    for place, (normal, folds) in enumerate(terms):
        writings: dict[str, Technique | None] = {normal: None}
        if folds:
            for alias in tables.aliases:
                # 威信 is a word; 加威信 is what hides 加微信.
                if alias.means in normal and (alias.means != normal or not is_word(alias.written)):
                    writings.setdefault(normal.replace(alias.means, alias.written), alias.technique)
        for written, technique in writings.items():
            pattern = _pattern(place, written, folds, technique, alphabet)
            if len(pattern.letters) > 1:
                found.append(pattern)
    return found


def kept_symbols(terms: Iterable[tuple[str, bool]], alphabet: Alphabet) -> set[str]:
    """Symbols and emoji that a term is written with.

    What is put into words more often than it belongs there is left out of keys.
    """
    return {
        character
        for normal, _ in terms
        for character in normal
        if alphabet.kind[ord(character)] in (NOISE, EMOJI) and character not in _PUT_IN
    }


def by_skeleton(
    found: Iterable[Pattern], alphabet: Alphabet, *, parts: Iterable[str] = ()
) -> PatternSet:
    """The patterns by their look, then `parts`, whose numbers follow those of the groups."""
    keyed = ((_skeleton(item.letters, alphabet), item) for item in found)
    more = (_skeleton(word, alphabet) for word in parts)
    return _grouped(keyed, more)


def heard(found: Iterable[Pattern], alphabet: Alphabet, tables: Tables) -> Heard:
    """The ways each pattern that may be disguised sounds."""
    letters = {item.letters for item in found if item.folds}
    return {word: tuple(sound_keys(word, alphabet, tables)) for word in letters}


def by_sound(found: Iterable[Pattern], alphabet: Alphabet, sounds: Heard) -> PatternSet:
    """The patterns that have ideographs and no digits, by each way of reading them."""
    return _grouped(
        (key, item)
        for item in found
        if item.folds and item.technique is None and _has_sound(item, alphabet)
        for key in sounds[item.letters]
        # 事实 is one syllable said twice: its key would be found in every sentence.
        if len(set(key)) > 1
    )


def sound_keys(letters: str, alphabet: Alphabet, tables: Tables) -> Iterator[str]:
    """The ways a word sounds, a symbol a character: the usual readings first, ten at most."""
    choices: list[Sequence[str]] = []
    for character in letters:
        readings = tables.readings.get(character)
        choices.append(
            [alphabet.symbols[sound] for sound in readings[:3]] if readings else character
        )
    usual = [choice[0] for choice in choices]
    yield "".join(usual)
    if all(len(choice) == 1 for choice in choices):
        return
    other = [(place, symbol) for place, choice in enumerate(choices) for symbol in choice[1:]]
    # The usual readings, then one character read otherwise, then two.
    chosen = chain.from_iterable(combinations(other, count) for count in (1, 2))
    ways = ("".join(_changed(usual, changes)) for changes in chosen)
    yield from islice(ways, _MOST_READINGS - 1)


def _changed(usual: Sequence[str], changes: Iterable[tuple[int, str]]) -> list[str]:
    symbols = list(usual)
    for place, symbol in changes:
        symbols[place] = symbol
    return symbols


def _skeleton(word: str, alphabet: Alphabet) -> str:
    """The look of a word, a symbol a character."""
    return "".join([chr(int(alphabet.skeleton[ord(character)])) for character in word])


def _pattern(
    term: int, written: str, folds: bool, technique: Technique | None, alphabet: Alphabet
) -> Pattern:
    letters: list[str] = []
    breaks: set[int] = set()
    for character in written:
        if alphabet.kind[ord(character)] >= DIGIT:
            letters.append(chr(int(alphabet.plain[ord(character)])))
        else:
            breaks.add(len(letters))
    word = "".join(letters)
    return Pattern(
        term=term,
        written=written,
        letters=word,
        breaks=frozenset(breaks - {0, len(word)}),
        ideographs=all(alphabet.kind[ord(character)] == IDEOGRAPH for character in word),
        folds=folds,
        hidden=any(
            alphabet.plain[ord(character)] != ord(character)
            for character in written
            if alphabet.kind[ord(character)] >= DIGIT
        ),
        technique=technique,
    )


def _has_sound(item: Pattern, alphabet: Alphabet) -> bool:
    kinds = {int(alphabet.kind[ord(character)]) for character in item.letters}
    return IDEOGRAPH in kinds and kinds <= {IDEOGRAPH, LETTER}


def _grouped(keyed: Iterable[tuple[str, Pattern]], more: Iterable[str] = ()) -> PatternSet:
    groups: dict[str, list[tuple[Pattern, int]]] = {}
    for key, pattern in keyed:
        runs = ["".join(run) for _, run in groupby(key)]
        if runs:
            word = "".join(run[0] for run in runs)
            groups.setdefault(word, []).append((pattern, len(runs[0])))
    words = [*groups, *(word for word in more if all(map(ne, word, word[1:])))]
    codes = _codes(words)
    table = str.maketrans(codes)
    coded = [word.translate(table) for word in words]
    automaton = AhoCorasick(coded, matchkind=MatchKind.Standard) if coded else None
    return PatternSet(automaton, tuple(map(tuple, groups.values())), codes)


def _codes(words: Iterable[str]) -> dict[str, str]:
    """A code for each symbol of the words, the shorter in UTF-8 the more often they have it.

    A search takes its time by the byte.
    """
    often = Counter("".join(words)).most_common()
    codes = filterfalse(_SURROGATES.__contains__, count(FIRST_CODE))
    return {symbol: chr(code) for (symbol, _), code in zip(often, codes, strict=False)}
