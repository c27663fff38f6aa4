"""One step of a chain: whom it comes to at this instant, and the pages that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.incidents import Incident
from service.incidents.trail import trace
from service.oncall import pages
from service.oncall.books import load_roster
from service.oncall.escalation import Escalation
from service.oncall.model import ChainDraft, ChainStep, zone_of
from service.oncall.pages import Why
from service.oncall.roster import Calls, calls_for, quiet_until


async def make_step(
    connection: AsyncConnection,
    incident: Incident,
    escalation: Escalation,
    *,
    now: datetime,
    public_url: str,
    news: bool,
) -> int | datetime:
    """Page whoever the step that comes next names; answers how many pages that made.

    When it leads to nobody, and not only for quiet hours, it pages everybody; `news` says that the
    news of the incident has gone out just now, which is that page. Otherwise as `whom`.
    """
    chain = escalation.chain
    step = chain.steps[escalation.position]
    said = {"escalation": escalation.id, "step": escalation.position}
    found = await whom(
        connection,
        incident,
        chain,
        step,
        reach=escalation.round + escalation.lapses,
        said=said,
        now=now,
    )
    if found is None:
        return 0
    if isinstance(found, datetime):
        return found
    if found.nobody and not found.only_quiet and news and step.wait_min == 0:
        # What this is about has gone to every channel in this very instant.
        return 0
    return await pages.make(
        connection,
        incident,
        found.or_everybody(),
        why=Why.LAPSED if escalation.lapses else Why.ESCALATION,
        parts=[escalation.id, str(escalation.firings)],
        now=now,
        public_url=public_url,
        escalation_id=escalation.id,
        details={**said, "round": escalation.round},
    )


async def whom(
    connection: AsyncConnection,
    incident: Incident,
    chain: ChainDraft,
    step: ChainStep,
    *,
    reach: int,
    said: Mapping[str, Any],
    now: datetime,
) -> Calls | datetime | None:
    """Whom a step calls now; the instant at which the first of them wakes up; None out of hours.

    The timeline has, with `said`, why nobody is called. `reach` as in `calls_for`.
    """
    if step.window is not None and not step.window.holds(now.astimezone(zone_of(chain.zone))):
        await trace(connection, incident.id, "page_out_of_hours", dict(said), now=now)
        return None
    roster = await load_roster(connection, drill=incident.drill)
    calls = calls_for(roster, step.notify, at=now, reach=reach, ignores_quiet=chain.ignores_quiet)
    wakes_at = quiet_until(roster, step.notify, at=now) if calls.only_quiet else None
    if wakes_at is not None:
        missing = {target: why.value for target, why in calls.missing.items()}
        data = {**said, "missing": missing, "until": wakes_at.isoformat()}
        await trace(connection, incident.id, "paged_nobody", data, now=now)
    return wakes_at or calls
