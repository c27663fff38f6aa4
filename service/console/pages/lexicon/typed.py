"""An entry as the fields of a form, and back."""

from __future__ import annotations

from nlp.lexicon import Variants
from service.api.lexicon_form import EntryForm
from service.console.forms import Stored, Values
from service.lexicon import Record, cells_of
from service.lexicon.cells import parted

LISTS = ("context", "allow", "hits", "misses")
TEXTS = ("term", "category", "severity", "scenario", "variants", "note")


def stored_of(record: Record) -> Stored:
    """The fields of an entry, and its version."""
    cells = cells_of(record.entry)
    values: dict[str, object] = {name: cells[name] for name in TEXTS}
    values |= {name: parted(name, cells[name]) for name in LISTS}
    return Stored(values=values, version=record.version)


def typed_entry(values: Values, entry_id: str | None) -> EntryForm:
    """The entry in a form. Raises InvalidInput and pydantic's ValidationError."""
    return EntryForm(
        id=entry_id,
        term=values.text("term"),
        category=values.text("category"),
        severity=int(values.text("severity") or 0),
        scenario=values.optional("scenario"),
        variants=Variants(values.text("variants") or Variants.FOLD),
        note=values.text("note"),
        context=values.lines("context"),
        allow=values.lines("allow"),
        hits=values.lines("hits"),
        misses=values.lines("misses"),
    )
