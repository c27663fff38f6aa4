"""Words of the lexicon's pages that code makes up."""

from __future__ import annotations

from nlp.lexicon import COLUMNS, Variants
from nlp.lexicon.quality import Flaw
from service.lexicon import EntryState, ImportFormat, Origin, SaveKind
from service.lexicon.model import ChangeState

FAMILIES = {
    "lexicon.states": set(EntryState),
    "lexicon.origins": set(Origin),
    "lexicon.variant": set(Variants),
    "lexicon.columns": set(COLUMNS),
    "lexicon.flaws": set(Flaw),
    "lexicon.saves": set(SaveKind),
    "lexicon.changes": set(ChangeState),
    "lexicon.import.formats": set(ImportFormat),
}
FORMED = {
    "lexicon.severity": {"1", "2", "3", "4", "5"},
    "lexicon.try": {"entry", "category", "why"},
    "lexicon.rollback": {"goes", "comes", "active", "retired", "changes"},
    "lexicon.import": {"added", "changed", "unchanged", "skipped", "errors", "advice"},
}
