"""Whether entries may join the lexicon: their own examples, and what stands there already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.lexicon import Entry, Lexicon, lint
from nlp.lexicon.background import load_background
from nlp.lexicon.quality import Fault, faults
from service.lexicon.cells import Mistake
from service.lexicon.shelf import Shelf

Mistakes = Mapping[str, Sequence[Mistake]]
"""What is wrong with an entry, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """`mistakes` keep an entry out; `advice` does not."""

    mistakes: tuple[Mistake, ...]
    advice: tuple[Fault, ...]


def examined(entry: Entry, shelf: Shelf) -> Examination:
    """An entry looked at in the place that it would have."""
    own, peers = example_mistakes([entry]), peer_mistakes([entry], shelf)
    others = (item for item in shelf.active() if item.id != entry.id)
    return Examination(
        mistakes=(*own.get(entry.id, ()), *peers.get(entry.id, ())),
        advice=tuple(
            faults(
                (*others, entry),
                background=load_background(),
                about=lambda item: item.id == entry.id,
            )
        ),
    )


def example_mistakes(entries: Sequence[Entry]) -> Mistakes:
    """Examples that do not do what they should, with the very matcher that serves."""
    found: dict[str, list[Mistake]] = {}
    for issue in lint(Lexicon(entries)):
        column = "misses" if issue.message.startswith("must not") else "hits"
        found.setdefault(issue.file, []).append((column, issue.message))
    return found


def peer_mistakes(entries: Iterable[Entry], shelf: Shelf) -> Mistakes:
    """Terms that are there already, and words allowed by one entry and denied by another."""
    joining = {entry.id: entry for entry in entries}
    staying = [entry for entry in shelf.active() if entry.id not in joining]
    peers = _Peers(staying)
    found: dict[str, list[Mistake]] = {}
    for entry in joining.values():
        mistakes = list(peers.mistakes(entry))
        if mistakes:
            found[entry.id] = mistakes
        peers.add(entry)
    return found


class _Peers:
    """Active entries by category and term, and by category and allowed word."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._terms: dict[tuple[str, str], str] = {}
        self._allowed: dict[tuple[str, str], str] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        self._terms.setdefault((entry.category, entry.normal), entry.id)
        for word in entry.allow:
            self._allowed.setdefault((entry.category, word), entry.id)

    def mistakes(self, entry: Entry) -> Iterator[Mistake]:
        if other := self._terms.get((entry.category, entry.normal)):
            yield "term", f"{entry.term!r} is already in {entry.category} as {other}"
        if other := self._allowed.get((entry.category, entry.normal)):
            yield "term", f"{entry.term!r} is allowed by {other}; take it out there first"
        for word in entry.allow:
            if other := self._terms.get((entry.category, word)):
                yield "allow", f"{word!r} is the term of {other} in the same category"
