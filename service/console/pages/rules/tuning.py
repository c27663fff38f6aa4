"""A rule's bounds, tier and state as fields of a form, and the overlay that comes of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playbooks import Comparison, Mode, Rule, comparisons, rule_data, with_thresholds
from playbooks.expression import clause_text
from service.rules import RuleRecord, RuleState

_OURS = frozenset({"thresholds", "tier", "mode", "enabled"})
"""Keys of an overlay that the form is about; others are kept as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A bound of a rule: `path` is its field, `clause` its name below the overlay, `value` what is
    in force, `shipped` what is below the overlay."""

    path: str
    clause: str
    comparison: Comparison
    value: float | bool
    shipped: float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What the form says: bounds by path, the tier, and what the rule does."""

    bounds: Mapping[str, float | bool]
    tier: str
    state: RuleState


def bounds_of(record: RuleRecord) -> tuple[Bound, ...]:
    """Every bound of a readable rule, each once, in the order of its condition."""
    rule = record.rule
    if rule is None:
        return ()
    below = _below(record, rule)
    found: dict[str, Bound] = {}
    for now, base in zip(comparisons(rule.when), comparisons(below.when), strict=True):
        clause = clause_text(base)
        if clause not in found:
            found[clause] = Bound(
                path=f"bound{len(found)}",
                clause=clause,
                comparison=now,
                value=now.threshold,
                shipped=base.threshold,
            )
    return tuple(found.values())


def overlay_of(record: RuleRecord, tuning: Tuning) -> dict[str, Any]:
    """The overlay that makes the rule so, `id` in it; only `id` where it is then as it ships.

    What an overlay says beyond bounds, tier and state stays in it.
    """
    rule = record.rule
    if rule is None:
        raise ValueError(f"{record.id} cannot be read")
    kept = {} if record.overlay is None else dict(record.overlay.data)
    data = {name: value for name, value in kept.items() if name not in _OURS}
    data["id"] = record.id
    _write_bounds(data, record, rule, tuning)
    shipped = record.shipped
    if shipped is None or tuning.tier != shipped.tier:
        data["tier"] = tuning.tier
    usual = RuleState.LIVE if shipped is None else RuleState.of(shipped)
    if tuning.state is not usual:
        data |= _said(tuning.state)
    return data


def candidate_of(record: RuleRecord, tuning: Tuning) -> dict[str, Any]:
    """The same for a back-test: a rule that is only in shadow is played as if it were live."""
    data = overlay_of(record, tuning)
    if tuning.state is RuleState.SHADOW:
        data["mode"] = Mode.LIVE.value
    return data


def _below(record: RuleRecord, rule: Rule) -> Rule:
    """What bounds are counted from: a condition that the overlay wrote itself is its own."""
    overlay, shipped = record.overlay, record.shipped
    if shipped is None or (overlay is not None and "when" in overlay.data):
        return rule
    return shipped


def _write_bounds(data: dict[str, Any], record: RuleRecord, rule: Rule, tuning: Tuning) -> None:
    bounds = bounds_of(record)
    changed = {item.clause: _typed(tuning.bounds[item.path], item.shipped) for item in bounds}
    moved = {
        item.clause: changed[item.clause] for item in bounds if changed[item.clause] != item.shipped
    }
    below = _below(record, rule)
    if below is not rule or record.overlay is None:
        if moved:
            data["thresholds"] = moved
        return
    when, _ = with_thresholds(rule.when, moved)
    data["when"] = when if moved else rule_data(rule)["when"]


def _typed(value: float | bool, like: float | bool) -> float | bool:
    """A whole number stays one, so that the overlay reads as somebody would write it."""
    if isinstance(like, bool) or isinstance(value, bool):
        return bool(value)
    return int(value) if float(value).is_integer() else value


def _said(state: RuleState) -> dict[str, Any]:
    if state is RuleState.OFF:
        return {"enabled": False}
    mode = Mode.SHADOW if state is RuleState.SHADOW else Mode.LIVE
    return {"enabled": True, "mode": mode.value}
