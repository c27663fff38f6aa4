"""The hand that writers and approvers share: look at a wording, open its statement, settle it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks.statements import Linted
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.errors import InvalidInput
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.reactions import Acted, unnoticed
from service.statements import lifecycle, repository
from service.statements.access import check_sizes, check_version, require
from service.statements.drafting import Drafting, Wording
from service.statements.ledger import Ledger
from service.statements.lifecycle import Need, Standing
from service.statements.model import Change, Edition, Statement
from service.statements.surroundings import goes_on_in
from service.statements.traces import Traces


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A statement under the writer's hand: locked, with where it stands.

    `going` is the incident, or the one that it was merged into.
    """

    connection: AsyncConnection
    incident: Incident
    going: Incident
    statement: Statement
    edition: Edition
    standing: Standing
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A wording with its findings, of the statement as it was at `version`."""

    version: int
    before: Edition
    wording: Wording
    linted: Linted


class Hand:
    """What comes before and after each deed on a statement.

    `gravest` is the rank of the highest tier, in which two persons approve.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        drafting: Drafting,
        ledger: Ledger,
        traces: Traces,
        gravest: int,
        acted: Acted = unnoticed,
    ) -> None:
        self.database = database
        self.clock = clock
        self.drafting = drafting
        self.ledger = ledger
        self.traces = traces
        self._gravest = gravest
        self.acted = acted

    def need(self, going: Incident, statement: Statement) -> Need:
        """What approval it takes in the tier, as it is now, of the incident that goes on."""
        return lifecycle.need_of(
            gravest=going.tier_rank >= self._gravest, promises=statement.promises > 0
        )

    @asynccontextmanager
    async def opened(
        self, principal: Principal, statement_id: str, action: Action, version: int | None
    ) -> AsyncIterator[Opened]:
        """A transaction with the statement locked. Raises NotFound, Forbidden, Conflict."""
        principal.require(action, Resource.STATEMENT)
        async with self.database.write() as connection:
            statement = await repository.get(connection, statement_id, locked=True)
            incident = await incident_rows.get(connection, statement.incident_id)
            require(principal, action, incident)
            if version is not None and version != statement.version:
                check_version(
                    statement, version, await repository.editions(connection, statement_id)
                )
            yield Opened(
                connection=connection,
                incident=incident,
                going=await goes_on_in(connection, incident),
                statement=statement,
                edition=await repository.edition(connection, statement_id, statement.edition),
                standing=await repository.standing(connection, statement),
                now=self.clock.now(),
            )

    async def looked(
        self,
        principal: Principal,
        statement_id: str,
        action: Action,
        version: int | None,
        change: Change | None = None,
    ) -> Looked:
        """Lint a wording before anything is locked: the encoder takes longer than a lock may.

        What changes in between makes the version wrong, which is a conflict.
        """
        principal.require(action, Resource.STATEMENT)
        async with self.database.read() as connection:
            statement = await repository.get(connection, statement_id)
            incident = await incident_rows.get(connection, statement.incident_id)
            require(principal, action, incident)
            check_version(statement, version, await repository.editions(connection, statement_id))
            before = await repository.edition(connection, statement_id, statement.edition)
            around = await self.drafting.around(connection, incident)
        wording = wording_of(before)
        if change is not None:
            wording = self._changed(statement, before, change)
            check_sizes(text=wording.text)
        linted = await self.drafting.lint(
            around,
            wording.text,
            template=self.drafting.template(statement),
            lang=statement.lang,
            facts=wording.facts,
            advice=self.drafting.advice(incident, statement),
            now=self.clock.now(),
        )
        return Looked(version=statement.version, before=before, wording=wording, linted=linted)

    def _changed(self, statement: Statement, before: Edition, change: Change) -> Wording:
        variables, text = dict(before.variables), change.text
        if change.values is not None:
            variables |= change.values
            if text is None:
                text = self.drafting.refilled(statement, variables)
        return Wording(
            title=change.title or before.title,
            text=before.text if text is None else text,
            variables=variables,
            facts=before.facts if change.facts is None else change.facts,
        )

    async def settled(
        self,
        opened: Opened,
        after: Standing,
        deed: str,
        data: dict[str, object],
        principal: Principal,
        *,
        tell: bool = False,
        linted: Linted | None = None,
        **values: object,
    ) -> Statement:
        """Write where it stands now, with the traces."""
        if linted is not None:
            await self.ledger.sync(
                opened.connection, opened.statement, linted.promises, now=opened.now
            )
            values |= {"blocking": len(linted.blocking), "promises": len(linted.promises)}
        changed = await repository.change(
            opened.connection, opened.statement, now=opened.now, state=after.state.value, **values
        )
        await self.traces.statement(
            opened.connection,
            opened.incident,
            changed,
            deed,
            data,
            actor=principal.id,
            now=opened.now,
            tell=tell,
        )
        await self.acted(opened.connection, opened.going.id, actor=principal.id, now=opened.now)
        return changed


def wording_of(edition: Edition) -> Wording:
    """What a stored wording says."""
    return Wording(
        title=edition.title,
        text=edition.text,
        variables=dict(edition.variables),
        facts=edition.facts,
    )


def blocking(linted: Linted) -> list[tuple[str, str]]:
    """What keeps a wording from going on, by path and words."""
    return [
        (
            f"findings.{finding.code.value}",
            f"{finding.surface!r} at {finding.start}: {finding.why.en or finding.why.zh}",
        )
        for finding in linted.blocking
    ]


def reason_of(reason: str) -> str:
    """The reason, trimmed. Raises InvalidInput for none."""
    if not reason.strip():
        raise InvalidInput("this takes a reason", errors=[("reason", "say why")])
    check_sizes(note=reason)
    return reason.strip()
