"""A lexicon at work: which entries stand in a text, and why some of them do not count."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources.abc import Traversable

from nlp.analysis import Hit
from nlp.data_files import data_file
from nlp.evasion import Finder, Occurrence, finder_version
from nlp.lexicon.context import Prepared, normal_span
from nlp.lexicon.entry import Entry, Variants
from nlp.lexicon.negation import Negation, load_negation
from nlp.lexicon.stats import LexiconStats, category_stats
from nlp.lexicon.table import load_tables
from nlp.text.evasion import evasion
from nlp.text.normalizer import NormalText, normalize

# A piece of each disguise: what is built when first wanted is built before the first text comes.
_WARM_UP = "嶶信弓虽女干zha骗 🐴 b-4-d ﬁ 傻﹡逼百佳乐"
_Found = tuple[int, int, Hit]


class Lexicon:
    """Immutable set of entries, found whatever hides them. Safe to call from any thread."""

    def __init__(self, entries: Iterable[Entry], *, negation: Negation | None = None) -> None:
        """Takes some hundred milliseconds for thousands of entries."""
        self.entries = tuple(entries)
        self._negation = negation or load_negation()
        groups: dict[tuple[str, bool], list[Prepared]] = {}
        for entry in self.entries:
            key = entry.normal, entry.variants is Variants.FOLD
            groups.setdefault(key, []).append(Prepared.of(entry))
        self._groups = tuple(groups.values())
        self._finder = Finder(tuple(groups))
        said = finder_version() + repr(self.entries)
        digest = hashlib.sha256(said.encode("utf-8", "surrogatepass"))
        self.version = f"lexicon-{digest.hexdigest()[:12]}"
        self.match(_WARM_UP)

    @classmethod
    def load(cls, folder: Traversable) -> Lexicon:
        """The lexicon of every *.tsv in the folder. Raises BadTable with all mistakes."""
        return cls(load_tables(folder))

    def match(self, text: str | NormalText) -> tuple[Hit, ...]:
        """Every entry found, by place; spans in code points of the original.

        `evasion` names what hid it. `suppressed_by` is `boundary` or `ordinary:<word>` where the
        term is cut out of other words, `allow:<word>`, `context:<rule>`, `negation:<word>`, or
        `covered:<entry id>` for a term inside a longer counted one of the same category.
        """
        return self.match_batch((text,))[0]

    def match_batch(self, texts: Sequence[str | NormalText]) -> list[tuple[Hit, ...]]:
        """The hits of each text, as `match` gives them, for less than one call each.

        A text may come with its normal form, which is made otherwise where something is found.
        """
        found = self._finder.find(
            [text if isinstance(text, str) else text.original for text in texts]
        )
        hits: list[tuple[Hit, ...]] = [()] * len(texts)
        for place, items in found.items():
            text = texts[place]
            hits[place] = self._hits(
                text if isinstance(text, NormalText) else normalize(text), items
            )
        return hits

    def stats(self) -> LexiconStats:
        """Entries by category and severity."""
        return {
            "version": self.version,
            "active": len(self.entries),
            "categories": category_stats(self.entries),
        }

    def _hits(self, normal: NormalText, found: Iterable[Occurrence]) -> tuple[Hit, ...]:
        hits: list[_Found] = []
        for item in found:
            place = normal_span(normal, item.start, item.end)
            for prepared in self._groups[item.term]:
                hit = self._hit(normal, prepared, item, place)
                if hit is not None:
                    hits.append((item.start, item.end, hit))
        # Of one term's severities the highest that counts covers the others.
        hits.sort(key=lambda item: (item[0], -item[1], -item[2].severity))
        return tuple(_uncovered(hits))

    def _hit(
        self, normal: NormalText, prepared: Prepared, item: Occurrence, place: tuple[int, int]
    ) -> Hit | None:
        entry = prepared.entry
        surface = normal.original[item.start : item.end]
        if entry.variants is Variants.EXACT and surface != entry.term:
            return None
        reason = prepared.suppression(
            normal.text,
            *place,
            negation=self._negation,
            technique=item.technique,
            surface=surface,
        )
        if reason is None and item.ordinary is not None:
            reason = "boundary" if item.technique is None else f"ordinary:{item.ordinary}"
        return Hit(
            entry_id=entry.id,
            term=entry.term,
            category=entry.category,
            severity=entry.severity,
            scenario=entry.scenario,
            start=item.start,
            end=item.end,
            surface=surface,
            evasion=item.technique or evasion(surface, term=entry.term),
            suppressed_by=reason,
        )


@cache
def load_lexicon() -> Lexicon:
    """The lexicon that ships in nlp/data/lexicon."""
    return Lexicon.load(data_file("lexicon"))


def _uncovered(found: Iterable[_Found]) -> Iterator[Hit]:
    """The hits, by start then longest, with the shorter of nested ones of a category marked."""
    longest: dict[str, tuple[int, str]] = {}
    for _, end, hit in found:
        if hit.suppressed_by is None:
            reach, entry_id = longest.get(hit.category, (0, ""))
            if end <= reach:
                yield replace(hit, suppressed_by=f"covered:{entry_id}")
                continue
            longest[hit.category] = (end, hit.entry_id)
        yield hit
