"""Statements as people read them: lists, the file, every wording, what changed, a trial, export."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library
from playbooks.emotion_matrix import Advice
from playbooks.statements import Linted
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.reading import keep_reading
from service.statements import lifecycle, promise_rows, repository
from service.statements.access import check_sizes, require, sees_private
from service.statements.diff import Piece, diff
from service.statements.drafting import Drafting
from service.statements.hand import Hand
from service.statements.ledger import unassigned
from service.statements.lifecycle import EDITABLE
from service.statements.model import (
    Edition,
    Fact,
    Statement,
    StatementFile,
    StatementFilter,
    StatementSort,
)
from service.statements.surroundings import goes_on_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of one wording in another."""

    before: int
    after: int
    title: tuple[str, str]
    pieces: tuple[Piece, ...]


class StatementReading:
    """Everything that changes nothing; reading what is private is audited."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        library: Library,
        drafting: Drafting,
        hand: Hand,
    ) -> None:
        self._database = database
        self._clock = clock
        self._library = library
        self._drafting = drafting
        self._hand = hand

    async def page(
        self,
        principal: Principal,
        wanted: StatementFilter,
        *,
        sort: StatementSort = StatementSort.NEWEST,
        after: repository.Position | None = None,
        limit: int = 50,
    ) -> tuple[Statement, ...]:
        """Statements of incidents that they may see. Raises NotFound for no such incident."""
        principal.require(Action.READ, Resource.STATEMENT)
        private = wanted.incident_id is not None and sees_private(principal)
        wanted = replace(wanted, within=principal.monitors, private=private)
        incident: Incident | None = None
        async with self._database.read() as connection:
            if wanted.incident_id is not None:
                incident = await incident_rows.get(connection, wanted.incident_id)
                require(principal, Action.READ, incident)
            found = await repository.page(connection, wanted, sort=sort, after=after, limit=limit)
        if incident is not None:
            await keep_reading(self._database, principal, incident, now=self._clock.now())
        return found

    async def file(self, principal: Principal, statement_id: str) -> StatementFile:
        """Everything about one. Raises NotFound, Forbidden."""
        now = self._clock.now()
        async with self._database.read() as connection:
            statement, incident = await self._get(connection, principal, statement_id)
            going = await goes_on_in(connection, incident)
            edition = await repository.edition(connection, statement_id, statement.edition)
            standing = await repository.standing(connection, statement)
            promises = await promise_rows.of_statement(connection, statement_id)
            approvals = await repository.approvals(connection, statement_id)
            places = await repository.places(connection, statement_id)
        await keep_reading(self._database, principal, incident, now=now)
        need = self._hand.need(going, statement)
        scenario = self._library.scenarios.get(incident.scenario or "")
        missing = (
            *lifecycle.lacking(standing, need),
            *(message for _, message in unassigned(promises, now=now)),
        )
        return StatementFile(
            statement=statement,
            edition=edition,
            approvals=approvals,
            places=places,
            promises=promises,
            need=need,
            missing=missing if statement.state in EDITABLE else (),
            advice=self._drafting.advice(incident, statement),
            checks=() if scenario is None else scenario.checks,
        )

    async def editions(self, principal: Principal, statement_id: str) -> tuple[Edition, ...]:
        """Every wording, oldest first."""
        async with self._database.read() as connection:
            _, incident = await self._get(connection, principal, statement_id)
            found = await repository.editions(connection, statement_id)
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return found

    async def difference(
        self, principal: Principal, statement_id: str, *, before: int, after: int
    ) -> Difference:
        """What changed from one wording to another. Raises NotFound for a number there is not."""
        async with self._database.read() as connection:
            _, incident = await self._get(connection, principal, statement_id)
            old = await repository.edition(connection, statement_id, before)
            new = await repository.edition(connection, statement_id, after)
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return Difference(
            before=before,
            after=after,
            title=(old.title, new.title),
            pieces=diff(old.text, new.text),
        )

    async def advice(
        self,
        principal: Principal,
        incident_id: str,
        *,
        emotion: str | None = None,
        intensity: str | None = None,
    ) -> Advice | None:
        """How the mood of an incident, or the one given, is answered; None where nobody knows."""
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Action.READ, incident)
            around = await self._drafting.around(connection, incident)
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return await self._drafting.advice_now(around, emotion=emotion, intensity=intensity)

    async def trial(
        self, principal: Principal, statement_id: str, text: str, facts: tuple[Fact, ...] = ()
    ) -> Linted:
        """The findings of a text that is not saved, as they would be of this statement."""
        principal.require(Action.EDIT, Resource.STATEMENT)
        check_sizes(text=text, facts=facts)
        async with self._database.read() as connection:
            statement, incident = await self._get(connection, principal, statement_id)
            require(principal, Action.EDIT, incident)
            edition = await repository.edition(connection, statement_id, statement.edition)
            around = await self._drafting.around(connection, incident)
        return await self._drafting.lint(
            around,
            text,
            template=self._drafting.template(statement),
            lang=statement.lang,
            facts=(*edition.facts, *facts),
            advice=self._drafting.advice(incident, statement),
            now=self._clock.now(),
        )

    async def _get(
        self, connection: AsyncConnection, principal: Principal, statement_id: str
    ) -> tuple[Statement, Incident]:
        principal.require(Action.READ, Resource.STATEMENT)
        statement = await repository.get(connection, statement_id)
        incident = await incident_rows.get(connection, statement.incident_id)
        require(principal, Action.READ, incident)
        return statement, incident
