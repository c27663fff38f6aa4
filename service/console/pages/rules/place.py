"""Where the pages of rules are, and what they share."""

from __future__ import annotations

from playbooks import Comparison, Rule, comparisons
from playbooks.expression import clause_text
from service.auth import Action, Resource
from service.console.format import measure
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.reasons import fact_name
from service.console.session import BASE
from service.rules import RuleRecord, RuleState

LIST = f"{BASE}/rules"
WRITE = f"{BASE}/new-rule"

PLACE = Place(
    name="rules",
    path="/rules",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.RULE),
    deeper=("/rules/{rule_id}", "/new-rule"),
)
_SIGNS = {RuleState.LIVE: "●", RuleState.SHADOW: "◐", RuleState.OFF: "○"}
_SHORT = 2


def rule_address(rule_id: str) -> str:
    """The page of a rule; ids are small letters, digits and underscores."""
    return f"{LIST}/{rule_id}"


def state_of(words: Words, state: RuleState) -> str:
    """What a rule does, with a sign beside the word."""
    return f"{_SIGNS[state]} {words.choice('rules.states', state.value)}"


def name_of(words: Words, record: RuleRecord) -> str:
    """Its name, the id of one that this release cannot read."""
    return record.id if record.rule is None else words.of(record.rule.name)


def bounds_of(words: Words, rule: Rule) -> list[str]:
    """Its first bounds in words, and how many more there are."""
    found = comparisons(rule.when)
    told = [bound_of(words, item) for item in found[:_SHORT]]
    more = len(found) - _SHORT
    if more > 0:
        told.append(words("rules.more_bounds", count=more))
    return told


def bound_of(words: Words, comparison: Comparison) -> str:
    """One clause in words: `负面帖数（近 1 小时） ≥ 10`."""
    sign = clause_text(comparison).split(" ")[1]
    return f"{fact_name(comparison.fact, words)} {sign} {measure(comparison.threshold)}"


def scenarios_of(words: Words, rule: Rule, names: dict[str, str]) -> str:
    """Which scenarios it reads."""
    if isinstance(rule.scenarios, str):
        return words.choice("rules.scenarios", rule.scenarios)
    return words("list.comma").join(names.get(item, item) for item in rule.scenarios)
