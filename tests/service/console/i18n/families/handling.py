"""Words of the handling pages that code makes up."""

from __future__ import annotations

from service.handling import Axis
from service.handling.cost import CostKind

FAMILIES = {"handling.axes": set(Axis), "handling.kinds": set(CostKind)}
FORMED = {
    "handling": {"csv_table", "csv_crises", "monitor", "scenario", "tier", "recurrence"}
    | {"breaches", "cost", "measure", "median", "p90", "cases", "waiting_title", "kept"}
    | {"opened", "complaints_waiting", "overdue", "csat", "nps", "line", "made_of", "amount"}
}
