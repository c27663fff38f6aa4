"""Why a tier: the clauses of the rules, in words instead of in the names of facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playbooks import FACTS, Library
from service.console.format import measure, span
from service.console.i18n import Words
from service.moderation.backlog import OLDEST_AGE

_CLAUSE = re.compile(r"(?P<fact>[a-z][a-z0-9_]*) (?P<sign>\S+) (?P<threshold>\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """One reason for people: what was looked at, what was asked, what was seen."""

    what: str
    asked: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGroup:
    """Reasons of the same rules; `rule` is empty for what a person said."""

    rule: str
    why: str
    lines: tuple[ReasonLine, ...]


def reason_groups(
    reasons: Iterable[Mapping[str, Any]], *, words: Words, library: Library
) -> tuple[ReasonGroup, ...]:
    """Reasons by the rules that gave them, in the order in which they were given."""
    grouped: dict[tuple[str, ...], list[ReasonLine]] = {}
    for reason in reasons:
        rules = tuple(reason.get("rules") or ())
        grouped.setdefault(rules, []).append(reason_line(reason, words=words))
    return tuple(
        ReasonGroup(
            rule=words("list.comma").join(rule_name(rule, words, library) for rule in rules),
            why=" ".join(
                words.of(library.rules[rule].why) for rule in rules if rule in library.rules
            ),
            lines=tuple(lines),
        )
        for rules, lines in grouped.items()
    )


def reason_line(reason: Mapping[str, Any], *, words: Words) -> ReasonLine:
    """One reason; a clause that names neither fact nor figure is shown as somebody wrote it."""
    clause = str(reason.get("clause", ""))
    matched = _CLAUSE.fullmatch(clause)
    if matched is None or matched["fact"] not in FACTS:
        what, value = words.choice("clause", clause), reason.get("value")
        if clause == OLDEST_AGE and isinstance(value, int | float):
            limit = span(timedelta(seconds=float(reason.get("threshold") or 0)), words)
            seen = span(timedelta(seconds=value), words)
            return ReasonLine(what=what, asked=f"≤ {limit}", seen=seen)
        return ReasonLine(what=what, asked="", seen=_seen(value))
    asked = f"{matched['sign']} {_seen(reason.get('threshold'))}"
    return ReasonLine(
        what=fact_name(matched["fact"], words), asked=asked, seen=_seen(reason.get("value"))
    )


def fact_name(fact: str, words: Words) -> str:
    """A fact in words, with the time that it covers: `negative_1h` is 负面帖数（近 1 小时）."""
    spec = FACTS[fact]
    name = words.of({"zh": spec.zh, "en": spec.en})
    if spec.window is None:
        return name
    return words("window.of", fact=name, window=words.choice("window", spec.window))


def rule_name(rule: str, words: Words, library: Library) -> str:
    """A rule in words; the id of one that is no longer there."""
    return words.of(library.rules[rule].name) if rule in library.rules else rule


def _seen(value: object) -> str:
    if value is None or isinstance(value, bool | int | float):
        return measure(value)
    return str(value)
