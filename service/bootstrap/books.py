"""Whom to page, as people configure it: contacts, rotas, playbook roles, chains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from playbooks import Library
from playbooks.office_hours import BusinessCalendar
from service.auth import KeyRing
from service.bootstrap.ground import Ground
from service.briefings import SCHEDULES, BriefingSchedules
from service.complaints import ComplaintRules
from service.complaints import read_draft as read_complaint_rule
from service.monitors import saver
from service.monitors.apply import Save
from service.monitors.bodied import Bodied
from service.oncall import (
    ChainDraft,
    Chains,
    ContactDraft,
    Contacts,
    Duties,
    DutyDraft,
    HandOvers,
    RotaDraft,
    Rotas,
)
from service.recurring import Planning, RecurringDuties, read_draft
from service.reviews import DepartmentDraft, Departments
from service.timers import Timers

_CONTACTS = Bodied(ContactDraft)
_ROTAS = Bodied(RotaDraft)
_DUTIES = Bodied(DutyDraft)
_CHAINS = Bodied(ChainDraft)
_DEPARTMENTS = Bodied(DepartmentDraft)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The catalogues of on-call, and the timer handlers of rotas."""

    contacts: Contacts
    rotas: Rotas
    duties: Duties
    chains: Chains
    hand_overs: HandOvers
    recurring: RecurringDuties
    recurring_planning: Planning
    complaint_rules: ComplaintRules
    departments: Departments
    briefing_schedules: BriefingSchedules

    def sections(self) -> Mapping[str, Save]:
        """What `apply` saves them with."""
        return {
            "contacts": saver(self.contacts, _CONTACTS.read),
            "rotas": saver(self.rotas, _ROTAS.read),
            "duties": saver(self.duties, _DUTIES.read),
            "chains": saver(self.chains, _CHAINS.read),
            "recurring": saver(self.recurring, read_draft),
            "departments": saver(self.departments, _DEPARTMENTS.read),
            "complaint_rules": saver(self.complaint_rules, read_complaint_rule),
            "briefing_schedules": saver(self.briefing_schedules, SCHEDULES.read),
        }


def open_books(ground: Ground, keyring: KeyRing) -> Books:
    """The books over the state database."""
    database, clock = ground.database, ground.clock
    hand_overs = HandOvers(timers=Timers(), clock=clock)
    planning = Planning(timers=Timers(), clock=clock, works_on=_working_days(ground.library))
    return Books(
        contacts=Contacts(database, clock, keyring),
        rotas=Rotas(database, clock, keyring, saved=hand_overs.saved),
        duties=Duties(database, clock, keyring),
        chains=Chains(database, clock, keyring, tiers=ground.library.tiers.ids),
        hand_overs=hand_overs,
        recurring=RecurringDuties(
            database, clock, keyring, saved=planning.saved, forgotten=planning.forgotten
        ),
        recurring_planning=planning,
        complaint_rules=ComplaintRules(database, clock, keyring),
        departments=Departments(database, clock, keyring),
        briefing_schedules=BriefingSchedules(database, clock, keyring),
    )


def _working_days(library: Library) -> Callable[[date], bool]:
    """By the holidays of the calendar of the country; a year that it has not knows weekends."""
    return BusinessCalendar.over(library.calendars.values(), zone=ZoneInfo("UTC")).works_on
