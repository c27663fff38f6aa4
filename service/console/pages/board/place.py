"""Where the board is, and who may see it."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section

PLACE = Place(
    name="board",
    path="/board",
    section=Section.INSIGHT,
    may=(Action.READ, Resource.INDICATOR),
    deeper=("/board/{indicator}",),
)
