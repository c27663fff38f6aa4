"""Words of the pages of drills that code makes up."""

from __future__ import annotations

from service.api.routes.drills import Posts
from service.drill import DrillState
from service.drill.sheet import Verdict

FAMILIES = {
    "drills.states": set(DrillState),
    "drills.streams": set(Posts),
    "drills.verdicts": set(Verdict),
}
FORMED = {
    "drills.begin.happens": {"marked", "deadlines", "end", "clean"},
    "drills.sheet": {"due", "in_time", "late", "missed", "not_due", "skipped"}
    | {"deeds", "acknowledged", "steps_done", "clocks", "steps"}
    | {"step", "role", "verdict", "target", "took", "late_by", "done_by"},
}
