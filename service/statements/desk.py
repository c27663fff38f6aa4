"""What people do with statements: write, submit, approve, send back, withdraw."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks.statements import Linted
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, InvalidInput
from service.ids import stable_id
from service.incidents import Incident
from service.incidents import State as IncidentState
from service.incidents import repository as incident_rows
from service.incidents.reactions import Acted, unnoticed
from service.statements import lifecycle, promise_rows, repository
from service.statements.access import check_sizes, check_version, require, require_capacity
from service.statements.drafting import Begun, Drafting, Wording
from service.statements.ledger import Ledger, unassigned
from service.statements.lifecycle import Approved, Capacity, Need, Standing, State
from service.statements.model import Approval, Change, Edition, NewStatement, Statement
from service.statements.traces import Traces

_OVER = frozenset({IncidentState.FALSE_POSITIVE, IncidentState.MERGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A statement under the writer's hand: locked, with where it stands."""

    connection: AsyncConnection
    incident: Incident
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


class StatementDesk:
    """The one door for people who write. `version` is the If-Match of an edit; None skips it.

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
        self._database = database
        self._clock = clock
        self._drafting = drafting
        self._ledger = ledger
        self._traces = traces
        self._gravest = gravest
        self._acted = acted

    async def draft(
        self, principal: Principal, incident_id: str, wanted: NewStatement
    ) -> Statement:
        """Begin a statement. Raises NotFound, Forbidden, InvalidInput, Conflict."""
        check_sizes(
            title=wanted.title, text=wanted.text, values=dict(wanted.values), facts=wanted.facts
        )
        now = self._clock.now()
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Action.EDIT, incident)
            _refuse_over(incident)
            around = await self._drafting.around(connection, incident)
        begun = await self._drafting.begin(around, wanted, now=now)
        check_sizes(title=begun.wording.title, text=begun.wording.text)
        unread = _begun(incident, begun, by=principal.id, now=now)
        linted = await self._drafting.lint(
            around,
            begun.wording.text,
            template=self._drafting.template(unread),
            lang=begun.lang,
            facts=begun.wording.facts,
            advice=self._drafting.advice(incident, unread),
            now=now,
        )
        statement = replace(unread, blocking=len(linted.blocking), promises=len(linted.promises))
        edition = _edition(begun.wording, linted, by=principal.id, now=now)
        async with self._database.write() as connection:
            known = await repository.find(connection, statement.id)
            if known is not None:
                return known
            await repository.add(connection, statement, edition)
            await self._ledger.sync(connection, statement, linted.promises, now=now)
            data = {"template": statement.template, "kind": statement.kind.value}
            await self._traces.statement(
                connection, incident, statement, "drafted", data, actor=principal.id, now=now
            )
            await self._acted(connection, incident.id, actor=principal.id, now=now)
        return statement

    async def save(
        self, principal: Principal, statement_id: str, change: Change, *, version: int | None = None
    ) -> Statement:
        """A new wording, which voids every approval. Raises Conflict saying what changed meanwhile.

        Nothing is saved where nothing differs.
        """
        check_sizes(
            title=change.title,
            text=change.text,
            note=change.note,
            values=None if change.values is None else dict(change.values),
            facts=change.facts,
        )
        looked = await self._looked(principal, statement_id, Action.EDIT, version, change)
        wording, linted, before = looked.wording, looked.linted, looked.before
        async with self._opened(principal, statement_id, Action.EDIT, looked.version) as opened:
            after = lifecycle.save(opened.standing)
            if wording == _wording(before):
                return opened.statement
            voided = await repository.void_approvals(
                opened.connection, statement_id, reason="the wording has changed", now=opened.now
            )
            edition = _edition(
                wording,
                linted,
                by=principal.id,
                now=opened.now,
                number=before.number + 1,
                version=opened.statement.version + 1,
                note=change.note,
            )
            await repository.add_edition(opened.connection, statement_id, edition)
            return await self._settled(
                opened,
                after,
                "saved",
                {"note": change.note, "voided": voided, "blocking": len(linted.blocking)},
                principal,
                linted=linted,
                title=wording.title,
                edition=edition.number,
                submitted_at=None,
                approved_at=None,
            )

    async def submit(
        self, principal: Principal, statement_id: str, *, version: int | None = None
    ) -> Statement:
        """Ask for approval. Raises Conflict naming each blocking finding, as it is known by now."""
        looked = await self._looked(principal, statement_id, Action.EDIT, version)
        async with self._opened(principal, statement_id, Action.EDIT, looked.version) as opened:
            after = lifecycle.submit(opened.standing, _blocking(looked.linted))
            need = self.need(opened.incident, opened.statement)
            return await self._settled(
                opened,
                after,
                "submitted",
                {"persons": need.persons, "legal": need.legal},
                principal,
                tell=True,
                submitted_at=opened.now,
            )

    async def approve(
        self,
        principal: Principal,
        statement_id: str,
        capacity: Capacity,
        *,
        note: str | None = None,
        version: int | None = None,
    ) -> Statement:
        """Answer for the wording as it stands, as a lead or for legal.

        Raises Conflict for a blocking finding, a promise without owner or date, a second approval
        of one person; Forbidden.
        """
        check_sizes(note=note)
        looked = await self._looked(principal, statement_id, Action.APPROVE, version)
        async with self._opened(principal, statement_id, Action.APPROVE, looked.version) as opened:
            require_capacity(principal, capacity)
            rows = await promise_rows.of_statement(opened.connection, statement_id)
            after = lifecycle.approve(
                opened.standing,
                Approved(principal.id, capacity),
                need=self.need(opened.incident, opened.statement),
                obstacles=[*_blocking(looked.linted), *unassigned(rows, now=opened.now)],
            )
            approval = Approval(
                edition=opened.edition.number,
                person=principal.id,
                capacity=capacity,
                note=note,
                at=opened.now,
            )
            await repository.add_approval(opened.connection, statement_id, approval)
            is_enough = after.state is State.APPROVED
            return await self._settled(
                opened,
                after,
                "approved",
                {"capacity": capacity.value, "note": note, "enough": is_enough},
                principal,
                tell=is_enough,
                approved_at=opened.now if is_enough else None,
            )

    async def send_back(
        self, principal: Principal, statement_id: str, *, reason: str, version: int | None = None
    ) -> Statement:
        """Not like this: a draft again, with the reason. Raises Conflict, Forbidden."""
        said = _reason(reason)
        async with self._opened(principal, statement_id, Action.APPROVE, version) as opened:
            after = lifecycle.send_back(opened.standing)
            await repository.void_approvals(
                opened.connection, statement_id, reason=said, now=opened.now
            )
            return await self._settled(
                opened,
                after,
                "sent_back",
                {"reason": said},
                principal,
                tell=True,
                submitted_at=None,
                approved_at=None,
            )

    async def withdraw(
        self, principal: Principal, statement_id: str, *, reason: str, version: int | None = None
    ) -> Statement:
        """It no longer holds; what it promised in public stays promised."""
        said = _reason(reason)
        async with self._opened(principal, statement_id, Action.EDIT, version) as opened:
            after = lifecycle.withdraw(opened.standing)
            await self._ledger.dropped(opened.connection, opened.statement, now=opened.now)
            return await self._settled(
                opened,
                after,
                "withdrawn",
                {"reason": said, "was": opened.statement.state.value},
                principal,
                tell=opened.statement.state is not State.DRAFT,
                withdrawn_at=opened.now,
            )

    def need(self, incident: Incident, statement: Statement) -> Need:
        """What approval it takes in the incident's tier as it is now."""
        return lifecycle.need_of(
            gravest=incident.tier_rank >= self._gravest, promises=statement.promises > 0
        )

    @asynccontextmanager
    async def _opened(
        self, principal: Principal, statement_id: str, action: Action, version: int | None
    ) -> AsyncIterator[Opened]:
        principal.require(action, Resource.STATEMENT)
        async with self._database.write() as connection:
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
                statement=statement,
                edition=await repository.edition(connection, statement_id, statement.edition),
                standing=await repository.standing(connection, statement),
                now=self._clock.now(),
            )

    async def _looked(
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
        async with self._database.read() as connection:
            statement = await repository.get(connection, statement_id)
            incident = await incident_rows.get(connection, statement.incident_id)
            require(principal, action, incident)
            check_version(statement, version, await repository.editions(connection, statement_id))
            before = await repository.edition(connection, statement_id, statement.edition)
            around = await self._drafting.around(connection, incident)
        wording = _wording(before)
        if change is not None:
            wording = self._changed(statement, before, change)
            check_sizes(text=wording.text)
        linted = await self._drafting.lint(
            around,
            wording.text,
            template=self._drafting.template(statement),
            lang=statement.lang,
            facts=wording.facts,
            advice=self._drafting.advice(incident, statement),
            now=self._clock.now(),
        )
        return Looked(version=statement.version, before=before, wording=wording, linted=linted)

    def _changed(self, statement: Statement, before: Edition, change: Change) -> Wording:
        variables, text = dict(before.variables), change.text
        if change.values is not None:
            variables |= change.values
            if text is None:
                text = self._drafting.refilled(statement, variables)
        return Wording(
            title=change.title or before.title,
            text=before.text if text is None else text,
            variables=variables,
            facts=before.facts if change.facts is None else change.facts,
        )

    async def _settled(
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
            await self._ledger.sync(
                opened.connection, opened.statement, linted.promises, now=opened.now
            )
            values |= {"blocking": len(linted.blocking), "promises": len(linted.promises)}
        changed = await repository.change(
            opened.connection, opened.statement, now=opened.now, state=after.state.value, **values
        )
        await self._traces.statement(
            opened.connection,
            opened.incident,
            changed,
            deed,
            data,
            actor=principal.id,
            now=opened.now,
            tell=tell,
        )
        await self._acted(opened.connection, opened.incident.id, actor=principal.id, now=opened.now)
        return changed


def _begun(incident: Incident, begun: Begun, *, by: str, now: datetime) -> Statement:
    """A statement before anybody has looked at its words."""
    return Statement(
        id=stable_id("stm", incident.id, by, now, begun.wording.title, begun.wording.text),
        incident_id=incident.id,
        template=begun.template,
        kind=begun.kind,
        lang=begun.lang,
        title=begun.wording.title,
        state=State.DRAFT,
        edition=1,
        emotion=begun.emotion,
        intensity=begun.intensity,
        blocking=0,
        promises=0,
        created_by=by,
        created_at=now,
        updated_at=now,
        version=1,
    )


def _edition(
    wording: Wording,
    linted: Linted,
    *,
    by: str,
    now: datetime,
    number: int = 1,
    version: int = 1,
    note: str | None = None,
) -> Edition:
    return Edition(
        number=number,
        title=wording.title,
        text=wording.text,
        variables=wording.variables,
        facts=wording.facts,
        findings=linted.findings,
        degraded=linted.degraded,
        note=note,
        by=by,
        at=now,
        version=version,
    )


def _wording(edition: Edition) -> Wording:
    return Wording(
        title=edition.title,
        text=edition.text,
        variables=dict(edition.variables),
        facts=edition.facts,
    )


def _blocking(linted: Linted) -> list[tuple[str, str]]:
    return [
        (
            f"findings.{finding.code.value}",
            f"{finding.surface!r} at {finding.start}: {finding.why.en or finding.why.zh}",
        )
        for finding in linted.blocking
    ]


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("this takes a reason", errors=[("reason", "say why")])
    check_sizes(note=reason)
    return reason.strip()


def _refuse_over(incident: Incident) -> None:
    if incident.state in _OVER:
        raise Conflict(
            f"incident {incident.id} is {incident.state.value}; there is nothing to state about it"
        )
