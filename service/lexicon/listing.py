"""Entries in pages: filtered, sorted, continued after the last one seen. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from nlp import normalize
from service.lexicon.model import EntryState, Origin, Record

Key = tuple[str | int, str]
"""What an entry is sorted by, and its id."""


class EntrySort(StrEnum):
    """`severity` has the worst first, `saved` what was changed last."""

    ID = "id"
    TERM = "term"
    CATEGORY = "category"
    SEVERITY = "severity"
    SAVED = "saved"


_KEYS: Mapping[EntrySort, Callable[[Record], str | int]] = {
    EntrySort.ID: lambda record: record.entry.id,
    EntrySort.TERM: lambda record: record.entry.normal,
    EntrySort.CATEGORY: lambda record: record.entry.category,
    EntrySort.SEVERITY: lambda record: -record.entry.severity,
    EntrySort.SAVED: lambda record: 0 if record.save is None else -record.save.number,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Filters are ANDed; None asks for nothing. `text` stands in the id, the term or the note."""

    category: str | None = None
    severity: int | None = None
    state: EntryState | None = None
    origin: Origin | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """`next` is the key that the following page comes after, None at the end."""

    items: tuple[Record, ...]
    next: Key | None
    total: int


def page_of(
    records: Iterable[Record],
    wanted: EntryFilter,
    *,
    sort: EntrySort = EntrySort.ID,
    after: Key | None = None,
    limit: int = 50,
) -> EntryPage:
    """A page of the records that pass the filter; ties are in the order of ids."""
    sought = None if wanted.text is None else normalize(wanted.text).text.strip()
    key = _KEYS[sort]
    chosen = [
        (key(record), record.entry.id, record)
        for record in records
        if _passes(record, wanted, sought)
    ]
    chosen.sort(key=lambda item: item[:2])
    # Keys of one sort are of one type; a forged one of another type sorts before everything.
    rest = [item for item in chosen if after is None or _follows((item[0], item[1]), after)]
    items = rest[:limit]
    return EntryPage(
        items=tuple(record for _, _, record in items),
        next=(items[-1][0], items[-1][1]) if len(rest) > limit else None,
        total=len(chosen),
    )


def _passes(record: Record, wanted: EntryFilter, sought: str | None) -> bool:
    entry = record.entry
    if sought is not None and not any(
        sought in text for text in (entry.normal, entry.id, entry.note.lower())
    ):
        return False
    return all(
        asked is None or asked == found
        for asked, found in (
            (wanted.category, entry.category),
            (wanted.severity, entry.severity),
            (wanted.state, record.state),
            (wanted.origin, record.origin),
        )
    )


def _follows(key: Key, after: Key) -> bool:
    first, last = key[0], after[0]
    if isinstance(first, str) and isinstance(last, str):
        return (first, key[1]) > (last, after[1])
    if isinstance(first, int) and isinstance(last, int):
        return (first, key[1]) > (last, after[1])
    return True
