"""Overlays laid over the shipped rules: strictly when they are saved, kindly when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playbooks import (
    ContentErrors,
    ContentProblem,
    Document,
    Library,
    Mode,
    document_of,
    lay_rules,
)
from service.errors import InvalidInput
from service.rules.model import Overlay

STORED = "rules/"
"""What the place of a rule begins with that did not come in a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """What ships, the overlays as they lie over it by rule, and the library that comes of both.

    `unreadable` are the overlays that this release cannot read as they are, with what is wrong.
    """

    base: Library
    library: Library
    overlays: Mapping[str, Document]
    unreadable: Mapping[str, tuple[str, ...]]

    @classmethod
    def shipped(cls, base: Library) -> RulesInForce:
        """What ships, with nothing over it."""
        return cls(base=base, library=base, overlays={}, unreadable={})

    @property
    def readable(self) -> frozenset[str]:
        """The rules whose overlays are in force as they were written."""
        return frozenset(self.overlays.keys() - self.unreadable.keys())

    def replacing(self, documents: Sequence[Document]) -> Library:
        """The library once these are saved: each replaces the overlay of its rule as a whole.

        Raises InvalidInput: its errors are (file:line:column, message), and for rules that came
        without a file (path of the key, message).
        """
        names = {rule_id_of(document) for document in documents}
        others = [document for name, document in self.overlays.items() if name not in names]
        try:
            return lay_rules(self.base, [*others, *documents])
        except ContentErrors as error:
            raise InvalidInput(
                "\n".join(str(problem) for problem in error.errors),
                errors=[(_place(problem), problem.message) for problem in error.errors],
            ) from error


def rules_in_force(base: Library, overlays: Iterable[Overlay]) -> RulesInForce:
    """What this release makes of the overlays; what it cannot read stops nothing.

    A release may drop a fact or a rule that an overlay is about, or word a clause otherwise. Of
    such an overlay only that somebody has silenced the rule (`enabled: false`, `mode: shadow`) is
    kept: a rule that was switched off does not come back to life with an update.
    """
    laid = {
        overlay.id: stored_document(overlay.id, overlay.data)
        for overlay in sorted(overlays, key=lambda overlay: overlay.id)
    }
    unreadable: dict[str, tuple[str, ...]] = {}
    while True:
        try:
            library = lay_rules(base, list(laid.values()))
        except ContentErrors as error:
            bad = _by_rule(error.errors) & laid.keys()
            if not bad:
                raise
            for name in bad:
                silence = None if name in unreadable else _silence(base, laid[name])
                unreadable.setdefault(name, _said(error.errors, name))
                if silence is None:
                    del laid[name]
                else:
                    laid[name] = silence
        else:
            return RulesInForce(base=base, library=library, overlays=laid, unreadable=unreadable)


def stored_document(rule_id: str, data: Mapping[str, Any]) -> Document:
    """What is stored of one rule, under a place that names it."""
    return document_of(dict(data), place=f"{STORED}{rule_id}")


def rule_id_of(document: Document) -> str:
    """The id of a rule, or what stands for it where it has none: the playbooks refuse it then."""
    if isinstance(document.data, dict) and isinstance(document.data.get("id"), str):
        return str(document.data["id"])
    return f"{STORED}{document.place}"


def _silence(base: Library, document: Document) -> Document | None:
    """What silences the rule, alone; None where nothing does, or there is no rule below it."""
    rule_id = rule_id_of(document)
    if rule_id not in base.rules:
        return None
    quiet: dict[str, Any] = {}
    if document.data.get("enabled") is False:
        quiet["enabled"] = False
    if document.data.get("mode") == Mode.SHADOW.value:
        quiet["mode"] = Mode.SHADOW.value
    return stored_document(rule_id, {"id": rule_id, **quiet}) if quiet else None


def _by_rule(problems: Iterable[ContentProblem]) -> set[str]:
    return {problem.file.removeprefix(STORED) for problem in problems}


def _said(problems: Iterable[ContentProblem], rule_id: str) -> tuple[str, ...]:
    return tuple(
        f"{'.'.join(str(part) for part in problem.path)}: {problem.message}"
        if problem.path
        else problem.message
        for problem in problems
        if problem.file == f"{STORED}{rule_id}"
    )


def _place(problem: ContentProblem) -> str:
    if problem.file.startswith(STORED):
        path = ".".join(str(part) for part in problem.path)
        return f"{problem.file}.{path}" if path else problem.file
    return f"{problem.file}:{problem.line}:{problem.column}"
