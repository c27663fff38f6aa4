"""Faults of the lexicon with the file and line at which each is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from nlp.data_files import data_file
from nlp.errors import TableIssue
from nlp.lexicon import Entry, Lexicon, lint, parse_tables
from nlp.lexicon.background import load_background
from nlp.lexicon.quality import faults
from service.cli.lexicon_opening import serving
from service.lexicon import Shelf
from service.lexicon.imports import lines_of

Places = Mapping[str, tuple[str, int]]
"""(file, line) of each entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LintReport:
    """Every fault, in the order of files and lines, and how many entries were looked at."""

    entries: int
    issues: tuple[TableIssue, ...]


def checked(shelf: Shelf) -> LintReport:
    """The lexicon that serves; what was saved at run time is placed at its version."""
    places = _places(_shipped_tables())
    saved = {
        entry_id: (f"lexicon version {record.save.number}", 0)
        for entry_id, record in shelf.records.items()
        if record.save is not None
    }
    return _report(serving(shelf), {**places, **saved})


def checked_files(files: Sequence[Path]) -> LintReport:
    """Tables in files. Raises BadTable where one cannot be read at all, and OSError."""
    tables = [(str(file), file.read_bytes()) for file in files]
    entries = parse_tables(tables)
    return _report(Lexicon(entries), _places(tables))


def _report(lexicon: Lexicon, places: Places) -> LintReport:
    found = (*_examples(lexicon), *_faults(lexicon.entries))
    issues = [TableIssue(*places[entry_id], f"{entry_id}: {said}") for entry_id, said in found]
    return LintReport(
        entries=len(lexicon.entries),
        issues=tuple(sorted(issues, key=lambda issue: (issue.file, issue.line))),
    )


def _examples(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    for issue in lint(lexicon):
        yield issue.file, issue.message


def _faults(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    for fault in faults(entries, background=load_background()):
        yield fault.entry_id, f"{fault.flaw}: {fault.message}"


def _shipped_tables() -> Iterator[tuple[str, bytes]]:
    folder: Traversable = data_file("lexicon")
    for item in folder.iterdir():
        if item.name.endswith(".tsv"):
            yield item.name, item.read_bytes()


def _places(tables: Iterable[tuple[str, bytes]]) -> dict[str, tuple[str, int]]:
    return {
        entry_id: (name, line)
        for name, content in tables
        for entry_id, line in lines_of(content.decode("utf-8-sig")).items()
    }
