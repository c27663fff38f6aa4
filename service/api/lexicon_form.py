"""The lexicon on the wire: bodies that come in, views that go out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from nlp import Hit, normalize
from nlp.errors import TableIssue
from nlp.lexicon import Variants
from service.api.deps import Body
from service.api.views import plain
from service.lexicon import ImportFormat, ImportReport, LexiconVersion, Preview, Record
from service.lexicon.cells import cells_of, joined, parted
from service.lexicon.model import Change
from service.lexicon.vetting import Examination

_LISTS = ("context", "allow", "hits", "misses")
_PLAIN = ("term", "category", "scenario", "variants", "note")

Words = Annotated[tuple[str, ...], Field(max_length=200)]
Reason = Annotated[str, Field(examples=["seen in three complaints since Monday"])]


class EntryForm(Body):
    """An entry without its life; the parser of the shipped tables says what is wrong with it."""

    id: str | None = Field(default=None, examples=["lex_injury_scald"])
    term: str = Field(examples=["烫出水泡"])
    category: str = Field(examples=["injury"])
    severity: int = Field(examples=[4])
    scenario: str | None = Field(default=None, examples=["safety_incident"])
    variants: Variants = Variants.FOLD
    context: Words = Field(default=(), examples=[["any(奶茶|杯子)@20"]])
    allow: Words = ()
    hits: Words = Field(examples=[["奶茶洒出来烫出水泡"]])
    misses: Words = Field(examples=[["小心烫出水再泡茶"]])
    note: str = ""

    def cells(self) -> dict[str, str]:
        """As a row; without an id one is made of category and term. Raises InvalidInput."""
        made = f"lex_{self.category}_{_digest(self.term)}"
        return {"id": self.id or made, **_cells(self, set(type(self).model_fields))}


class NewEntry(EntryForm):
    """An entry to add, and why."""

    reason: Reason


class EntryChange(Body):
    """What is left out stays; `state: active` takes a retired entry back into use."""

    term: str | None = None
    category: str | None = None
    severity: int | None = None
    scenario: str | None = None
    variants: Variants | None = None
    context: Words | None = None
    allow: Words | None = None
    hits: Words | None = None
    misses: Words | None = None
    note: str | None = None
    state: Annotated[str | None, Field(pattern="^active$")] = None
    reason: Reason

    def cells(self) -> dict[str, str]:
        """The columns that were sent; null empties one. Raises InvalidInput."""
        return _cells(self, self.model_fields_set)


class Rollback(Body):
    """Version 0 is what ships."""

    version: int = Field(ge=0)
    reason: Reason


class PreviewForm(Body):
    """An entry to try out on the posts of the last days."""

    entry: EntryForm
    days: int = Field(default=30, ge=1, le=90)


class ScanForm(Body):
    """A text to look for entries in."""

    text: str = Field(max_length=100_000, examples=["这家奶茶喝完拉肚子"])


class ImportForm(Body):
    """A file as text. Without `confirm` nothing is saved, and the answer says what would be."""

    content: str = Field(max_length=10_000_000)
    format: ImportFormat | None = None
    category: str | None = Field(default=None, description="Of words that come without one")
    severity: int | None = Field(default=None, ge=1, le=5)
    confirm: bool = False
    reason: str | None = None


def record_view(record: Record) -> dict[str, Any]:
    """An entry with its life; the columns are those of a table."""
    cells = cells_of(record.entry)
    return {
        **cells,
        "severity": record.entry.severity,
        "scenario": record.entry.scenario,
        **{column: list(parted(column, cells[column])) for column in _LISTS},
        "state": record.state.value,
        "origin": record.origin.value,
        "version": record.version,
        "saved": None if record.save is None else version_view(record.save),
    }


def version_view(save: LexiconVersion) -> dict[str, Any]:
    """One save."""
    view: dict[str, Any] = plain(save)
    view["version"] = view.pop("number")
    view["by"] = view.pop("author")
    return view


def change_view(change: Change) -> dict[str, Any]:
    """What a save made of one entry."""
    return {
        "state": change.state.value,
        "version": change.entry_version,
        "saved": version_view(change.save),
    }


def hit_view(hit: Hit) -> dict[str, Any]:
    """A hit with the entry that it is of; offsets in code points."""
    view: dict[str, Any] = plain(hit)
    return view


def preview_view(preview: Preview, examination: Examination) -> dict[str, Any]:
    """What an entry would hit, and what is wrong with it."""
    return {
        "entry": preview.entry.id,
        "since": plain(preview.since),
        "until": plain(preview.until),
        "posts": preview.posts,
        "looked": preview.looked,
        "hits": preview.hits,
        "fresh": preview.fresh,
        "suppressed": preview.suppressed,
        "share": round(preview.share, 6),
        "complete": preview.complete,
        "by_day": [
            {"day": item.day.isoformat(), "hits": item.hits, "fresh": item.fresh}
            for item in preview.by_day
        ],
        "samples": plain(preview.samples),
        "mistakes": [{"path": path, "message": said} for path, said in examination.mistakes],
        "advice": [{"flaw": item.flaw, "message": item.message} for item in examination.advice],
    }


def import_view(report: ImportReport) -> dict[str, Any]:
    """What an import does, or would do."""
    return {
        "saved": None if report.saved is None else version_view(report.saved),
        "added": list(report.added),
        "changed": list(report.changed),
        "unchanged": len(report.unchanged),
        "skipped": _issues(report.skipped),
        "errors": _issues(report.issues),
        "advice": _issues(report.advice),
    }


def _issues(issues: Sequence[TableIssue]) -> list[dict[str, Any]]:
    return [{"line": issue.line, "message": issue.message} for issue in issues]


def _cells(form: EntryForm | EntryChange, given: set[str]) -> dict[str, str]:
    cells = {name: str(getattr(form, name) or "") for name in _PLAIN if name in given}
    if "severity" in given:
        cells["severity"] = "" if form.severity is None else str(form.severity)
    return cells | {
        name: joined(name, getattr(form, name) or ()) for name in _LISTS if name in given
    }


def _digest(term: str) -> str:
    normal = normalize(term).text.strip()
    return hashlib.sha256(normal.encode("utf-8", "replace")).hexdigest()[:12]
