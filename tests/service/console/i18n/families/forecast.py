"""Words of the forecast that code makes up."""

from __future__ import annotations

from service.indicators.outlook.outlook import Model

FAMILIES = {"forecast.models": set(Model)}
FORMED = {"forecast": {"model", "mase", "inside_80", "inside_95"}}
