"""Rules of an installation, laid over those that ship: added, changed, switched off by id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from playbooks.document import Document
from playbooks.errors import ContentErrors, ContentProblem
from playbooks.issues import Severity
from playbooks.library import Library
from playbooks.lint import lint
from playbooks.resolution import rule_problems
from playbooks.schema import Rule
from playbooks.thresholds import with_thresholds
from playbooks.validation import validated

THRESHOLDS = "thresholds"


def lay_rules(base: Library, entries: Sequence[Document]) -> Library:
    """The library with the rules of `entries` over its own; without entries it is the same.

    An entry with the id of a rule of `base` changes the keys that it has; any other is a whole
    rule. `thresholds` gives other bounds, by fact or clause, instead of a whole `when`. `version`
    becomes a hash of both. Raises ContentErrors with every problem of all entries.
    """
    if not entries:
        return base
    problems: list[ContentProblem] = []
    laid: dict[str, tuple[Rule, Document]] = {}
    for entry in entries:
        rule = _rule(base, entry, problems)
        if rule is None:
            continue
        if rule.id in laid:
            problems.append(entry.problem(("id",), f"rule {rule.id!r} stands here twice"))
        laid[rule.id] = (rule, entry)
    rules = {**base.rules, **{name: rule for name, (rule, _) in laid.items()}}
    named = {*rules, *(str(entry.data["id"]) for entry in entries if _has_id(entry))}
    for rule, entry in laid.values():
        problems += rule_problems(rule, entry, tiers=base.tiers.ids, rules=named)
    version = _version(base, [rule for rule, _ in laid.values()])
    library = replace(base, rules=rules, version=version)
    if not problems:
        problems += _linted(library, laid)
    if problems:
        raise ContentErrors(problems)
    return library


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as it would stand in a file."""
    return rule.model_dump(mode="json", by_alias=True, exclude_none=True)


def _rule(base: Library, entry: Document, problems: list[ContentProblem]) -> Rule | None:
    """The rule that an entry makes; None, with its problems added, if it makes none."""
    if not isinstance(entry.data, dict):
        problems.append(entry.problem((), "expected `key: value` lines, `id` first"))
        return None
    given = {key: value for key, value in entry.data.items() if key != THRESHOLDS}
    below = base.rules.get(given["id"]) if _has_id(entry) else None
    data = given if below is None else {**rule_data(below), **given}
    rule = validated(Rule, replace(entry, data=data), problems)
    if THRESHOLDS not in entry.data:
        return rule
    if "when" in given:
        message = f"`{THRESHOLDS}` changes bounds of the condition below; write them into `when`"
        problems.append(entry.problem((THRESHOLDS,), message, at_key=True))
        return None
    return None if rule is None else _bounded(rule, entry, problems)


def _bounded(rule: Rule, entry: Document, problems: list[ContentProblem]) -> Rule | None:
    wanted = entry.data[THRESHOLDS]
    if not isinstance(wanted, dict):
        message = f"`{THRESHOLDS}` is a mapping: write `fact: number` lines"
        problems.append(entry.problem((THRESHOLDS,), message))
        return None
    when, bad = with_thresholds(rule.when, wanted)
    problems += [entry.problem((THRESHOLDS, item.name), item.message) for item in bad]
    return Rule.model_validate({**rule_data(rule), "when": when})


def _has_id(entry: Document) -> bool:
    return isinstance(entry.data, dict) and isinstance(entry.data.get("id"), str)


def _linted(library: Library, laid: Mapping[str, tuple[Rule, Document]]) -> list[ContentProblem]:
    """What the lint calls an error in the rules of the overlay."""
    places = {f"rules/{name}.yaml": document for name, (_, document) in laid.items()}
    return [
        places[issue.place].problem((), issue.message)
        for issue in lint(library)
        if issue.severity is Severity.ERROR and issue.place in places
    ]


def _version(base: Library, rules: Sequence[Rule]) -> str:
    """16 hex digits of SHA-256 over the version below and the rules; their order is nothing."""
    digest = hashlib.sha256(base.version.encode())
    for rule in sorted(rules, key=lambda rule: rule.id):
        text = json.dumps(rule_data(rule), ensure_ascii=True, sort_keys=True)
        digest.update(f"\x1f{text}".encode())
    return digest.hexdigest()[:16]
