"""One step of an escalation: whom it comes to at this instant, and the pages that it makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.incidents import Incident
from service.incidents.trail import trace
from service.oncall import pages
from service.oncall.books import load_roster
from service.oncall.escalation import Escalation
from service.oncall.model import zone_of
from service.oncall.pages import Why
from service.oncall.roster import Missing, calls_for


async def make_step(
    connection: AsyncConnection,
    incident: Incident,
    escalation: Escalation,
    *,
    now: datetime,
    public_url: str,
) -> int:
    """Page whoever the step that comes next names; answers how many pages that made.

    Outside of its hours it makes none. When it leads to nobody, and not only for quiet hours, it
    pages everybody.
    """
    chain = escalation.chain
    step = chain.steps[escalation.position]
    if step.window is not None and not step.window.holds(now.astimezone(zone_of(chain.zone))):
        data = {"escalation": escalation.id, "step": escalation.position}
        await trace(connection, incident.id, "page_out_of_hours", data, now=now)
        return 0
    calls = calls_for(
        await load_roster(connection),
        step.notify,
        at=now,
        reach=escalation.round + escalation.lapses,
        ignores_quiet=chain.ignores_quiet,
    )
    if calls.nobody and any(why is not Missing.QUIET for why in calls.missing.values()):
        if escalation.firings == 0 and step.wait_min == 0:
            # What this is about has gone to every channel in this very instant.
            return 0
        calls = replace(calls, everybody=True)
    return await pages.make(
        connection,
        incident,
        calls,
        why=Why.LAPSED if escalation.lapses else Why.ESCALATION,
        parts=[escalation.id, str(escalation.firings)],
        now=now,
        public_url=public_url,
        escalation_id=escalation.id,
        details={
            "escalation": escalation.id,
            "step": escalation.position,
            "round": escalation.round,
        },
    )
