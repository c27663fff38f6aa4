"""Overlays laid over the shipped rules: strictly when they are saved, kindly when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog

from playbooks import ContentErrors, ContentProblem, Document, Library, document_of, lay_rules
from service.errors import InvalidInput
from service.rules.model import Overlay

STORED = "rules/"
"""What the place of a rule begins with that did not come in a file."""

log = structlog.get_logger(__name__)


def documents_of(overlays: Iterable[Overlay]) -> list[Document]:
    """Stored overlays, in the order of their ids, as what the playbooks read."""
    ordered = sorted(overlays, key=lambda overlay: overlay.id)
    return [stored_document(overlay.id, overlay.data) for overlay in ordered]


def stored_document(rule_id: str, data: Mapping[str, Any]) -> Document:
    """What is stored of one rule, under a place that names it."""
    return document_of(dict(data), place=f"{STORED}{rule_id}")


def readable(base: Library, overlays: Iterable[Overlay]) -> tuple[Library, list[Document]]:
    """The library with all overlays that this release can read, and these overlays.

    A release may drop a fact or a rule that an overlay is about. Such an overlay is left out and
    logged; the rules that ship go on.
    """
    documents = documents_of(overlays)
    while True:
        try:
            return lay_rules(base, documents), documents
        except ContentErrors as error:
            bad = {problem.file for problem in error.errors}
            log.error("rules.overlay_unreadable", problems=[str(item) for item in error.errors])
            documents = [item for item in documents if item.place not in bad]


def laid(base: Library, documents: Sequence[Document]) -> Library:
    """The library with these rules over its own.

    Raises InvalidInput: its errors are (file:line:column, message), and for rules that came
    without a file (path of the key, message).
    """
    try:
        return lay_rules(base, documents)
    except ContentErrors as error:
        raise InvalidInput(
            "\n".join(str(problem) for problem in error.errors),
            errors=[(_place(problem), problem.message) for problem in error.errors],
        ) from error


def _place(problem: ContentProblem) -> str:
    if problem.file.startswith(STORED):
        path = ".".join(str(part) for part in problem.path)
        return f"{problem.file}.{path}" if path else problem.file
    return f"{problem.file}:{problem.line}:{problem.column}"
