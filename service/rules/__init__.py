"""Rules of the installation over those that ship: edited by people, followed by every process."""

from __future__ import annotations

from service.rules.desk import RuleDesk
from service.rules.directory import RuleDirectory
from service.rules.laying import RulesInForce, rule_id_of, rules_in_force
from service.rules.model import Overlay, OverlayChange, RuleOrigin, RuleRecord, RuleState, SavedRule
from service.rules.written import written_rules

__all__ = [
    "Overlay",
    "OverlayChange",
    "RuleDesk",
    "RuleDirectory",
    "RuleOrigin",
    "RuleRecord",
    "RuleState",
    "RulesInForce",
    "SavedRule",
    "rule_id_of",
    "rules_in_force",
    "written_rules",
]
