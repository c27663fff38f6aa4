"""What happens in a crisis: incidents, their runs, their deadlines, and the desks of people."""

from __future__ import annotations

from dataclasses import dataclass

from service.bootstrap.ground import Ground
from service.incidents import Incidents
from service.incidents.desk import IncidentDesk
from service.moderation.at_risk import PeopleAtRisk
from service.moderation.backlog import Backlogs
from service.response import Effects, ResponseDesk, Responses
from service.timers import Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class Responding:
    """Incidents of every kind, and who opens those that no rule does."""

    timers: Timers
    responses: Responses
    incidents: Incidents
    desk: IncidentDesk
    response_desk: ResponseDesk
    people_at_risk: PeopleAtRisk
    backlogs: Backlogs


def open_responding(ground: Ground) -> Responding:
    """Incidents and runs over the shipped playbooks."""
    database, clock, library = ground.database, ground.clock, ground.library
    public_url = ground.settings.public_url
    timers = Timers()
    responses = Responses(library=library, effects=Effects(timers=timers, public_url=public_url))
    incidents = Incidents(reactions=responses, public_url=public_url)
    return Responding(
        timers=timers,
        responses=responses,
        incidents=incidents,
        desk=IncidentDesk(database=database, clock=clock, incidents=incidents, library=library),
        response_desk=ResponseDesk(database=database, clock=clock, responses=responses),
        people_at_risk=PeopleAtRisk(incidents=incidents, tiers=library.tiers.ids),
        backlogs=Backlogs(incidents=incidents, tiers=library.tiers.ids),
    )
