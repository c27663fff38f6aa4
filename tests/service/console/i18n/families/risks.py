"""Words of the pages of the risk register that code makes up."""

from __future__ import annotations

from dataclasses import fields

from service.risks import LinkKind, RiskDraft, Sort, Stage
from service.risks.model import MONEY, ChangeKind

FAMILIES = {
    "risks.stages": set(Stage),
    "risks.move_hints": set(Stage),
    "risks.kinds": set(ChangeKind),
    "risks.link_kinds": set(LinkKind),
    "risks.orders": set(Sort),
    "risks.only": {"overdue", "owner_left", "retired"},
    "risks.levels": {str(level) for level in range(1, 6)},
    "risks.fields": {field.name for field in fields(RiskDraft)},
    "risks.money_hints": set(MONEY),
    "risks.rate_mistakes": {"currency", "day", "rate", "origin"},
}
FORMED = {
    "risks": {"coefficient", "level", "weighs", "points", "expected_loss", "cost", "balance"},
}
