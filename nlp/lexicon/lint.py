"""Does every entry do what its own examples say?"""

from __future__ import annotations

from collections.abc import Iterator

from nlp.errors import TableIssue
from nlp.lexicon.entry import Entry
from nlp.lexicon.matcher import Lexicon
from nlp.text.normalizer import normalize


def lint(lexicon: Lexicon) -> Iterator[TableIssue]:
    """Yields an issue for each example that misbehaves; `file` is the entry's id.

    A hit covered by a longer entry of the same category counts as found.
    """
    for entry in lexicon.entries:
        for example in entry.hits:
            found = _found(lexicon, entry, example)
            if not any(reason is None or reason.startswith("covered:") for reason in found):
                why = found[0] if found else "the term is not in it"
                yield TableIssue(entry.id, 0, f"must hit {example!r} but does not: {why}")
        for example in entry.misses:
            if any(reason is None for reason in _found(lexicon, entry, example)):
                yield TableIssue(entry.id, 0, f"must not hit {example!r} but does")


def _found(lexicon: Lexicon, entry: Entry, example: str) -> list[str | None]:
    hits = lexicon.match(normalize(example))
    return [hit.suppressed_by for hit in hits if hit.entry_id == entry.id]
