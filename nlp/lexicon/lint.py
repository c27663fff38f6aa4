"""Does every entry do what its own examples say?"""

from __future__ import annotations

from collections.abc import Iterator

from nlp.errors import TableIssue
from nlp.lexicon.matcher import Lexicon


def lint(lexicon: Lexicon) -> Iterator[TableIssue]:
    """Yields an issue for each example that misbehaves; `file` is the entry's id.

    A hit covered by a longer entry of the same category counts as found.
    """
    for entry in lexicon.entries:
        hits = lexicon.match_batch((*entry.hits, *entry.misses))
        own = [[hit.suppressed_by for hit in found if hit.entry_id == entry.id] for found in hits]
        for example, found in zip(entry.hits, own, strict=False):
            if not any(reason is None or reason.startswith("covered:") for reason in found):
                why = found[0] if found else "the term is not in it"
                yield TableIssue(entry.id, 0, f"must hit {example!r} but does not: {why}")
        for example, found in zip(entry.misses, own[len(entry.hits) :], strict=True):
            if None in found:
                yield TableIssue(entry.id, 0, f"must not hit {example!r} but does")
