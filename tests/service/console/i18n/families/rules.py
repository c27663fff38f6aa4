"""Words of the pages of rules that code makes up."""

from __future__ import annotations

from service.rules import RuleOrigin, RuleState

FAMILIES = {
    "rules.states": set(RuleState),
    "rules.origins": set(RuleOrigin),
    "rules.scenarios": {"any", "unclassified"},
}
FORMED = {
    "rules": {
        f"{kind}{part}" for kind in ("remove", "restore") for part in ("", "_ask", "_hint", "_done")
    },
    "rules.tree": {"all", "any", "not"},
    "rules.shadow": {"when", "monitor", "tier", "lasted", "live", "lead"},
}
