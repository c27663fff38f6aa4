r"""The labelled set of automatic decisions, read from `bench/decisions/*.tsv`.

A line end in a text is written `\n`, and what cannot be seen `\uXXXX`, so that a person reading the
file sees what the machine reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nlp.errors import BadTable, TableIssue
from service.moderation import Suggestion

DEFAULT_SET = Path(__file__).parent / "decisions"
COLUMNS = ("id", "text", "kind", "gold", "reason", "technique", "split", "note")
KINDS = ("post", "advertisement")
_ESCAPE = re.compile(r"\\(?:n|u([0-9a-f]{4}))")
_MAY_BE_EMPTY = frozenset(("note",))


class Split(StrEnum):
    """Half the set may be looked at; of the other half only figures are shown."""

    TUNE = "tune"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A text and what a platform should do with it: `gold` REVIEW means that a person must see it.

    `reason` is a moderation category or pattern, or what an innocent text is about; `technique` is
    how a term is disguised, or what an innocent text looks like.
    """

    id: str
    text: str
    kind: str
    gold: Suggestion
    reason: str
    technique: str
    split: Split
    note: str


def read_set(folder: Path = DEFAULT_SET) -> list[Row]:
    """Every row of every *.tsv, by file name. Raises BadTable with all mistakes of all files."""
    rows: list[Row] = []
    issues: list[TableIssue] = []
    seen: dict[str, str] = {}
    for file in sorted(folder.glob("*.tsv")):
        for found in _read(file, seen):
            if isinstance(found, Row):
                rows.append(found)
            else:
                issues.append(found)
    if not rows and not issues:
        issues.append(TableIssue(str(folder), 0, "no rows; a folder with *.tsv is expected"))
    if issues:
        raise BadTable(issues)
    return rows


def _read(file: Path, seen: dict[str, str]) -> Iterator[Row | TableIssue]:
    header, *lines = file.read_text("utf-8").split("\n")
    if tuple(header.split("\t")) != COLUMNS:
        yield TableIssue(file.name, 1, f"the columns are {', '.join(COLUMNS)}")
        return
    for number, line in enumerate(lines, start=2):
        if not line:
            continue
        found = _row(line.split("\t"))
        if isinstance(found, str):
            yield TableIssue(file.name, number, found)
            continue
        place = f"{file.name}:{number}"
        # Two rows with one text would count one decision twice, and might fall in both halves.
        first = [seen.setdefault(key, place) for key in (f"id {found.id}", f"text {found.text}")]
        if first == [place, place]:
            yield found
        else:
            there = next(other for other in first if other != place)
            yield TableIssue(file.name, number, f"the id or the text stands at {there} too")


def _row(cells: list[str]) -> Row | str:
    if len(cells) != len(COLUMNS):
        return f"{len(cells)} cells; {len(COLUMNS)} are expected"
    given = dict(zip(COLUMNS, cells, strict=True))
    if empty := [name for name, cell in given.items() if not cell and name not in _MAY_BE_EMPTY]:
        return f"{', '.join(empty)}: empty"
    allowed = {"kind": KINDS, "gold": tuple(Suggestion), "split": tuple(Split)}
    for name, values in allowed.items():
        if given[name] not in values:
            return f"{name}: {given[name]!r}; one of {', '.join(values)}"
    return Row(
        id=given["id"],
        text=_ESCAPE.sub(lambda found: _written(found[1]), given["text"]),
        kind=given["kind"],
        gold=Suggestion(given["gold"]),
        reason=given["reason"],
        technique=given["technique"],
        split=Split(given["split"]),
        note=given["note"],
    )


def _written(code: str | None) -> str:
    return "\n" if code is None else chr(int(code, 16))
