"""Times that pages of figures offer."""

from __future__ import annotations

from service.console.scope import Period

FAMILIES = {"scope.periods": set(Period)}
FORMED = {"scope": {"from", "to"}}
