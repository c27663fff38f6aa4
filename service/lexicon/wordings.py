"""Searches that find the posts in which a term may stand, hidden or plain. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.evasion.tables import Tables
from nlp.lexicon import Entry

MOST = 24
"""Searches for one entry; the likeliest come first."""


def searches(entry: Entry, tables: Tables) -> tuple[str, ...]:
    """Texts for the post store, each of which finds a superset of one way of writing the term.

    In this order: the term; its characters, wherever they stand (so anything may be put between
    them); aliases; pinyin; characters taken apart; all characters but one (so any one may be
    replaced by one that sounds or looks alike). Not found: terms of two characters with one
    replaced, longer ones with two.
    """
    found = dict.fromkeys(filter(None, map(str.strip, _searches(entry.normal, tables))))
    return tuple(found)[:MOST]


def _searches(normal: str, tables: Tables) -> Iterator[str]:
    yield normal
    signs = [sign for sign in normal if sign.isalnum()]
    spaced = all(sign in tables.readings for sign in signs)
    if spaced:
        yield " ".join(signs)
    for alias in tables.aliases:
        if alias.means == normal:
            yield alias.written
    if not spaced:
        return
    sounds = [tables.readings[sign][0] for sign in signs]
    yield "".join(sounds)
    yield " ".join(sounds)
    parts = {whole: both for both, wholes in tables.splits.items() for whole in wholes}
    for place, sign in enumerate(signs):
        if sign in parts:
            yield " ".join((*signs[:place], *parts[sign], *signs[place + 1 :]))
    if len(signs) > 2:
        for place in range(len(signs)):
            yield " ".join((*signs[:place], *signs[place + 1 :]))
