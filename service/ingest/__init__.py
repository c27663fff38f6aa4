"""From posts to stored posts."""

from __future__ import annotations

from service.ingest.deletions import Deletions
from service.ingest.pipeline import Ingest, IngestReport

__all__ = ["Deletions", "Ingest", "IngestReport"]
