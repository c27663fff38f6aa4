"""What somebody outside may do with an incident: who proves it, and the deed at the desk.

An acknowledge link proves that its holder reads the page; a signed webhook of PagerDuty that
somebody pressed a button there. Both go to the same desk as people who have signed in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.auth import Principal, PrincipalKind, Role
from service.bootstrap import Container
from service.delivery.channels.links import LIFE, Link
from service.delivery.channels.pagerduty_inbound import Notice, Pressed
from service.delivery.proofs import ProofKind, give_back, use, used_at
from service.errors import Forbidden, IllegalTransition, NotFound
from service.incidents import OPEN_STATES, Action, Incident, State, repository

_HELD = OPEN_STATES - {State.NEW}
"""Somebody has it, or had: on call, an acknowledgement lapses when nobody does anything."""


class Standing(StrEnum):
    """How a link stands to its incident."""

    WAITING = "waiting"
    DONE = "done"
    USED = "used"
    TAKEN = "taken"
    """Somebody else was faster, or the incident is further than that."""
    NOT_YOURS = "not_yours"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the page says; without an incident for a link that names none."""

    standing: Standing
    incident: Incident | None = None
    used_at: datetime | None = None
    person: str | None = None
    """The name in which the link acts; anybody who reads the channel can press it."""
    holder: str | None = None
    """The name of who has acknowledged."""


async def look(service: Container, link: Link) -> Answered:
    """How the link stands; changes nothing."""
    async with service.database.read() as connection:
        incident = await repository.find(connection, link.incident_id)
        used = await used_at(connection, ProofKind.LINK, *_parts(link))
    if incident is None:
        return Answered(standing=Standing.UNKNOWN)
    if used is not None:
        return Answered(standing=Standing.USED, incident=incident, used_at=used)
    standing = Standing.WAITING if _waits(incident, link) else Standing.TAKEN
    return Answered(standing=standing, incident=incident)


async def named(service: Container, link: Link, answered: Answered) -> Answered:
    """With the names of people in place of ids."""
    if answered.incident is None:
        return answered
    return replace(
        answered,
        person=await _name(service, link.person),
        holder=await _name(service, answered.incident.acknowledged_by),
    )


async def _name(service: Container, user_id: str | None) -> str | None:
    if user_id is None:
        return None
    try:
        return (await service.users.get(user_id)).name
    except NotFound:
        return user_id  # a channel's or a program's


def _waits(incident: Incident, link: Link) -> bool:
    """An incident that was acknowledged before the page was sent is asked for anew."""
    if incident.state in _HELD and incident.acknowledged_at is not None:
        return incident.acknowledged_at < link.ends_at - LIFE
    return incident.state is State.NEW


async def _take(service: Container, holder: Principal, incident: Incident) -> Incident:
    """Acknowledge; what somebody has and is past that is taken by saying so: a deed as well."""
    try:
        return await service.desk.act(holder, incident.id, Action.ACKNOWLEDGE)
    except IllegalTransition:
        if incident.state not in _HELD:
            raise
    await service.desk.comment(holder, incident.id, f"确认接警 acknowledged: {holder.name}")
    return incident


async def acknowledge(service: Container, link: Link) -> Answered:
    """Acknowledge in the name of whom the page was for; a link that has acted does nothing."""
    found = await look(service, link)
    if found.standing is not Standing.WAITING or found.incident is None:
        return found
    try:
        async with _once(service, ProofKind.LINK, *_parts(link), about=link.incident_id) as ours:
            if not ours:
                return replace(found, standing=Standing.USED, used_at=service.clock.now())
            holder = await _holder(service, link)
            incident = await _take(service, holder, found.incident)
            if link.person is not None:
                # The record must not say that they did it: everybody in a group has the link.
                note = f"经 {link.channel_id} 的链接确认 by the link in {link.channel_id}"
                await service.desk.comment(holder, incident.id, note)
    except (Forbidden, NotFound):
        return replace(found, standing=Standing.NOT_YOURS)
    except IllegalTransition:
        return replace(found, standing=Standing.TAKEN)
    if found.incident.state is State.NEW and incident.acknowledged_by != holder.id:
        return Answered(standing=Standing.TAKEN, incident=incident)
    return Answered(standing=Standing.DONE, incident=incident)


async def follow(service: Container, channel_id: str, notice: Notice) -> str:
    """Do here what was pressed at PagerDuty; answers what came of it in a word or two.

    The same event again does nothing. What no person did there is not followed: a time-out of
    theirs must not close a crisis of ours.
    """
    if notice.pressed is None:
        return "not followed"
    if notice.by is None:
        return "not by a person"
    async with service.database.read() as connection:
        known = await repository.find(connection, notice.key)
        used = await used_at(connection, ProofKind.PAGERDUTY, channel_id, notice.id)
    if known is None:
        return "no incident of ours"
    if used is not None:
        return "done before"
    actor = Principal(
        id=f"pagerduty:{channel_id}"[:64],
        kind=PrincipalKind.LINK,
        name=f"{notice.by} (PagerDuty)",
        roles=frozenset({Role.RESPONDER}),
    )
    said = "done"
    async with _once(service, ProofKind.PAGERDUTY, channel_id, notice.id, about=known.id) as ours:
        if not ours:
            return "done before"
        try:
            if known.state is State.NEW or (
                notice.pressed is Pressed.ACKNOWLEDGED and known.state in _HELD
            ):
                await _take(service, actor, known)
            elif notice.pressed is Pressed.ACKNOWLEDGED:
                said = "too late"
            if notice.pressed is Pressed.RESOLVED:
                await service.desk.act(actor, known.id, Action.RESOLVE)
        except IllegalTransition:
            said = "too late"
    return said


@asynccontextmanager
async def _once(
    service: Container, kind: ProofKind, *parts: str, about: str
) -> AsyncIterator[bool]:
    """Take the proof for a deed; whether it is ours. A deed that fails gives it back."""
    async with service.database.write() as connection:
        ours = await use(connection, kind, *parts, subject_id=about, at=service.clock.now())
    try:
        yield ours
    except BaseException:
        if ours:
            async with service.database.write() as connection:
                await give_back(connection, kind, *parts)
        raise


async def _holder(service: Container, link: Link) -> Principal:
    """The person whom the page was for, with what they may; else a responder without a name.

    Raises Forbidden for an account that was closed since, NotFound for one that is gone.
    """
    if link.person is None:
        return Principal(
            id=f"link:{link.channel_id}"[:64],
            kind=PrincipalKind.LINK,
            name=f"a reader of {link.channel_id}",
            roles=frozenset({Role.RESPONDER}),
        )
    user = await service.users.get(link.person)
    if user.disabled:
        raise Forbidden(f"the account of {user.name} is closed")
    return Principal(
        id=user.id, kind=PrincipalKind.LINK, name=user.name, roles=frozenset(user.roles)
    )


def _parts(link: Link) -> tuple[str, str, str, str]:
    return link.incident_id, link.channel_id, link.message_id, link.person or ""
