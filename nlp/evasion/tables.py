"""The variant tables of data/variants as look-ups; every one is listed with its origin there."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from nlp.data_files import data_file, rows
from nlp.evasion.technique import Technique
from nlp.text.normalizer import normalize

SPELLED = 0x10F000
"""First of the private code points (plane 16) for syllables written in letters."""


# Forms that stand in no text by themselves.
_BARE_RADICALS = frozenset("亻讠钅扌氵忄纟彳犭礻衤饣辶阝刂灬艹疒宀冫攵")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A written form that stands for a word, both in normal form."""

    written: str
    means: str
    technique: Technique


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Variants by character.

    `readings` gives the toneless syllables of an ideograph, the usual one first. `similar` relates
    an ideograph with those that look like it, both ways. `splits` maps two or three parts to the
    characters that they make. `emoji` gives the ways of reading one out, the usual one first.
    `spelled` gives the syllable behind each character that stands for one written in letters.
    """

    readings: dict[str, tuple[str, ...]]
    similar: dict[str, frozenset[str]]
    letters: dict[str, str]
    leet: dict[str, str]
    martian: dict[str, str]
    emoji: dict[str, tuple[str, ...]]
    splits: dict[str, str]
    aliases: tuple[Alias, ...]
    spelled: dict[str, str]


@cache
def load_tables() -> Tables:
    """The shipped tables, read once."""
    readings = _readings()
    syllables = sorted({sound for sounds in readings.values() for sound in sounds})
    return Tables(
        readings=readings,
        similar=_similar(),
        letters={
            sign: letter
            for letter, signs, _ in _cells("letters.tsv")
            for sign in signs
            if sign != letter
        },
        leet=_leet(),
        martian={old: new for old, new, _ in _cells("martian.tsv")},
        emoji={emoji: tuple(said.split("|")) for emoji, said, _ in _cells("emoji.tsv")},
        splits=_splits(),
        aliases=tuple(
            Alias(written=normalize(written).text, means=means, technique=Technique(kind))
            for written, means, kind, _ in _cells("aliases.tsv")
        ),
        spelled={chr(SPELLED + place): sound for place, sound in enumerate(syllables)},
    )


@cache
def tables_digest() -> str:
    """Twelve characters that change with any of the variant tables."""
    digest = hashlib.sha256()
    for item in sorted(data_file("variants").iterdir(), key=lambda item: item.name):
        if item.name.endswith(".tsv"):
            digest.update(item.name.encode() + b"\0" + item.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _cells(name: str) -> list[list[str]]:
    return [cells for _, cells in rows(data_file("variants", name))]


def _readings() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    table = _cells("homophones.tsv")
    for column in (1, 2):
        for cells in table:
            for character in cells[column]:
                found[character].append(cells[0])
    return {character: tuple(sounds) for character, sounds in found.items()}


def _similar() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for character, lookalikes, _ in _cells("lookalikes.tsv"):
        row = {character, *lookalikes}
        for one in row:
            found[one] |= row - {one}
    for component, holders in _cells("components.tsv"):
        for holder in holders:
            found[holder].add(component)
            found[component].add(holder)
    return {character: frozenset(others) for character, others in found.items()}


def _splits() -> dict[str, str]:
    """Parts to what they make; a bare radical before a character that has it adds nothing."""
    found: dict[str, str] = {}
    for parts, wholes, *_ in (*_cells("splits.tsv"), *_cells("loose_splits.tsv")):
        found[parts] = found.get(parts, "") + wholes
        if parts[0] in _BARE_RADICALS:
            for whole in wholes:
                found.setdefault(parts[0] + whole, whole)
    return found


def _leet() -> dict[str, str]:
    """Letters that each sign may stand for, in table order."""
    found: dict[str, str] = {}
    for letter, signs, _ in _cells("leet.tsv"):
        for sign in signs:
            found[sign] = found.get(sign, "") + letter
    return found
