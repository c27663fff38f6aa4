"""Where briefings and their schedules are in the console."""

from __future__ import annotations

from urllib.parse import quote

from service.auth import Action, Resource
from service.bootstrap import Container
from service.briefings import Briefing, briefing_item
from service.console.places import Place, Section
from service.console.session import BASE

LIST = f"{BASE}/briefings"
NEW = "/new-briefing"
SCHEDULES = "/briefing-schedules"
NEW_SCHEDULE = "/new-briefing-schedule"
ONE = "/briefings/{briefing_id}"
ONE_SCHEDULE = "/briefing-schedules/{schedule_id}"

PLACE = Place(
    name="briefings",
    path="/briefings",
    section=Section.INSIGHT,
    may=(Action.READ, Resource.BRIEFING),
    deeper=(ONE, NEW, SCHEDULES, ONE_SCHEDULE, NEW_SCHEDULE),
)


def address(briefing_id: str) -> str:
    """The page of one briefing."""
    return f"{LIST}/{quote(briefing_id, safe='')}"


def schedule_address(schedule_id: str) -> str:
    """The page of one schedule."""
    return f"{BASE}{SCHEDULES}/{quote(schedule_id, safe='')}"


def title_of(container: Container, item: Briefing) -> str:
    """What the briefing is called, in its own language: so it stands in what was sent."""
    return str(briefing_item(item, zone=container.settings.zone)["title"])
