"""What an import would do to the lexicon as it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.errors import TableIssue
from nlp.lexicon import Entry
from nlp.lexicon.background import load_background
from nlp.lexicon.quality import faults
from service.lexicon.imports import Imported
from service.lexicon.model import LexiconVersion
from service.lexicon.shelf import Shelf
from service.lexicon.vetting import Mistakes, peer_mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """Ids by what becomes of them; `issues` must be mended first, `advice` should be.

    `skipped` are rows that ask for nothing new. `saved` is the version that came of it.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[TableIssue, ...]
    issues: tuple[TableIssue, ...]
    advice: tuple[TableIssue, ...] = ()
    saved: LexiconVersion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """`entries` are those to save, if the report has no issues."""

    report: ImportReport
    entries: tuple[Entry, ...]


def plan_import(imported: Imported, shelf: Shelf, examples: Mistakes) -> ImportPlan:
    """The plan for rows whose examples were tried already."""
    skipped = list(imported.skipped)
    issues = list(imported.issues)
    unchanged: list[str] = []
    wanted: list[Entry] = []
    for entry in imported.entries:
        before = shelf.records.get(entry.id)
        if before is None:
            wanted.append(entry)
        elif before.is_active and (imported.words or before.entry == entry):
            unchanged.append(entry.id)
        elif imported.words:
            skipped.append(imported.issue(entry.id, f"{entry.term!r} was retired; restore it"))
        else:
            wanted.append(entry)
    peers = peer_mistakes(wanted, shelf)
    kept: list[Entry] = []
    for entry in wanted:
        if imported.words and entry.id in peers:
            said = "; ".join(message for _, message in peers[entry.id])
            skipped.append(imported.issue(entry.id, said))
            continue
        kept.append(entry)
        issues += (
            imported.issue(entry.id, f"{column} {message}")
            for column, message in (*examples.get(entry.id, ()), *peers.get(entry.id, ()))
        )
    return ImportPlan(
        report=ImportReport(
            added=tuple(entry.id for entry in kept if entry.id not in shelf.records),
            changed=tuple(entry.id for entry in kept if entry.id in shelf.records),
            unchanged=tuple(unchanged),
            skipped=tuple(sorted(skipped, key=lambda issue: issue.line)),
            issues=tuple(sorted(issues, key=lambda issue: issue.line)),
        ),
        entries=tuple(kept),
    )


def advice_on(imported: Imported, shelf: Shelf) -> tuple[TableIssue, ...]:
    """What `fengsui lexicon lint` would say of the new entries beside those that are there."""
    fresh = {entry.id: entry for entry in imported.entries if entry.id not in shelf.records}
    told = faults(
        (*shelf.active(), *fresh.values()),
        background=load_background(),
        about=lambda entry: entry.id in fresh,
    )
    found = [imported.issue(fault.entry_id, f"{fault.flaw}: {fault.message}") for fault in told]
    return tuple(sorted(found, key=lambda issue: issue.line))
