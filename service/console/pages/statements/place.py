"""Where statements are in the console."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.places import Place, Section

NEW = "/incidents/{incident_id}/statements/new"
ONE = "/statements/{statement_id}"
PLACE = Place(
    name="statements",
    path="/statements",
    section=Section.DUTY,
    may=(Action.READ, Resource.STATEMENT),
    deeper=(ONE, NEW),
)
