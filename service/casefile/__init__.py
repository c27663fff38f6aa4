"""The file of a case, to be taken away: JSON for machines, a report for people."""

from __future__ import annotations

from service.casefile.chapter import Chapter
from service.casefile.gathering import SCHEMA, CaseFiles
from service.casefile.writing import MEDIA_TYPES, Form, written

__all__ = ["MEDIA_TYPES", "SCHEMA", "CaseFiles", "Chapter", "Form", "written"]
