"""What people do with recurring duties: say that one is done, with a note and a link to see it, or
that it is left out this time, and why."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from service import audit
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database, tables
from service.db.storable import storable
from service.errors import Conflict, InvalidInput, NotFound
from service.recurring import rounds
from service.recurring.book import draft_of
from service.recurring.model import Round, RoundState
from service.recurring.names import is_kept
from service.recurring.planning import Planning

_NOTE_MAX, _LINK_MAX = 4_000, 2_000
_SCHEMES = ("https://", "http://")


class RecurringDesk:
    """The one door for people."""

    def __init__(self, database: Database, clock: Clock, *, planning: Planning) -> None:
        self._database = database
        self._clock = clock
        self._planning = planning

    async def rounds(self, principal: Principal, duty_id: str, *, limit: int) -> tuple[Round, ...]:
        """The rounds of a duty, the open one first. Raises Forbidden, NotFound for a kept one."""
        principal.require(Action.READ, Resource.RECURRING)
        _check_own(duty_id)
        async with self._database.read() as connection:
            return await rounds.newest(connection, duty_id, limit=limit)

    async def do(
        self, principal: Principal, duty_id: str, round_id: str, *, note: str, evidence: str | None
    ) -> Round:
        """Say that a round is done, early or late; the next one is planned from its due time.

        Said twice is said once. Raises Forbidden, NotFound, InvalidInput without a note or with a
        link that is none, and Conflict for a round that was missed or skipped.
        """
        return await self._settle(
            principal, duty_id, round_id, RoundState.DONE, _checked(note, evidence)
        )

    async def skip(
        self, principal: Principal, duty_id: str, round_id: str, *, reason: str
    ) -> Round:
        """Say that a round need not be done; nobody is asked for it any more.

        The next one is planned from its due time. Said twice is said once. Raises Forbidden,
        NotFound, InvalidInput without a reason, and Conflict for a round that is settled already.
        """
        said = {"note": _said("reason", reason, "say why it is left out")}
        return await self._settle(principal, duty_id, round_id, RoundState.SKIPPED, said)

    async def _settle(
        self,
        principal: Principal,
        duty_id: str,
        round_id: str,
        state: RoundState,
        said: Mapping[str, str | None],
    ) -> Round:
        principal.require(Action.WORK, Resource.RECURRING)
        _check_own(duty_id)
        now = self._clock.now()
        async with self._database.write() as connection:
            table = tables.recurring_duty
            row = (await connection.execute(select(table).where(table.c.id == duty_id))).first()
            if row is None:
                raise NotFound(f"there is no recurring duty {duty_id!r}")
            which = await rounds.get(connection, duty_id, round_id)
            if which.state is state:
                return which
            if which.state is not RoundState.OPEN:
                raise Conflict(f"round {round_id} was {which.state.value}: another one is open")
            await rounds.change(
                connection,
                which.id,
                state=state.value,
                done_at=now,
                done_by=principal.id,
                **said,
            )
            await audit.record(
                connection,
                at=now,
                actor=principal.id,
                action=f"recurring.{state.value}",
                subject_type="recurring",
                subject_id=duty_id,
                data={"round": round_id, **said},
            )
            if state is RoundState.DONE:
                await self._planning.done(connection, draft_of(row), which, now=now)
            else:
                await self._planning.skipped(connection, draft_of(row), which, now=now)
            return await rounds.get(connection, duty_id, round_id)


def _check_own(duty_id: str) -> None:
    if is_kept(duty_id):
        raise NotFound(f"there is no recurring duty {duty_id!r}: see what it is kept for")


def _checked(note: str, evidence: str | None) -> dict[str, str | None]:
    wrong = []
    if not _fits(note):
        wrong.append(("note", f"say what was done, in at most {_NOTE_MAX} characters"))
    if evidence is not None and not (
        evidence.startswith(_SCHEMES) and len(evidence) <= _LINK_MAX and evidence.isprintable()
    ):
        wrong.append(("evidence", "a link: http:// or https://"))
    if wrong:
        raise InvalidInput("the round cannot be called done like that", errors=wrong)
    return {"note": storable(note.strip()), "evidence": evidence}


def _said(path: str, text: str, wanted: str) -> str:
    if not _fits(text):
        raise InvalidInput(
            f"{path} is missing or too long",
            errors=[(path, f"{wanted}, in at most {_NOTE_MAX} characters")],
        )
    said: str = storable(text.strip())
    return said


def _fits(text: str) -> bool:
    return 0 < len(text.strip()) <= _NOTE_MAX
