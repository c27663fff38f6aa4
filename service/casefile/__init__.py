"""The file of a case, to be taken away: JSON for machines, a report for people."""

from __future__ import annotations

from service.casefile.chapter import Chapter
from service.casefile.gathering import SCHEMA, CaseFiles
from service.casefile.report import case_document

__all__ = ["SCHEMA", "CaseFiles", "Chapter", "case_document"]
