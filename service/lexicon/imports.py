"""Words from elsewhere as entries: our own tables, Discourse's watched words, plain lists.

A word from a list comes without examples: it is its own hit, and the counter-example stays open
(`nlp.lexicon.quality.NO_MISSES`), of which `fengsui lexicon lint` goes on reminding.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from nlp import normalize
from nlp.errors import BadTable, TableIssue
from nlp.lexicon import CATEGORIES, COLUMNS, Entry, parse_tables
from nlp.lexicon.quality import NO_MISSES
from service.lexicon.cells import read_cells

MOST_ROWS = 20_000
_SEVERITIES = {"block": 4, "silence": 4, "censor": 3, "require_approval": 3, "flag": 2}
"""What Discourse does with a word, as a severity."""
_NO_MODERATION = frozenset({"link", "replace", "tag"})
_DISCOURSE = frozenset({"id", "word", "action", "replacement", "case_sensitive"})
_TRUE = frozenset({"true", "t", "1", "yes"})


class ImportFormat(StrEnum):
    """What a file is; a list has one word a line, `#` begins a comment."""

    TSV = "tsv"
    DISCOURSE = "discourse"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What lists do not say. `severity` wins over what Discourse's action stands for."""

    category: str | None = None
    severity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was read. `lines` is where each entry stood; `words` says that ids were made here."""

    file: str
    entries: tuple[Entry, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    issues: tuple[TableIssue, ...] = ()
    skipped: tuple[TableIssue, ...] = ()
    words: bool = False

    def issue(self, entry_id: str, message: str) -> TableIssue:
        """An issue at the line of the entry."""
        return TableIssue(self.file, self.lines.get(entry_id, 0), message)


def read_import(
    content: bytes,
    *,
    file: str,
    format: ImportFormat | None = None,  # noqa: A002 - what callers call it
    defaults: Defaults | None = None,
) -> Imported:
    """The entries of a file, every mistake with its line; the format is guessed if not given."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not UTF-8; save the file as UTF-8"
        return Imported(file=file, issues=(TableIssue(file, 0, message),))
    rows = text.count("\n") + 1
    if rows > MOST_ROWS:
        message = f"{rows} lines; at most {MOST_ROWS}, import the file in parts"
        return Imported(file=file, issues=(TableIssue(file, 0, message),))
    chosen = format or _guessed(text)
    if chosen is ImportFormat.TSV:
        return _table(file, text)
    words = _Words(file, defaults or Defaults())
    if chosen is ImportFormat.DISCOURSE:
        words.read_discourse(text)
    else:
        words.read_list(text)
    return words.imported()


def _guessed(text: str) -> ImportFormat:
    header = text.partition("\n")[0].strip()
    if header.split("\t")[0] == COLUMNS[0] and "\t" in header:
        return ImportFormat.TSV
    names = {name.strip().strip('"').lower() for name in header.split(",")}
    return ImportFormat.DISCOURSE if {"word", "action"} <= names else ImportFormat.LIST


def _table(file: str, text: str) -> Imported:
    try:
        entries = parse_tables([(file, text.encode())])
    except BadTable as error:
        return Imported(file=file, issues=error.issues)
    lines = lines_of(text)
    imported = Imported(file=file, entries=entries, lines=lines)
    # Stricter than a table that ships: what is saved has bounds.
    issues = tuple(
        imported.issue(entry_id, f"{column} {message}")
        for number, row in enumerate(text.split("\n"), start=1)
        if lines.get(entry_id := row.split("\t", 1)[0].strip()) == number
        for column, message in _bounds(row)
    )
    return Imported(file=file, entries=entries, lines=lines, issues=issues)


def _bounds(row: str) -> Iterable[tuple[str, str]]:
    cells = (cell.strip() for cell in row.split("\t"))
    return read_cells(dict(zip(COLUMNS, cells, strict=True)))[1]


def lines_of(text: str) -> dict[str, int]:
    """The line of each id of a table, the first one where it comes twice."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if number > 1 and line.strip() and not line.startswith("#"):
            lines.setdefault(line.split("\t", 1)[0].strip(), number)
    return lines


class _Words:
    """Collects the entries of bare words."""

    def __init__(self, file: str, defaults: Defaults) -> None:
        self._file = file
        self._defaults = defaults
        self._entries: dict[str, Entry] = {}
        self._lines: dict[str, int] = {}
        self._issues: list[TableIssue] = []
        self._skipped: list[TableIssue] = []
        if defaults.category not in CATEGORIES:
            self._refuse(
                0,
                f"category {defaults.category!r} of the words is unknown; "
                f"give one of {', '.join(sorted(CATEGORIES))}",
            )

    def imported(self) -> Imported:
        return Imported(
            file=self._file,
            entries=tuple(self._entries.values()),
            lines=self._lines,
            issues=tuple(self._issues),
            skipped=tuple(self._skipped),
            words=True,
        )

    def read_list(self, text: str) -> None:
        if self._defaults.severity is None:
            self._refuse(0, "severity of the words is not given; 1 to 5")
            return
        for number, line in enumerate(text.split("\n"), start=1):
            word = line.strip()
            if word and not word.startswith("#"):
                self._word(number, word, severity=self._defaults.severity, note="from a list")

    def read_discourse(self, text: str) -> None:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        columns: list[str] = []
        for number, cells in self._records(reader):
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                if not {"word", "action"} <= set(columns) <= _DISCOURSE:
                    self._refuse(
                        number,
                        "the header must have word, action and may have id, replacement, "
                        f"case_sensitive, not {columns}",
                    )
                    return
            elif len(cells) != len(columns):
                self._refuse(number, f"{len(cells)} columns, not {len(columns)}")
            elif any(cells):
                row = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
                self._watched(number, row)

    def _records(self, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of each record; a quote that is never closed ends the file."""
        number = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._refuse(number, f"no CSV: {error}")
                return
            yield number, cells
            number += 1 + sum(cell.count("\n") for cell in cells)

    def _watched(self, number: int, row: Mapping[str, str]) -> None:
        word, action = row["word"], row["action"].lower()
        if action in _NO_MODERATION:
            self._skip(number, f"{word!r}: {action} is no moderation")
            return
        severity = self._defaults.severity or _SEVERITIES.get(action)
        if action not in _SEVERITIES or severity is None:
            known = ", ".join((*_SEVERITIES, *sorted(_NO_MODERATION)))
            self._refuse(number, f"action {action!r} is unknown; known: {known}")
            return
        if "*" in word:
            self._refuse(number, f"word {word!r} holds the wildcard *; write the words out")
            return
        exact = row.get("case_sensitive", "").lower() in _TRUE
        self._word(
            number, word, severity=severity, exact=exact, note=f"Discourse watched word, {action}"
        )

    def _word(
        self, number: int, word: str, *, severity: int, note: str, exact: bool = False
    ) -> None:
        category = self._defaults.category or ""
        if category not in CATEGORIES:
            return  # said once, at line 0
        if "|" in word:
            self._refuse(number, f"word {word[:60]!r} holds '|', which parts values in a table")
            return
        spelt = normalize(word).text.strip()
        digest = hashlib.sha256(f"{category}\t{spelt}".encode("utf-8", "replace")).hexdigest()
        entry, mistakes = read_cells(
            {
                **dict.fromkeys(COLUMNS, ""),
                "id": f"lex_import_{digest[:12]}",
                "term": word,
                "category": category,
                "severity": str(severity),
                "variants": "exact" if exact else "fold",
                "hits": word,
                "misses": NO_MISSES,
                "note": note,
            }
        )
        if entry is None:
            for column, message in mistakes:
                self._refuse(number, f"{column} {message}")
        elif entry.id in self._entries:
            self._skip(number, f"{word!r} stands at line {self._lines[entry.id]} already")
        else:
            self._entries[entry.id] = entry
            self._lines[entry.id] = number

    def _refuse(self, number: int, message: str) -> None:
        self._issues.append(TableIssue(self._file, number, message))

    def _skip(self, number: int, message: str) -> None:
        self._skipped.append(TableIssue(self._file, number, message))
