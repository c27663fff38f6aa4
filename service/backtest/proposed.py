"""Proposed thresholds as a file for `apply`: what is applied is exactly what was played. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playbooks import Document, Library, with_thresholds
from service.rules import RulesInForce, rule_id_of

_THRESHOLDS = "thresholds"


def entries_of(
    chosen: Mapping[str, Mapping[str, float]],
    candidate: Sequence[Document],
    *,
    library: Library,
    rules: RulesInForce,
) -> tuple[Mapping[str, Any], ...]:
    """The candidate's rules and the `chosen` bounds (by rule and clause) in one, by id.

    `library` is what the bounds were chosen in: the candidate in place of the `rules` in force.
    Saving an overlay replaces the whole of the one before, so a rule that has one already gets all
    its keys again, with the condition written out: a name of a bound is one of the shipped rule.
    """
    written = {**rules.overlays, **{rule_id_of(document): document for document in candidate}}
    entries: dict[str, Mapping[str, Any]] = {
        rule_id_of(document): document.data for document in candidate
    }
    for name, bounds in chosen.items():
        if name not in written:
            entries[name] = {"id": name, _THRESHOLDS: dict(bounds)}
            continue
        when, _ = with_thresholds(library.rules[name].when, bounds)
        kept = {key: value for key, value in written[name].data.items() if key != _THRESHOLDS}
        entries[name] = kept | {"when": when}
    return tuple(entries[name] for name in sorted(entries))
