"""The life of the lexicon: entries added, changed, retired, tried out, imported and rolled back."""

from __future__ import annotations

from service.lexicon.cells import cells_of, entry_of, table_of
from service.lexicon.desk import LexiconDesk
from service.lexicon.directory import LexiconDirectory
from service.lexicon.import_plan import ImportReport
from service.lexicon.imports import Defaults, Imported, ImportFormat, read_import
from service.lexicon.life import LexiconLife
from service.lexicon.listing import EntryFilter, EntryPage, EntrySort, page_of
from service.lexicon.model import EntryState, LexiconVersion, Origin, Record, SaveKind
from service.lexicon.preview import Preview, Previewer
from service.lexicon.rollback import StepBack
from service.lexicon.shelf import Shelf
from service.lexicon.shelves import Shelves

__all__ = [
    "Defaults",
    "EntryFilter",
    "EntryPage",
    "EntrySort",
    "EntryState",
    "ImportFormat",
    "ImportReport",
    "Imported",
    "LexiconDesk",
    "LexiconDirectory",
    "LexiconLife",
    "LexiconVersion",
    "Origin",
    "Preview",
    "Previewer",
    "Record",
    "SaveKind",
    "Shelf",
    "Shelves",
    "StepBack",
    "cells_of",
    "entry_of",
    "page_of",
    "read_import",
    "table_of",
]
