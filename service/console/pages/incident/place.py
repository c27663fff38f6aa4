"""Where the incident page is: no entry of the menu, as one comes from the queue."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section

PLACE = Place(
    name="incident",
    path="/incidents/{incident_id}",
    section=Section.DUTY,
    may=(Action.READ, Resource.INCIDENT),
    menu=False,
    under="queue",
)
