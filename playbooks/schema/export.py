"""JSON Schemas of the content, for editors; kept under `playbooks/schemas`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from playbooks.schema.base import Content
from playbooks.schema.case import Case
from playbooks.schema.emotion_matrix import EmotionMatrix
from playbooks.schema.holiday_calendar import HolidayCalendar
from playbooks.schema.playbook import Ladder, PlaybookFile
from playbooks.schema.risk import RiskTable
from playbooks.schema.rule import Rule
from playbooks.schema.scenario import Scenario
from playbooks.schema.template import TemplateHeader
from playbooks.schema.tier_table import TierTable

_MODELS: Mapping[str, type[Content]] = {
    "calendar": HolidayCalendar,
    "case": Case,
    "emotion_matrix": EmotionMatrix,
    "ladder": Ladder,
    "playbook": PlaybookFile,
    "risk": RiskTable,
    "rule": Rule,
    "scenario": Scenario,
    "template": TemplateHeader,
    "tiers": TierTable,
}


def json_schemas() -> dict[str, str]:
    """File name and text of each JSON Schema, as they must stand under `playbooks/schemas`."""
    return {
        f"{name}.json": json.dumps(
            model.model_json_schema(by_alias=True), ensure_ascii=False, indent=2, sort_keys=True
        )
        + "\n"
        for name, model in _MODELS.items()
    }
