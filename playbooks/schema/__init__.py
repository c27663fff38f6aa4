"""The shape of content: pydantic models of every file under `playbooks/content`."""

from playbooks.schema.base import (
    SCENARIOS,
    UNCLASSIFIED,
    Content,
    Kind,
    Mode,
    Role,
    Text,
)
from playbooks.schema.case import Case, Expectation, PlanInput, RuleScope
from playbooks.schema.condition import Comparison, Condition, Operator
from playbooks.schema.export import json_schemas
from playbooks.schema.playbook import (
    EVERY_TIER,
    Ladder,
    Moment,
    Playbook,
    PlaybookFile,
    Step,
    StepOverlay,
)
from playbooks.schema.rule import Rule
from playbooks.schema.scenario import Afterwards, LegalBasis, NeverSay, Notice, Scenario
from playbooks.schema.template import StatementKind, Template, TemplateHeader, Variable
from playbooks.schema.tier_table import Tier, TierTable

__all__ = [
    "EVERY_TIER",
    "SCENARIOS",
    "UNCLASSIFIED",
    "Afterwards",
    "Case",
    "Comparison",
    "Condition",
    "Content",
    "Expectation",
    "Kind",
    "Ladder",
    "LegalBasis",
    "Mode",
    "Moment",
    "NeverSay",
    "Notice",
    "Operator",
    "PlanInput",
    "Playbook",
    "PlaybookFile",
    "Role",
    "Rule",
    "RuleScope",
    "Scenario",
    "StatementKind",
    "Step",
    "StepOverlay",
    "Template",
    "TemplateHeader",
    "Text",
    "Tier",
    "TierTable",
    "Variable",
    "json_schemas",
]
