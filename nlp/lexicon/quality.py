"""What is wrong with a lexicon beyond what its parser and its examples can tell."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nlp.lexicon.automaton import Automaton
from nlp.lexicon.background import Background
from nlp.lexicon.entry import Entry, Variants, told_apart
from nlp.text.boundary import stands_alone

NO_MISSES = "（未给反例）"
"""Stands in the column `misses` of imported words that came without any."""

TOO_COMMON = 0.001
"""A term that stands in a larger share of ordinary posts needs a rule `any(…)`."""
TOO_COMMON_EVEN_SO = 0.01
"""And in a larger one than this it says nothing, whatever stands near."""

_SENTENCE = 6
"""A term of so many characters may be a whole sentence."""


class Flaw(StrEnum):
    """Kinds of what is wrong."""

    SINGLE_CHARACTER = "single_character"
    COMMON = "common"
    DUPLICATE = "duplicate"
    SHADOWED = "shadowed"
    OVERLAP = "overlap"
    NO_EXAMPLE = "no_example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one entry, and what to do about it."""

    entry_id: str
    flaw: Flaw
    message: str


def faults(
    entries: Iterable[Entry],
    *,
    background: Background,
    about: Callable[[Entry], bool] = lambda _: True,
) -> Iterator[Fault]:
    """Yields the faults of the entries that `about` picks, by entry; the others are their peers."""
    whole = tuple(entries)
    peers = _Peers(whole)
    for entry in whole:
        if about(entry):
            yield from _alone(entry, background)
            yield from peers.faults(entry)


def _alone(entry: Entry, background: Background) -> Iterator[Fault]:
    if len(_bare(entry.normal)) < 2:
        yield Fault(
            entry_id=entry.id,
            flaw=Flaw.SINGLE_CHARACTER,
            message=f"term {entry.term!r} is a single character; it would hit everywhere",
        )
    share = background.most(entry.normal)
    if share > (TOO_COMMON_EVEN_SO if entry.requires_any else TOO_COMMON):
        what = (
            "take a longer term" if entry.requires_any else "add context any(…), or a longer term"
        )
        yield Fault(
            entry_id=entry.id,
            flaw=Flaw.COMMON,
            message=f"term {entry.term!r} may stand in {share:.2%} of ordinary posts; {what}",
        )
    if NO_MISSES in entry.misses:
        yield _without(entry, "misses", "an innocent sentence that looks alike")
    if len(entry.normal) < _SENTENCE and set(entry.hits) == {entry.term}:
        yield _without(entry, "hits", "a sentence as people write it, not the bare term")


def _without(entry: Entry, column: str, wanted: str) -> Fault:
    return Fault(
        entry_id=entry.id,
        flaw=Flaw.NO_EXAMPLE,
        message=f"{column} of {entry.term!r}: give {wanted}",
    )


class _Peers:
    """Entries of one category against each other."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._terms = Automaton(entry.normal for entry in entries)
        self._spelt: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._denied: dict[tuple[str, str], Entry] = {}
        for entry in entries:
            self._spelt[entry.category, _bare(entry.normal)].append(entry)
            self._denied.setdefault((entry.category, entry.normal), entry)

    def faults(self, entry: Entry) -> Iterator[Fault]:
        twins = [
            item
            for item in self._spelt[entry.category, _bare(entry.normal)]
            if item != entry and not told_apart(item, entry)
        ]
        if twins and not _is_exact(entry):
            yield Fault(
                entry_id=entry.id,
                flaw=Flaw.DUPLICATE,
                message=f"term {entry.term!r} is {twins[0].term!r} of {twins[0].id} once blanks "
                "and signs are gone; keep one",
            )
        for word in entry.allow:
            other = self._denied.get((entry.category, word))
            if other is not None and other.id != entry.id:
                yield Fault(
                    entry_id=entry.id,
                    flaw=Flaw.OVERLAP,
                    message=f"allow {word!r} is the term of {other.id} in the same category; "
                    "take it out of one of them",
                )
        shadow = self._shadow(entry)
        if shadow is not None:
            yield Fault(
                entry_id=entry.id,
                flaw=Flaw.SHADOWED,
                message=f"term {entry.term!r} adds nothing: {shadow.term!r} ({shadow.id}) hits "
                "wherever it does, as severe, in the same scenario; keep one",
            )

    def _shadow(self, entry: Entry) -> Entry | None:
        """A shorter entry that counts wherever this one would, and says the same.

        One with rules or an allow-list of its own may be silent where this one speaks.
        """
        for place, start, end in self._terms.find(entry.normal):
            other = self._entries[place]
            if (
                len(other.normal) < len(entry.normal)
                and stands_alone(entry.normal, start, end)
                and (other.category, other.severity, other.scenario)
                == (entry.category, entry.severity, entry.scenario)
                and not (other.requires_any or other.requires_not or other.allow)
                and not _is_exact(other)
            ):
                return other
        return None


def _bare(normal: str) -> str:
    """The term without blanks and punctuation; letters, digits and emoji stay."""
    return "".join(sign for sign in normal if unicodedata.category(sign)[0] not in "ZPC")


def _is_exact(entry: Entry) -> bool:
    return entry.variants is Variants.EXACT
