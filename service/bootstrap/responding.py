"""What happens in a crisis: incidents, their runs, whom they page, and the desks of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.bootstrap.ground import Ground
from service.casefile import CaseFiles
from service.cases import CaseDesk, Precedents, Watching
from service.complaints import ComplaintChapter
from service.evidence import EvidenceDesk
from service.incidents import Incident, Incidents
from service.incidents.desk import IncidentDesk
from service.incidents.reactions import Acted
from service.moderation.at_risk import PeopleAtRisk
from service.moderation.backlog import Backlogs
from service.oncall import (
    ChainBook,
    DueSteps,
    Escalating,
    EscalationTimers,
    LateSteps,
    OncallBoard,
    OncallReactions,
    Outcry,
    Reach,
    RoleCalls,
    Silences,
    Team,
    Unanswered,
    silence_of,
)
from service.response import Effects, ResponseDesk, Responses
from service.reviews import Clocks as ReviewClocks
from service.reviews import ReviewChapter, ReviewReactions
from service.reviews import Telling as ReviewTelling
from service.statements import Ledger, Traces
from service.timers import TimerHandler, Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class Responding:
    """Incidents of every kind, and who opens those that no rule does."""

    timers: Timers
    responses: Responses
    incidents: Incidents
    desk: IncidentDesk
    cases: CaseDesk
    precedents: Precedents
    casefiles: CaseFiles
    evidence: EvidenceDesk
    watching: Watching
    response_desk: ResponseDesk
    people_at_risk: PeopleAtRisk
    backlogs: Backlogs
    reach: Reach
    oncall: OncallBoard
    team: Team
    silences: Silences
    acted: Acted
    """Told of each deed of a person on an incident."""
    ledger: Ledger
    statement_traces: Traces
    review_clocks: ReviewClocks
    review_telling: ReviewTelling
    handlers: Mapping[str, TimerHandler]
    """Of the timers of paging, by kind."""


def open_responding(ground: Ground) -> Responding:
    """Incidents and runs over the shipped playbooks, pages over the chains."""
    database, clock, library = ground.database, ground.clock, ground.library
    public_url = ground.settings.public_url
    timers, chains = Timers(), ChainBook(library.tiers)

    async def hush(connection: AsyncConnection, incident: Incident, now: datetime) -> str | None:
        found = await silence_of(connection, incident, gravest=chains.gravest, now=now)
        return None if found is None else found.id

    calls = RoleCalls(timers=timers, chains=chains, public_url=public_url)
    late_steps = LateSteps(calls)
    responses = Responses(
        library=library,
        effects=Effects(timers=timers, public_url=public_url, escalated=late_steps),
    )
    outcry = Outcry(fallback=ground.settings.fallback_channel or None, public_url=public_url)
    reach = Reach(timers=timers, gravest=chains.gravest, outcry=outcry)
    unanswered = Unanswered(timers=timers, gravest=chains.gravest, outcry=outcry)
    escalation_timers = EscalationTimers(timers)
    escalating = Escalating(timers=escalation_timers, chains=chains, reach=reach)
    due_steps = DueSteps(
        timers=escalation_timers,
        reach=reach,
        unanswered=unanswered,
        gravest=chains.gravest,
        public_url=public_url,
    )
    team = Team(
        database=database,
        clock=clock,
        chains=chains,
        calls=calls,
        responses=responses,
        acted=escalating.acted,
    )

    async def silence_over(connection: AsyncConnection, *, now: datetime) -> None:
        await due_steps.silence_over(connection, now=now)
        await calls.silence_over(connection, now=now)

    silences = Silences(
        database=database,
        clock=clock,
        timers=timers,
        library=library,
        over=silence_over,
    )
    review_telling = ReviewTelling(public_url=public_url)
    review_clocks = ReviewClocks(timers=timers, telling=review_telling)
    reactions = ReviewReactions(
        OncallReactions(responses=responses, escalating=escalating, team=team, calls=calls),
        clocks=review_clocks,
        telling=review_telling,
    )

    async def guard(connection: AsyncConnection, incident: Incident, step_id: str) -> None:
        await team.guard(connection, incident, step_id)
        await reactions.guard(connection, incident, step_id)

    incidents = Incidents(
        reactions=reactions,
        public_url=public_url,
        hush=hush,
    )
    statement_traces = Traces(public_url=public_url)
    ledger = Ledger(timers=timers, traces=statement_traces, gravest=len(library.tiers.ids))
    return Responding(
        timers=timers,
        responses=responses,
        incidents=incidents,
        desk=IncidentDesk(
            database=database,
            clock=clock,
            incidents=incidents,
            library=library,
            acted=escalating.acted,
            taken=escalating.taken,
        ),
        cases=CaseDesk(
            database=database,
            clock=clock,
            incidents=incidents,
            public_url=public_url,
            acted=escalating.acted,
        ),
        precedents=Precedents(database=database, clock=clock, ranks=len(library.tiers.ids)),
        casefiles=CaseFiles(
            database=database,
            clock=clock,
            public_url=public_url,
            chapters=(
                ReviewChapter(public_url=public_url),
                ComplaintChapter(public_url=public_url),
            ),
        ),
        evidence=EvidenceDesk(database=database, clock=clock, acted=escalating.acted),
        watching=Watching(database, clock=clock, public_url=public_url, recheck=ground.recheck),
        response_desk=ResponseDesk(
            database=database,
            clock=clock,
            responses=responses,
            guard=guard,
            acted=escalating.acted,
        ),
        people_at_risk=PeopleAtRisk(incidents=incidents, tiers=library.tiers.ids),
        backlogs=Backlogs(incidents=incidents, tiers=library.tiers.ids),
        reach=reach,
        oncall=OncallBoard(database=database, clock=clock, chains=chains),
        team=team,
        silences=silences,
        acted=escalating.acted,
        ledger=ledger,
        statement_traces=statement_traces,
        review_clocks=review_clocks,
        review_telling=review_telling,
        handlers={
            **due_steps.handlers(),
            **reach.handlers(),
            **unanswered.handlers(),
            **late_steps.handlers(),
            **team.handlers(),
            **silences.handlers(),
            **ledger.handlers(),
            **review_clocks.handlers(),
        },
    )
