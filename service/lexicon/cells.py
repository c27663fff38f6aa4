"""Entries as rows of a table and back, through the parser that reads the shipped tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlp.errors import BadTable
from nlp.lexicon import COLUMNS, Entry, parse_tables
from service.errors import InvalidInput
from service.lexicon.model import Cells

LONGEST_CELL = 4_000
LONGEST_TERM = 100
LONGEST_ID = 64
_LIMITS = {"id": LONGEST_ID, "term": LONGEST_TERM}
_HEADER = "\t".join(COLUMNS)
_BREAKS = ("\t", "\n", "\r")

Mistake = tuple[str, str]
"""(column, message)."""


def cells_of(entry: Entry) -> dict[str, str]:
    """The row of an entry; words of rules and allow-list come in normal form."""
    rules = (*entry.requires_any, *entry.requires_not)
    return {
        "id": entry.id,
        "term": entry.term,
        "category": entry.category,
        "severity": str(entry.severity),
        "scenario": entry.scenario or "",
        "variants": entry.variants.value,
        "context": "; ".join(map(str, rules)),
        "allow": "|".join(entry.allow),
        "hits": "|".join(entry.hits),
        "misses": "|".join(entry.misses),
        "note": entry.note,
    }


def entry_of(cells: Cells) -> Entry:
    """The entry of a row. Raises InvalidInput that names the column of every mistake."""
    entry, mistakes = read_cells(cells)
    if entry is None:
        raise InvalidInput(
            f"the entry {cells['id'] or cells['term']!r} is refused", errors=mistakes
        )
    return entry


def read_cells(cells: Cells) -> tuple[Entry | None, list[Mistake]]:
    """The entry of a row, or None with every mistake."""
    mistakes = [
        (column, message) for column in COLUMNS for message in _unreadable(column, cells[column])
    ]
    if mistakes:
        return None, mistakes
    row = "\t".join(cells[column] for column in COLUMNS)
    try:
        # The space keeps an id that starts with # from being read as a comment; cells are stripped.
        entries = parse_tables([("entry", f"{_HEADER}\n {row}".encode())])
    except BadTable as error:
        return None, [_placed(issue.message) for issue in error.issues]
    return (entries[0], []) if entries else (None, [("id", "is empty, like the whole row")])


def table_of(entries: Iterable[Entry]) -> str:
    """A table with a header that the parser takes back as the same entries."""
    rows = (cells_of(entry) for entry in entries)
    lines = ("\t".join(row[column] for column in COLUMNS) for row in rows)
    return "\n".join((_HEADER, *lines)) + "\n"


def joined(column: str, items: Sequence[str]) -> str:
    """A cell of several values. Raises InvalidInput where one holds the sign between them."""
    sign = ";" if column == "context" else "|"
    bad = [item for item in items if sign in item]
    if bad:
        raise InvalidInput(
            f"{column} of an entry is refused",
            errors=[(column, f"{item[:60]!r} holds {sign!r}, which parts values") for item in bad],
        )
    return sign.join(items)


def parted(column: str, cell: str) -> tuple[str, ...]:
    """The values of such a cell."""
    sign = ";" if column == "context" else "|"
    return tuple(filter(None, (part.strip() for part in cell.split(sign))))


def _unreadable(column: str, cell: str) -> Iterable[str]:
    limit = _LIMITS.get(column, LONGEST_CELL)
    if len(cell) > limit:
        yield f"{len(cell)} characters; at most {limit}"
    if any(sign in cell for sign in _BREAKS):
        yield "holds a tab or a line end; a row of a table cannot"
    elif "\x00" in cell or any("\ud800" <= sign <= "\udfff" for sign in cell):
        yield "holds a NUL or half of a surrogate pair"


def _placed(message: str) -> Mistake:
    """The parser's messages begin with their column."""
    column, _, rest = message.partition(" ")
    return (column, rest) if column in COLUMNS else ("id", message)
