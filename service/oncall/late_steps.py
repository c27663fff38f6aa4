"""Steps of a playbook that are long late: whoever stands for their `escalate_to` is paged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import RunStep
from service.incidents import Incident
from service.oncall import pages
from service.oncall.books import load_roster
from service.oncall.chains import ChainBook
from service.oncall.model import Target, TargetKind
from service.oncall.pages import Why
from service.oncall.roster import calls_for
from service.oncall.silence_rows import silence_of

_EVERY_CHANNEL = 1_000


class LateSteps:
    """What `Effects` tells of an escalated step, in the transaction that escalates it."""

    def __init__(self, *, chains: ChainBook, public_url: str) -> None:
        self._chains = chains
        self._public_url = public_url

    async def __call__(
        self, connection: AsyncConnection, incident: Incident, step: RunStep, *, now: datetime
    ) -> None:
        """Page the person, rota or channel of the role, and the deputy with them.

        Nobody is named for it: then the news of it, which every channel may have, is the page.
        """
        role = step.step.escalate_to
        roster = await load_roster(connection)
        duty = roster.duties.get(role.value)
        if duty is None:
            return
        targets = [Target(kind=TargetKind.ROLE, id=role.value)]
        if duty.deputy is not None:
            targets.append(duty.deputy)
        if await silence_of(connection, incident, gravest=self._chains.gravest, now=now):
            return
        chain = await self._chains.of(connection, incident.tier)
        calls = calls_for(
            roster, targets, at=now, reach=_EVERY_CHANNEL, ignores_quiet=chain.ignores_quiet
        )
        title = {"zh": step.step.title.zh, "en": step.step.title.en}
        await pages.make(
            connection,
            incident,
            calls,
            why=Why.STEP_LATE,
            parts=["step", step.id, now.isoformat()],
            now=now,
            public_url=self._public_url,
            details={"step": step.id, "title": title, "role": role.value},
        )
