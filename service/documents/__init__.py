"""Readable documents: made of blocks once, written as one HTML page or as DOCX."""

from __future__ import annotations

from service.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Heading,
    Letter,
    PageBreak,
    Paged,
    Paragraph,
    Span,
    Spans,
    Table,
    plain,
)
from service.documents.page import page_of
from service.documents.writing import MEDIA_TYPES, Form, docx_of, written

__all__ = [
    "MEDIA_TYPES",
    "Block",
    "Bullets",
    "Cell",
    "Form",
    "Heading",
    "Letter",
    "PageBreak",
    "Paged",
    "Paragraph",
    "Span",
    "Spans",
    "Table",
    "docx_of",
    "page_of",
    "plain",
    "written",
]
