"""Whom to page, as people configure it: contacts, rotas, playbook roles, chains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from playbooks import Library
from playbooks.office_hours import BusinessCalendar
from service.auth import KeyRing
from service.bootstrap.ground import Ground
from service.complaints import ComplaintRules
from service.complaints import read_draft as read_complaint_rule
from service.monitors import saver
from service.monitors.apply import Save
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

DraftT = TypeVar("DraftT", ContactDraft, RotaDraft, DutyDraft, ChainDraft, DepartmentDraft)


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

    def sections(self) -> Mapping[str, Save]:
        """What `apply` saves them with."""
        return {
            "contacts": saver(self.contacts, _reader(ContactDraft)),
            "rotas": saver(self.rotas, _reader(RotaDraft)),
            "duties": saver(self.duties, _reader(DutyDraft)),
            "chains": saver(self.chains, _reader(ChainDraft)),
            "recurring": saver(self.recurring, read_draft),
            "departments": saver(self.departments, _reader(DepartmentDraft)),
            "complaint_rules": saver(self.complaint_rules, read_complaint_rule),
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
    )


def _working_days(library: Library) -> Callable[[date], bool]:
    """By the holidays of the calendar of the country; a year that it has not knows weekends."""
    years = [year for item in library.calendars.values() for year in item.years.values()]
    return BusinessCalendar(
        zone=ZoneInfo("UTC"),
        holidays=frozenset(day for year in years for day in year.holidays),
        workdays=frozenset(day for year in years for day in year.workdays),
    ).works_on


def _reader(kind: type[DraftT]) -> Callable[[Any], DraftT]:
    """Reads an entry of a file; `name` may be left out: the id serves."""
    adapter = TypeAdapter(kind)

    def read(data: Any) -> DraftT:
        if isinstance(data, dict) and "name" not in data:
            data = {**data, "name": data.get("id")}
        return adapter.validate_python(data)

    return read
