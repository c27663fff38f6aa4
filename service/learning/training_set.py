"""Everything that was said, as one file with a fingerprint. Pure: the same rows, the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson
from pydantic import ValidationError

from service.learning.errors import BadSet
from service.learning.row import ROW, Split, TrainingRow, instant_of, split_of

MOST_ROWS = 500_000
_MOST_TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSet:
    """Rows, oldest first. `sha256` is over `content`."""

    rows: tuple[TrainingRow, ...]
    sha256: str

    @property
    def until(self) -> datetime | None:
        """When the newest row was said, in whole milliseconds; None for an empty set."""
        return instant_of(self.rows[-1]) if self.rows else None

    def of(self, split: Split | None) -> tuple[TrainingRow, ...]:
        """The rows of a part, or all."""
        return tuple(row for row in self.rows if split in (None, row.split))


def set_of(said: Iterable[TrainingRow]) -> TrainingSet:
    """The set: of one text and question only the newest word stands, ties by id."""
    last: dict[tuple[str, str, str], TrainingRow] = {}
    for row in sorted(said, key=_order):
        last[row.head, row.kind, row.text] = row
    rows = tuple(sorted(last.values(), key=_order))
    return TrainingSet(rows=rows, sha256=hashlib.sha256(content_of(rows)).hexdigest())


def content_of(rows: Iterable[TrainingRow]) -> bytes:
    """JSON Lines in UTF-8, one row a line, keys always in the same order."""
    return b"".join(line_of(row) for row in rows)


def line_of(row: TrainingRow) -> bytes:
    """One line with its end."""
    data = row.as_json()
    data["versions"] = dict(sorted(row.versions.items()))
    data["text"] = _encodable(row.text)
    return orjson.dumps(data) + b"\n"


def read_set(content: bytes, *, file: str) -> TrainingSet:
    """The set of a file. Raises BadSet naming file and line of each mistake."""
    rows: list[TrainingRow] = []
    errors: list[tuple[str, str]] = []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        if number > MOST_ROWS:
            errors.append((f"{file}:{number}", f"at most {MOST_ROWS:,} lines"))
            break
        try:
            row = ROW.validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "line"
            errors.append((f"{file}:{number}", f"{where}: {first['msg']}"))
            continue
        if row.split is not split_of(row.group):
            errors.append((f"{file}:{number}", "split: is not that of its group; export it again"))
        rows.append(row)
    if errors:
        more = f", and {len(errors) - _MOST_TOLD} more" if len(errors) > _MOST_TOLD else ""
        raise BadSet(
            f"{file} is no training set of `fengsui models corrections export`{more}",
            errors=errors[:_MOST_TOLD],
        )
    return set_of(rows)


def _order(row: TrainingRow) -> tuple[str, str, str]:
    return row.at, row.id, row.head


def _encodable(text: str) -> str:
    """JSON has no lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")
