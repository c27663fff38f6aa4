"""Where topics are, and who may see them."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section

PLACE = Place(
    name="topics",
    path="/topics",
    section=Section.INSIGHT,
    may=(Action.READ, Resource.TOPIC),
    deeper=("/topics/new", "/topics/{number}"),
)
