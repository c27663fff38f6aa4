"""Words of the pages of recurring duties that code makes up."""

from __future__ import annotations

from service.recurring import RoundState

FAMILIES = {"recurring.states": set(RoundState)}
FORMED = {"recurring": {"was_due", "state", "who", "said"}}
