"""Words of the pages of playbooks that code makes up."""

from __future__ import annotations

from service.console.pages.playbooks.happening import What

FAMILIES = {
    "playbooks.anchors": {"first_post", "opened", "acknowledged", "tier_raised"},
    "playbooks.now.what": {What.DUE, What.LATE},
}
FORMED = {
    "playbooks": {"due", "step", "who", "counts", "warned", "escalated"},
    "playbooks.handbook": {"zh", "en"},
    "playbooks.now": {"when", "about", "whom", "chain", "steps"},
}
