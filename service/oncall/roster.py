"""Targets made into people and channels at an instant: pure, and why anybody is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.oncall.model import (
    ContactChannel,
    ContactDraft,
    DutyDraft,
    RotaDraft,
    Target,
    TargetKind,
    Window,
    zone_of,
)
from service.oncall.shifts import who_is_on

_WEEK = 7 * 24 * 60
_DEEPEST = 4
"""A role names a rota, a rota a person: more steps than these mean that it leads in a circle."""


class Missing(StrEnum):
    """Why a target leads to nobody."""

    UNKNOWN = "unknown"
    UNASSIGNED = "unassigned"
    """A role that nobody has been named for."""
    GAP = "gap"
    NO_CHANNEL = "no_channel"
    QUIET = "quiet"
    LEFT = "left"
    """Their account is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One page to make: to a person at their channels, or to a channel as it is.

    `person` is the contact's id, `user` the id of their account.
    """

    channels: tuple[str, ...]
    person: str | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What a step comes to. `missing` says of which target why it leads to nobody."""

    calls: tuple[Call, ...] = ()
    everybody: bool = False
    missing: Mapping[str, Missing] = field(default_factory=dict)

    @property
    def nobody(self) -> bool:
        return not self.calls and not self.everybody

    @property
    def only_quiet(self) -> bool:
        """Whether nobody is called, and all for quiet hours."""
        return self.nobody and set(self.missing.values()) == {Missing.QUIET}

    def or_everybody(self) -> Calls:
        """Everybody where it leads to nobody; whoever is only quiet is left in peace."""
        return replace(self, everybody=True) if self.nobody and not self.only_quiet else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All that is configured, as it stands now. `accounts` are user ids by name."""

    contacts: Mapping[str, ContactDraft] = field(default_factory=dict)
    rotas: Mapping[str, RotaDraft] = field(default_factory=dict)
    duties: Mapping[str, DutyDraft] = field(default_factory=dict)
    channels: frozenset[str] = frozenset()
    accounts: Mapping[str, str] = field(default_factory=dict)


def calls_for(
    roster: Roster,
    targets: Sequence[Target],
    *,
    at: datetime,
    reach: int,
    ignores_quiet: bool,
) -> Calls:
    """Whom to page now. `reach` is at how many of their channels a person is paged, from 1.

    A person is called once even where several targets lead to them.
    """
    calls: dict[tuple[str | None, tuple[str, ...]], Call] = {}
    missing: dict[str, Missing] = {}
    everybody = False
    for target in targets:
        if target.kind is TargetKind.EVERYBODY:
            everybody = True
            continue
        found = _call(roster, target, at=at, reach=reach, ignores_quiet=ignores_quiet)
        if isinstance(found, Missing):
            missing[str(target)] = found
        else:
            calls[(found.person, () if found.person else found.channels)] = found
    return Calls(calls=tuple(calls.values()), everybody=everybody, missing=missing)


def quiet_until(roster: Roster, targets: Sequence[Target], *, at: datetime) -> datetime | None:
    """The first full minute after `at` at which any of the targets is not quiet.

    None when that is more than a week away: they are quiet at any hour.
    """
    begin = at.replace(second=0, microsecond=0)

    def reached(minutes: int) -> bool:
        then = begin + timedelta(minutes=minutes)
        return bool(calls_for(roster, targets, at=then, reach=1, ignores_quiet=False).calls)

    for quarter in range(15, _WEEK + 15, 15):
        if reached(quarter):
            first = next(minute for minute in range(quarter - 14, quarter + 1) if reached(minute))
            return begin + timedelta(minutes=first)
    return None


def asleep(roster: Roster, *, at: datetime) -> frozenset[str]:
    """Channels that are somebody's, and all of whose people are left in peace at this hour."""
    quiet: set[str] = set()
    awake: set[str] = set()
    for contact in roster.contacts.values():
        for item in contact.channels:
            resting = _quiet(contact.quiet, contact, at) or _quiet(item.quiet, contact, at)
            (quiet if resting else awake).add(item.channel)
    return frozenset(quiet - awake)


def person_of(roster: Roster, target: Target, at: datetime) -> str | Missing:
    """The contact that a person, rota or role comes to."""
    for _ in range(_DEEPEST):
        if target.kind is TargetKind.PERSON:
            return target.id if target.id in roster.contacts else Missing.UNKNOWN
        if target.kind is TargetKind.ROTA:
            rota = roster.rotas.get(target.id)
            if rota is None:
                return Missing.UNKNOWN
            on = who_is_on(rota, at)
            if on.person is None:
                return Missing.GAP
            target = Target(kind=TargetKind.PERSON, id=on.person)
        elif target.kind is TargetKind.ROLE:
            duty = roster.duties.get(target.id)
            if duty is None:
                return Missing.UNASSIGNED
            target = duty.holder
        elif target.kind is TargetKind.ACCOUNT:
            return _contact_of(roster, target.id)
        else:
            return Missing.UNKNOWN
    return Missing.UNKNOWN


def _contact_of(roster: Roster, user_id: str) -> str | Missing:
    """The first contact of an account, by id."""
    name = next((name for name, known in roster.accounts.items() if known == user_id), None)
    if name is None:
        return Missing.LEFT
    found = (contact for contact, draft in sorted(roster.contacts.items()) if draft.user == name)
    return next(found, Missing.NO_CHANNEL)


def _call(
    roster: Roster, target: Target, *, at: datetime, reach: int, ignores_quiet: bool
) -> Call | Missing:
    if target.kind is TargetKind.ROLE and (duty := roster.duties.get(target.id)) is not None:
        target = duty.holder
    if target.kind is TargetKind.CHANNEL:
        known = target.id in roster.channels
        return Call(channels=(target.id,)) if known else Missing.UNKNOWN
    person = person_of(roster, target, at)
    if isinstance(person, Missing):
        return person
    contact = roster.contacts[person]
    if contact.user is not None and contact.user not in roster.accounts:
        return Missing.LEFT
    usable = [item for item in contact.channels if item.channel in roster.channels]
    if not usable:
        return Missing.NO_CHANNEL
    if not ignores_quiet:
        usable = [] if _quiet(contact.quiet, contact, at) else _awake(contact, usable, at)
        if not usable:
            return Missing.QUIET
        usable = usable[: max(reach, 1)]
    return Call(
        channels=tuple(dict.fromkeys(item.channel for item in usable)),
        person=person,
        user=None if contact.user is None else roster.accounts.get(contact.user),
    )


def _awake(
    contact: ContactDraft, channels: Sequence[ContactChannel], at: datetime
) -> list[ContactChannel]:
    return [item for item in channels if not _quiet(item.quiet, contact, at)]


def _quiet(window: Window | None, contact: ContactDraft, at: datetime) -> bool:
    return window is not None and window.holds(at.astimezone(zone_of(contact.zone)))
