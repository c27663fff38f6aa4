"""Words of the coverage pages that code makes up."""

from __future__ import annotations

from service.console.health import Health
from service.coverage import Cause, Sight
from service.coverage.canary import CanaryHealth
from service.coverage.lag import Stage
from service.coverage.objectives import ObjectiveName

FAMILIES = {
    "coverage.seen": set(Health),
    "coverage.sights": set(Sight),
    "coverage.causes": set(Cause),
    "coverage.todo": set(Cause),
    "coverage.stages": set(Stage),
    "coverage.goals_named": set(ObjectiveName),
    "coverage.canary_said": set(CanaryHealth),
}
FORMED = {
    "coverage": {"state", "source", "why", "last_post", "last_pull", "known", "stage"}
    | {"p50", "p95", "p99", "count", "pushed", "pulled", "platforms", "channels"}
    | {"gap_from", "gap_until", "gap_state", "gap_detail"}
}
