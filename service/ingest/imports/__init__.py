"""Files that people bring: read when they come, stored by a job, with progress."""

from __future__ import annotations

from service.ingest.imports.job import ImportJob
from service.ingest.imports.model import (
    PIECE,
    VIA,
    ImportOptions,
    ImportRun,
    ImportState,
    ReadFile,
)
from service.ingest.imports.reading import explained, look, read_whole, rows_of
from service.ingest.imports.repository import Imports

__all__ = [
    "PIECE",
    "VIA",
    "ImportJob",
    "ImportOptions",
    "ImportRun",
    "ImportState",
    "Imports",
    "ReadFile",
    "explained",
    "look",
    "read_whole",
    "rows_of",
]
