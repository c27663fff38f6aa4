"""Reading lexicon tables: tab separated rows to entries, with every mistake at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable

from nlp.errors import BadTable, TableIssue
from nlp.lexicon.categories import CATEGORIES, SCENARIOS
from nlp.lexicon.entry import ContextKind, ContextRule, Entry, Variants, told_apart
from nlp.text.normalizer import normalize

COLUMNS = (
    "id",
    "term",
    "category",
    "severity",
    "scenario",
    "variants",
    "context",
    "allow",
    "hits",
    "misses",
    "note",
)
_ID = re.compile(r"lex_[a-z0-9_]+")
_RULE = re.compile(r"(any|not|before_not)\(([^()]+)\)(?:@(\d{1,3}))?")


def load_tables(folder: Traversable) -> tuple[Entry, ...]:
    """The entries of every *.tsv in the folder, by file name, in row order.

    Raises BadTable with all mistakes of all files.
    """
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".tsv")), key=_name)
    return parse_tables((item.name, item.read_bytes()) for item in files)


def parse_tables(tables: Iterable[tuple[str, bytes]]) -> tuple[Entry, ...]:
    """The entries of (file name, content) pairs. Raises BadTable with all mistakes of all files."""
    reader = _Reader()
    for name, content in tables:
        reader.read(name, content)
    if reader.issues:
        raise BadTable(reader.issues)
    return tuple(reader.entries)


def _name(item: Traversable) -> str:
    return item.name


class _Reader:
    """Collects entries and issues over several files, so that duplicates are seen across them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.issues: list[TableIssue] = []
        self._ids: dict[str, str] = {}
        self._terms: dict[tuple[str, str], list[tuple[Entry, str]]] = {}

    def read(self, file: str, content: bytes) -> None:
        try:
            lines = [line.rstrip("\r") for line in content.decode("utf-8-sig").split("\n")]
        except UnicodeDecodeError as error:
            message = f"byte {error.start} is not UTF-8; save the file as UTF-8"
            self.issues.append(TableIssue(file, 0, message))
            return
        header = lines[0].split("\t")
        if tuple(header) != COLUMNS:
            message = f"the header must be {' '.join(COLUMNS)} (tab separated), not {header}"
            self.issues.append(TableIssue(file, 1, message))
            return
        for number, line in enumerate(lines[1:], start=2):
            if line.strip() and not line.startswith("#"):
                self._row(file, number, line.split("\t"))

    def _row(self, file: str, number: int, cells: list[str]) -> None:
        if len(cells) != len(COLUMNS):
            message = f"{len(cells)} columns, not {len(COLUMNS)}; empty columns keep their tabs"
            self.issues.append(TableIssue(file, number, message))
            return
        row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
        messages: list[str] = []
        entry = _entry(row, messages)
        place = f"{file}:{number}"
        messages += self._duplicates(row["id"], entry, place)
        self.issues += [TableIssue(file, number, message) for message in messages]
        if not messages and entry is not None:
            self.entries.append(entry)

    def _duplicates(self, entry_id: str, entry: Entry | None, place: str) -> Iterator[str]:
        if first := self._ids.get(entry_id):
            yield f"id {entry_id!r} is already taken at {first}"
        self._ids.setdefault(entry_id, place)
        if entry is None:
            return
        same = self._terms.setdefault((entry.normal, entry.category), [])
        for other, where in same:
            if not told_apart(other, entry):
                yield (
                    f"term {entry.term!r} is already in {entry.category} at {where}; a second "
                    "severity needs a context rule of its own"
                )
                break
        same.append((entry, place))


def _entry(row: dict[str, str], messages: list[str]) -> Entry | None:
    """The entry of a row; None, with at least one message added, when it is unusable."""
    term = row["term"]
    normal = normalize(term).text.strip()
    allow = _words(row["allow"])
    messages += _mistakes(row, normal, allow)
    rules: list[ContextRule] = []
    for text in filter(None, (part.strip() for part in row["context"].split(";"))):
        rule = _rule(text)
        if rule is None:
            messages.append(f"context {text!r} is not any(a|b)@20, not(a|b)@6 or before_not(a|b)@6")
        else:
            rules.append(rule)
    if messages:
        return None
    return Entry(
        id=row["id"],
        term=term,
        normal=normal,
        category=row["category"],
        severity=int(row["severity"]),
        scenario=row["scenario"] or None,
        variants=Variants(row["variants"] or "fold"),
        requires_any=tuple(rule for rule in rules if rule.kind is ContextKind.ANY),
        requires_not=tuple(rule for rule in rules if rule.kind is not ContextKind.ANY),
        allow=allow,
        hits=_split(row["hits"]),
        misses=_split(row["misses"]),
        note=row["note"],
    )


def _mistakes(row: dict[str, str], normal: str, allow: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the plain columns of a row."""
    if not _ID.fullmatch(row["id"]):
        yield f"id {row['id']!r} is not lex_ and lower-case letters, digits, underscores"
    if len(normal) < 2:
        yield f"term {row['term']!r} has fewer than two characters; it would hit everywhere"
    if row["category"] not in CATEGORIES:
        yield f"category {row['category']!r} is unknown; use one of {', '.join(sorted(CATEGORIES))}"
    if row["severity"] not in ("1", "2", "3", "4", "5"):
        yield f"severity {row['severity']!r} is not 1 to 5"
    if row["scenario"] and row["scenario"] not in SCENARIOS:
        yield f"scenario {row['scenario']!r} is unknown; use one of {', '.join(sorted(SCENARIOS))}"
    if row["variants"] not in ("", "fold", "exact"):
        yield f"variants {row['variants']!r} is not fold or exact"
    for word in allow:
        if word == normal:
            yield f"allow {word!r} is the term itself; the entry could never hit"
        elif normal not in word:
            yield f"allow {word!r} does not contain the term {normal!r}"
    for column in ("hits", "misses"):
        if not _split(row[column]):
            yield f"{column} is empty; give at least one example sentence"


def _rule(text: str) -> ContextRule | None:
    match = _RULE.fullmatch(text)
    if match is None or not (words := _words(match[2])):
        return None
    kind = ContextKind(match[1])
    distance = int(match[3]) if match[3] else kind.default_distance
    return ContextRule(kind=kind, words=words, distance=distance)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in cell.split("|"))))


def _words(cell: str) -> tuple[str, ...]:
    """The words of a cell in normal form, once each."""
    return tuple(dict.fromkeys(filter(None, (normalize(part).text for part in _split(cell)))))
