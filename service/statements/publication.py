"""Publishing: where a statement went out, when and by whom; the step that asked for it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from playbooks import StepState
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.errors import InvalidInput, ServiceError
from service.incidents import repository as incident_rows
from service.response import ResponseDesk
from service.statements import lifecycle, promise_rows, repository
from service.statements.access import check_version, require
from service.statements.hand import Hand
from service.statements.ledger import Ledger, unassigned
from service.statements.lifecycle import State
from service.statements.model import Place, Statement
from service.statements.surroundings import goes_on_in
from service.statements.traces import Traces

_PLACE_MAX, _URL_MAX = 200, 2_000
_EARLIEST = timedelta(days=365)
_OPEN_STEPS = (StepState.PENDING, StepState.BREACHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The statement, and what became of the step: its id, or why none is marked as done."""

    statement: Statement
    step: str | None = None
    step_problem: str | None = None


class Publication:
    """Records what people have published by hand; nothing here posts anywhere."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hand: Hand,
        response_desk: ResponseDesk,
        ledger: Ledger,
        traces: Traces,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hand = hand
        self._response_desk = response_desk
        self._ledger = ledger
        self._traces = traces

    async def publish(
        self,
        principal: Principal,
        statement_id: str,
        *,
        place: str,
        url: str | None = None,
        at: datetime | None = None,
        step: bool = False,
        version: int | None = None,
    ) -> Published:
        """Note one place; `at` is now when left out, `step` marks the playbook's step as done.

        Raises Conflict while approvals are missing in the tier as it is now, InvalidInput,
        Forbidden. A step that cannot be done keeps nothing from being published.
        """
        principal.require(Action.EDIT, Resource.STATEMENT)
        now = self._clock.now()
        _check(place, url, at, now)
        async with self._database.write() as connection:
            statement = await repository.get(connection, statement_id, locked=True)
            incident = await incident_rows.get(connection, statement.incident_id)
            require(principal, Action.EDIT, incident)
            check_version(statement, version, await repository.editions(connection, statement_id))
            going = await goes_on_in(connection, incident)
            standing = await repository.standing(connection, statement)
            rows = await promise_rows.of_statement(connection, statement_id)
            after = lifecycle.publish(
                standing,
                need=self._hand.need(going, statement),
                obstacles=unassigned(rows, now=now),
            )
            noted = Place(
                edition=statement.edition,
                place=place.strip(),
                url=url,
                published_at=at or now,
                by=principal.id,
                noted_at=now,
            )
            await repository.add_place(connection, statement_id, noted)
            is_first = statement.state is State.APPROVED
            if is_first:
                await self._ledger.made(connection, statement, now=now)
            changed = await repository.change(
                connection,
                statement,
                now=now,
                state=after.state.value,
                published_at=statement.published_at or noted.published_at,
            )
            data = {
                "place": noted.place,
                "url": url,
                "published_at": noted.published_at.isoformat(),
            }
            await self._traces.statement(
                connection,
                incident,
                changed,
                "published",
                data,
                actor=principal.id,
                now=now,
                tell=is_first,
            )
            await self._hand.acted(connection, going.id, actor=principal.id, now=now)
        if not step:
            return Published(statement=changed)
        return await self._step_done(principal, changed, noted, incident_id=going.id)

    async def _step_done(
        self, principal: Principal, statement: Statement, place: Place, *, incident_id: str
    ) -> Published:
        """Through the response desk, in a transaction of its own: it has guards of its own."""
        note = f"{statement.title} · {place.place}" + (f" · {place.url}" if place.url else "")
        try:
            file = await self._response_desk.file(principal, incident_id)
            step_id = next(
                (
                    step.id
                    for step in file.stored.run.steps
                    if step.state in _OPEN_STEPS
                    and statement.template is not None
                    and step.step.template == statement.template
                ),
                None,
            )
            if step_id is None:
                problem = f"no open step asks for the template {statement.template}"
                return Published(statement=statement, step_problem=problem)
            await self._response_desk.do(principal, incident_id, step_id, note=note)
        except ServiceError as error:
            return Published(statement=statement, step_problem=error.detail)
        return Published(statement=statement, step=step_id)


def _check(place: str, url: str | None, at: datetime | None, now: datetime) -> None:
    problems = []
    if not 1 <= len(place.strip()) <= _PLACE_MAX:
        problems.append(("place", f"1 to {_PLACE_MAX} characters"))
    if url is not None and not _is_web(url):
        problems.append(("url", f"an http or https address of at most {_URL_MAX} characters"))
    if at is not None and at > now:
        problems.append(("at", "that is still to come: note it when it is out"))
    elif at is not None and now - at > _EARLIEST:
        problems.append(("at", f"that is more than {_EARLIEST.days} days ago"))
    if problems:
        raise InvalidInput("this publication cannot be noted", errors=problems)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return len(url) <= _URL_MAX and parts.scheme in ("http", "https") and bool(parts.hostname)
