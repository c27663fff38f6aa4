"""Playbooks: rules over facts, tiers, steps with deadlines. Pure: no clock, no network, no store.

`load_library` reads the content; `evaluate` and `assess` say what matches and how bad it is;
`plan` dates the steps; `start` and `advance` run them, answering with effects for others to do.
"""

from playbooks.case_runs import CaseFailure, run_cases
from playbooks.check import ContentReport, Finding, check_content
from playbooks.content_files import overlay_folder
from playbooks.counterfactual import Gap, NearRule, NextTier, next_tier
from playbooks.document import Document, document_of, read_document
from playbooks.duration import format_duration, parse_duration
from playbooks.errors import (
    ContentErrors,
    ContentProblem,
    IllegalEvent,
    IllegalStep,
    PlaybookError,
    RunError,
    TemplateError,
    UnknownContent,
    UnknownFact,
    UnknownStep,
)
from playbooks.evaluator import (
    Match,
    Scope,
    evaluate,
    inhibit,
    shadow_matches,
)
from playbooks.expression import (
    Explanation,
    Outcome,
    Reason,
    clause_text,
    explain,
    outcome_of,
    reasons,
)
from playbooks.facts import FACTS, FactKind, Facts, FactSpec, FactValue, fact_spec
from playbooks.issues import Issue, Severity
from playbooks.library import Library
from playbooks.lint import lint
from playbooks.loader import load_library
from playbooks.measures import MEASURES, Measure, Window
from playbooks.measures_page import measures_page
from playbooks.mistakes import Mistake
from playbooks.overlay import lay_rules, rule_data
from playbooks.planner import Anchors, PlannedStep, TierSince, by_due, plan
from playbooks.post_parts import CATEGORIES, PATTERNS
from playbooks.progress import advance, start
from playbooks.release import still_on
from playbooks.risk import Risk, RiskShare, assess_risk
from playbooks.run import DeadlineKind, Run, RunStep, StepState, from_json, to_json
from playbooks.run_events import (
    Announce,
    Announcement,
    Cancel,
    DeadlinePassed,
    EarlierPostFound,
    Effect,
    Event,
    Ignored,
    IgnoredReason,
    IncidentEvent,
    Reopened,
    ScenarioNamed,
    Schedule,
    StepDone,
    StepReopened,
    StepSkipped,
    TierChanged,
    Withdrawn,
)
from playbooks.schema import (
    SCENARIOS,
    UNCLASSIFIED,
    Comparison,
    Condition,
    Kind,
    Mode,
    Moment,
    Playbook,
    Role,
    Rule,
    Scenario,
    Step,
    Template,
    Text,
    Tier,
    TierTable,
)
from playbooks.templates import render
from playbooks.thresholds import MOST_BOUND, comparisons, raisable, with_thresholds
from playbooks.tiers import TierChange, TierDecision, assess, at_least, rank

__all__ = [
    "CATEGORIES",
    "FACTS",
    "MEASURES",
    "MOST_BOUND",
    "PATTERNS",
    "SCENARIOS",
    "UNCLASSIFIED",
    "Anchors",
    "Announce",
    "Announcement",
    "Cancel",
    "CaseFailure",
    "Comparison",
    "Condition",
    "ContentErrors",
    "ContentProblem",
    "ContentReport",
    "DeadlineKind",
    "DeadlinePassed",
    "Document",
    "EarlierPostFound",
    "Effect",
    "Event",
    "Explanation",
    "FactKind",
    "FactSpec",
    "FactValue",
    "Facts",
    "Finding",
    "Gap",
    "Ignored",
    "IgnoredReason",
    "IllegalEvent",
    "IllegalStep",
    "IncidentEvent",
    "Issue",
    "Kind",
    "Library",
    "Match",
    "Measure",
    "Mistake",
    "Mode",
    "Moment",
    "NearRule",
    "NextTier",
    "Outcome",
    "PlannedStep",
    "Playbook",
    "PlaybookError",
    "Reason",
    "Reopened",
    "Risk",
    "RiskShare",
    "Role",
    "Rule",
    "Run",
    "RunError",
    "RunStep",
    "Scenario",
    "ScenarioNamed",
    "Schedule",
    "Scope",
    "Severity",
    "Step",
    "StepDone",
    "StepReopened",
    "StepSkipped",
    "StepState",
    "Template",
    "TemplateError",
    "Text",
    "Tier",
    "TierChange",
    "TierChanged",
    "TierDecision",
    "TierSince",
    "TierTable",
    "UnknownContent",
    "UnknownFact",
    "UnknownStep",
    "Window",
    "Withdrawn",
    "advance",
    "assess",
    "assess_risk",
    "at_least",
    "by_due",
    "check_content",
    "clause_text",
    "comparisons",
    "document_of",
    "evaluate",
    "explain",
    "fact_spec",
    "format_duration",
    "from_json",
    "inhibit",
    "lay_rules",
    "lint",
    "load_library",
    "measures_page",
    "next_tier",
    "outcome_of",
    "overlay_folder",
    "parse_duration",
    "plan",
    "raisable",
    "rank",
    "read_document",
    "reasons",
    "render",
    "rule_data",
    "run_cases",
    "shadow_matches",
    "start",
    "still_on",
    "to_json",
    "with_thresholds",
]
