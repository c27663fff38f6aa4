"""Rules over facts: which match a segment, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playbooks.expression import Outcome, Reason, explain, outcome_of, reasons
from playbooks.facts import Facts
from playbooks.library import Library
from playbooks.schema import UNCLASSIFIED, Kind, Mode, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The segment that the facts describe: one scenario, or None for every post of the monitor."""

    scenario: str | None
    has_brand: bool

    @property
    def segment(self) -> str | None:
        """The scenario as rules see it: `unclassified` is the whole monitor as well."""
        return None if self.scenario == UNCLASSIFIED else self.scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule that holds on a segment, and the tier that it asks for."""

    rule_id: str
    kind: Kind
    scenario: str | None
    tier: str
    reasons: tuple[Reason, ...]
    inhibited_by: tuple[str, ...] = ()


def evaluate(library: Library, scope: Scope, facts: Facts) -> tuple[Match, ...]:
    """Live rules that hold, in order of their ids, less those that another match inhibits.

    An inhibited rule still inhibits others: what counts is that its condition held.
    """
    return _uninhibited(_held(library, scope, facts, modes=(Mode.LIVE,)))


def shadow_matches(library: Library, scope: Scope, facts: Facts) -> tuple[Match, ...]:
    """Rules in shadow mode that hold, as if they were live: any rule that holds inhibits them."""
    if all(rule.mode is Mode.LIVE for rule in library.rules.values()):
        return ()
    return tuple(
        match
        for match in _uninhibited(_held(library, scope, facts, modes=tuple(Mode)))
        if library.rules[match.rule_id].mode is Mode.SHADOW
    )


def inhibit(
    matches: Mapping[str | None, tuple[Match, ...]],
) -> dict[str | None, tuple[Match, ...]]:
    """The matches of a monitor by segment, less those of None that a scenario's match inhibits."""
    named = {
        match.rule_id
        for scenario, found in matches.items()
        if scenario is not None
        for match in found
    }
    return {
        scenario: tuple(
            match for match in found if scenario is not None or named.isdisjoint(match.inhibited_by)
        )
        for scenario, found in matches.items()
    }


def readers(
    library: Library, scope: Scope, modes: tuple[Mode, ...] = (Mode.LIVE,)
) -> Iterator[Rule]:
    """The enabled rules of those modes that read the segment, in order of their ids."""
    for name in sorted(library.rules):
        rule = library.rules[name]
        if not rule.enabled or rule.mode not in modes:
            continue
        if rule.reads(scope.segment) and (scope.has_brand or not rule.needs_brand):
            yield rule


def _held(
    library: Library, scope: Scope, facts: Facts, *, modes: tuple[Mode, ...]
) -> tuple[Match, ...]:
    return tuple(
        Match(
            rule_id=rule.id,
            kind=rule.kind,
            scenario=scope.segment,
            tier=rule.tier,
            reasons=reasons(explain(rule.when, facts)),
            inhibited_by=rule.inhibited_by,
        )
        for rule in readers(library, scope, modes)
        if outcome_of(rule.when, facts) is Outcome.HELD
    )


def _uninhibited(held: tuple[Match, ...]) -> tuple[Match, ...]:
    names = {match.rule_id for match in held}
    return tuple(match for match in held if names.isdisjoint(match.inhibited_by))
