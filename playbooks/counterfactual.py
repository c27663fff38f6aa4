"""What is not there yet: the comparisons that keep a segment below the next higher tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbooks.evaluator import Scope, readers
from playbooks.expression import Explanation, Outcome, clause_text, explain
from playbooks.facts import Facts, FactValue
from playbooks.library import Library
from playbooks.schema import Comparison, Kind, Operator, Text, Tier
from playbooks.tiers import rank

_RISING = frozenset({Operator.AT_LEAST, Operator.ABOVE})
_FALLING = frozenset({Operator.AT_MOST, Operator.BELOW})
_ONLY_GROWS = frozenset({"history_h"})
"""Nothing brings these down: a rule for young monitors is never near on an old one."""
_WHOLE = 100
_OPPOSITE: Mapping[Operator, Operator] = {
    Operator.AT_LEAST: Operator.BELOW,
    Operator.BELOW: Operator.AT_LEAST,
    Operator.AT_MOST: Operator.ABOVE,
    Operator.ABOVE: Operator.AT_MOST,
}
# what must become of a fact, in Chinese and in English
_SAID: Mapping[Operator, tuple[str, str]] = {
    Operator.AT_LEAST: ("达到", "reaches"),
    Operator.ABOVE: ("超过", "exceeds"),
    Operator.AT_MOST: ("降到不超过", "falls to at most"),
    Operator.BELOW: ("降到低于", "falls below"),
    Operator.EQUALS: ("等于", "equals"),
    Operator.IS: ("为", "is"),
}
_SAID_NOT: Mapping[Operator, tuple[str, str]] = {
    Operator.EQUALS: ("不等于", "is no longer"),
    Operator.IS: ("不为", "is not"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One comparison that would have to be different; `negated`: it would have to fail.

    `value` is what was seen, None is unknown.
    """

    comparison: Comparison
    negated: bool
    value: FactValue

    @property
    def clause(self) -> str:
        """What would have to hold: `negative_1h ≥ 80`."""
        return clause_text(self.comparison, negated=self.negated)

    @property
    def reached(self) -> float:
        """How much of the way has been gone, 0 to 1.

        The share of the threshold that the value has reached; of a value that has to fall, the
        share of it that may stay. 0 for what is unknown, and for truths: there is no half of one.
        """
        value, threshold = self.value, self.comparison.threshold
        if value is None or isinstance(value, bool):
            return 0.0
        operator = self._asked
        if operator in _RISING:
            return _share(value, threshold)
        if operator in _FALLING:
            return 0.0 if self.comparison.fact in _ONLY_GROWS else _share(threshold, value)
        return 0.0 if self.negated else _share(min(value, threshold), max(value, threshold))

    def said(self) -> Text:
        """`negative_1h 达到 80（现 43）`."""
        said = _SAID_NOT if self.negated and self._asked not in _OPPOSITE else _SAID
        zh, en = said[self._asked]
        fact, asked = self.comparison.fact, _shown(self.comparison.threshold)
        now_zh = "未知" if self.value is None else _shown(self.value)
        now_en = "unknown" if self.value is None else _shown(self.value)
        return Text(
            zh=f"{fact} {zh} {asked}（现{'' if self.value is None else ' '}{now_zh}）",
            en=f"{fact} {en} {asked} (now {now_en})",
        )

    @property
    def _asked(self) -> Operator:
        operator = self.comparison.operator
        return _OPPOSITE.get(operator, operator) if self.negated else operator


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRule:
    """A rule that does not hold, and the comparisons that would be enough to make it hold."""

    rule_id: str
    gaps: tuple[Gap, ...]

    @property
    def reached(self) -> float:
        """How much of the way has been gone, 0 to 1: that of the comparison furthest off."""
        return _nearness(self.gaps)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTier:
    """The tier above, and the rules that would ask for it, the nearest first."""

    tier: Tier
    rules: tuple[NearRule, ...]

    def said(self, rule: NearRule) -> Text:
        """`会升为较大（orange）：negative_1h 达到 80（现 43）`, one sentence for a rule."""
        gaps = [gap.said() for gap in rule.gaps]
        name = self.tier.name
        return Text(
            zh=f"会升为{name.zh}（{self.tier.id}）：{'，且 '.join(gap.zh for gap in gaps)}",
            en=f"would become {name.en or name.zh} ({self.tier.id}): "
            + " and ".join(gap.en or gap.zh for gap in gaps),
        )


def next_tier(
    library: Library, scope: Scope, facts: Facts, *, above: str | None, kind: Kind = Kind.CRISIS
) -> NextTier | None:
    """What would have made it worse: the lowest tier above with live rules that do not hold.

    `above` is the tier that is asked for now, None for none. Of an `any` the nearest branch
    counts: the one whose furthest comparison has gone most of its way, then the shorter. Rules are
    in that order too. None where no rule asks for more. Raises UnknownContent for a tier that is
    not in the table.
    """
    floor = 0 if above is None else rank(library.tiers, above)
    waiting: dict[str, list[NearRule]] = {}
    for rule in readers(library, scope):
        explained = explain(rule.when, facts)
        if rule.kind is kind and not explained.held:
            near = NearRule(rule_id=rule.id, gaps=_gaps(explained, negated=False))
            waiting.setdefault(rule.tier, []).append(near)
    for tier in library.tiers.tiers[floor:]:
        if tier.id in waiting:
            found = sorted(waiting[tier.id], key=lambda near: _nearness(near.gaps), reverse=True)
            return NextTier(tier=tier, rules=tuple(found))
    return None


def _gaps(part: Explanation, *, negated: bool) -> tuple[Gap, ...]:
    """The nearest comparisons whose change would turn the outcome; none where it is as wanted."""
    if part.outcome is (Outcome.FAILED if negated else Outcome.HELD):
        return ()
    if part.comparison is not None:
        return (Gap(comparison=part.comparison, negated=negated, value=part.value),)
    if part.clause == "not":
        return _gaps(part.children[0], negated=not negated)
    each = [_gaps(child, negated=negated) for child in part.children]
    if (part.clause == "all") is not negated:
        return tuple(dict.fromkeys(gap for gaps in each for gap in gaps))
    return max(each, key=_nearness)


def _nearness(gaps: tuple[Gap, ...]) -> tuple[float, int]:
    """Greater is nearer: the share that the furthest has reached, then fewer gaps."""
    return min(gap.reached for gap in gaps), -len(gaps)


def _share(part: float, whole: float) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def _shown(value: float | bool) -> str:
    """Whole numbers as they are, others to three figures, truths as a rule writes them; from a
    hundred on nobody needs what is behind the point."""
    if isinstance(value, bool):
        return str(value).lower()
    if abs(value) >= _WHOLE or float(value).is_integer():
        return str(round(value))
    return f"{value:.3g}"
