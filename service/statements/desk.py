"""What people who write do with statements: draft, save, submit, withdraw."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from playbooks.statements import Linted
from service.auth import Action, Principal
from service.errors import Conflict
from service.ids import stable_id
from service.incidents import Incident
from service.incidents import State as IncidentState
from service.incidents import repository as incident_rows
from service.statements import lifecycle, repository
from service.statements.access import check_sizes, require
from service.statements.drafting import Begun, Wording
from service.statements.hand import Hand, blocking, reason_of, wording_of
from service.statements.lifecycle import State
from service.statements.model import Change, Edition, NewStatement, Statement

_OVER = frozenset({IncidentState.FALSE_POSITIVE, IncidentState.MERGED})


class StatementDesk:
    """The one door for people who write. `version` is the If-Match of an edit; None skips it."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    async def draft(
        self, principal: Principal, incident_id: str, wanted: NewStatement
    ) -> Statement:
        """Begin a statement. Raises NotFound, Forbidden, InvalidInput, Conflict."""
        check_sizes(
            title=wanted.title, text=wanted.text, values=dict(wanted.values), facts=wanted.facts
        )
        now = self._hand.clock.now()
        async with self._hand.database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Action.EDIT, incident)
            _refuse_over(incident)
            around = await self._hand.drafting.around(connection, incident)
        begun = await self._hand.drafting.begin(around, wanted, now=now)
        check_sizes(title=begun.wording.title, text=begun.wording.text)
        unread = _begun(incident, begun, by=principal.id, now=now)
        linted = await self._hand.drafting.lint(
            around,
            begun.wording.text,
            template=self._hand.drafting.template(unread),
            lang=begun.lang,
            facts=begun.wording.facts,
            advice=self._hand.drafting.advice(incident, unread),
            now=now,
        )
        statement = replace(unread, blocking=len(linted.blocking), promises=len(linted.promises))
        edition = _edition(begun.wording, linted, by=principal.id, now=now)
        async with self._hand.database.write() as connection:
            known = await repository.find(connection, statement.id)
            if known is not None:
                return known
            await repository.add(connection, statement, edition)
            await self._hand.ledger.sync(connection, statement, linted.promises, now=now)
            data = {"template": statement.template, "kind": statement.kind.value}
            await self._hand.traces.statement(
                connection, incident, statement, "drafted", data, actor=principal.id, now=now
            )
            await self._hand.acted(connection, incident.id, actor=principal.id, now=now)
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
        looked = await self._hand.looked(principal, statement_id, Action.EDIT, version, change)
        wording, linted, before = looked.wording, looked.linted, looked.before
        async with self._hand.opened(
            principal, statement_id, Action.EDIT, looked.version
        ) as opened:
            after = lifecycle.save(opened.standing)
            if wording == wording_of(before):
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
            return await self._hand.settled(
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
        looked = await self._hand.looked(principal, statement_id, Action.EDIT, version)
        async with self._hand.opened(
            principal, statement_id, Action.EDIT, looked.version
        ) as opened:
            after = lifecycle.submit(opened.standing, blocking(looked.linted))
            need = self._hand.need(opened.going, opened.statement)
            return await self._hand.settled(
                opened,
                after,
                "submitted",
                {"persons": need.persons, "legal": need.legal},
                principal,
                tell=True,
                submitted_at=opened.now,
            )

    async def withdraw(
        self, principal: Principal, statement_id: str, *, reason: str, version: int | None = None
    ) -> Statement:
        """It no longer holds; what it promised in public stays promised."""
        said = reason_of(reason)
        async with self._hand.opened(principal, statement_id, Action.EDIT, version) as opened:
            after = lifecycle.withdraw(opened.standing)
            await self._hand.ledger.dropped(opened.connection, opened.statement, now=opened.now)
            return await self._hand.settled(
                opened,
                after,
                "withdrawn",
                {"reason": said, "was": opened.statement.state.value},
                principal,
                tell=opened.statement.state is not State.DRAFT,
                withdrawn_at=opened.now,
            )


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


def _refuse_over(incident: Incident) -> None:
    if incident.state in _OVER:
        into = incident.merged_into
        what = f"write it in {into}" if into else "there is nothing to state about it"
        raise Conflict(f"incident {incident.id} is {incident.state.value}; {what}")
