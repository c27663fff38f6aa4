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
from playbooks.schema.emotion_matrix import (
    Answerer,
    Emotion,
    EmotionMatrix,
    Intensity,
    Register,
    Response,
    Words,
)
from playbooks.schema.export import json_schemas
from playbooks.schema.holiday_calendar import CalendarYear, HolidayCalendar, Office, OfficeHours
from playbooks.schema.playbook import (
    EVERY_TIER,
    Ladder,
    Moment,
    Playbook,
    PlaybookFile,
    Step,
    StepClock,
    StepOverlay,
)
from playbooks.schema.risk import RiskMeasure, RiskPart, RiskTable, Scale
from playbooks.schema.rule import Rule
from playbooks.schema.scenario import (
    Afterwards,
    LegalBasis,
    NeverSay,
    Notice,
    NotThis,
    Scenario,
    Taken,
)
from playbooks.schema.template import StatementKind, Template, TemplateHeader, Variable
from playbooks.schema.tier_table import Tier, TierTable

__all__ = [
    "EVERY_TIER",
    "SCENARIOS",
    "UNCLASSIFIED",
    "Afterwards",
    "Answerer",
    "CalendarYear",
    "Case",
    "Comparison",
    "Condition",
    "Content",
    "Emotion",
    "EmotionMatrix",
    "Expectation",
    "HolidayCalendar",
    "Intensity",
    "Kind",
    "Ladder",
    "LegalBasis",
    "Mode",
    "Moment",
    "NeverSay",
    "NotThis",
    "Notice",
    "Office",
    "OfficeHours",
    "Operator",
    "PlanInput",
    "Playbook",
    "PlaybookFile",
    "Register",
    "Response",
    "RiskMeasure",
    "RiskPart",
    "RiskTable",
    "Role",
    "Rule",
    "RuleScope",
    "Scale",
    "Scenario",
    "StatementKind",
    "Step",
    "StepClock",
    "StepOverlay",
    "Taken",
    "Template",
    "TemplateHeader",
    "Text",
    "Tier",
    "TierTable",
    "Variable",
    "Words",
    "json_schemas",
]
