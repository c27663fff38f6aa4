"""Switching to a candidate, and back: one transaction each, with its trace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.changes import announce
from service.delivery.channels.escaping import plain
from service.errors import InvalidInput
from service.learning import repository
from service.learning.candidate import Candidate, Kind, encoder_candidate
from service.learning.currency import (
    require_compared,
    require_current,
    require_same_serving,
)
from service.learning.errors import NotEvaluated, NothingToUndo
from service.learning.exchange import Exchange
from service.learning.gathering import Gathering
from service.learning.repository import Evaluation, Switch
from service.learning.serving import KIND

LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is to be switched to, and what is known of it."""

    candidate: Candidate
    evaluation: Evaluation | None
    forced: bool
    reason: str


class SwitchDesk:
    """The one door. Replicas follow within seconds of the commit."""

    def __init__(
        self, database: Database, clock: Clock, *, gathering: Gathering, exchange: Exchange
    ) -> None:
        self._database = database
        self._clock = clock
        self._gathering = gathering
        self._exchange = exchange

    async def switch(
        self, principal: Principal, name: str, *, reason: str | None = None, force: bool = False
    ) -> Switch:
        """Let a candidate serve that was compared on what is known now.

        `name` is that of an evaluation, its id, or a model's folder. `force` skips the comparison
        and wants a reason. Raises Forbidden, NotEvaluated, Altered, Conflict where it serves
        already, InvalidInput, and what loading a model raises.
        """
        principal.require(Action.EDIT, Resource.MODEL)
        said = _reason(reason, needed=force)
        evaluation, candidate = await self._found(name)
        changed = evaluation is not None and evaluation.fingerprint != candidate.fingerprint
        if not force:
            if evaluation is None or changed:
                raise NotEvaluated(
                    f"{candidate.place} as it is now was never evaluated: run `fengsui models "
                    "evaluate` with it, or switch with --force and a --reason"
                )
            require_compared(evaluation)
            await require_current(evaluation, self._gathering)
        elif changed:
            evaluation = None
        told = said or f"evaluation {evaluation.id if evaluation else ''}"
        wish = _Wish(candidate=candidate, evaluation=evaluation, forced=force, reason=told)
        async with self._database.write() as connection:
            await repository.lock(connection)
            return await self._switched(connection, principal, wish)

    async def back(
        self, principal: Principal, *, kind: Kind | None = None, reason: str | None = None
    ) -> Switch:
        """Take back the newest switch that still stands, or that of a kind; again, the one before.

        Raises Forbidden, NothingToUndo, and Altered where somebody has changed since what it
        switched.
        """
        principal.require(Action.EDIT, Resource.MODEL)
        said = _reason(reason, needed=False)
        async with self._database.write() as connection:
            await repository.lock(connection)
            last = await repository.last_standing(connection, kind=kind)
            if last is None:
                which = "" if kind is None else f" of the {kind}"
                raise NothingToUndo(f"there is no switch{which} that could be taken back")
            told = said or f"switch {last.number} taken back"
            after = await self._exchange.undo(connection, principal, last, reason=told)
            step = Switch(
                number=await repository.next_number(connection),
                kind=last.kind,
                name=last.name,
                before=last.after,
                after=after,
                undoes=last.number,
                evaluation_id=None,
                forced=False,
                reason=told,
                author=principal.id,
                at=self._clock.now(),
            )
            return await self._written(connection, step)

    async def history(self, principal: Principal, *, limit: int = 20) -> tuple[Switch, ...]:
        """Switches, newest first. Raises Forbidden."""
        principal.require(Action.READ, Resource.MODEL)
        async with self._database.read() as connection:
            return await repository.newest_switches(connection, limit=limit)

    async def _found(self, name: str) -> tuple[Evaluation | None, Candidate]:
        """The candidate as it is now and its newest evaluation, which may be of what it was."""
        async with self._database.read() as connection:
            evaluation = await repository.evaluation_of(connection, name)
        if evaluation is not None:
            return evaluation, await asyncio.to_thread(evaluation.candidate)
        candidate = await asyncio.to_thread(_model_at, Path(name))
        if candidate is None:
            raise NotEvaluated(
                f"no candidate {name[:200]!r} was evaluated: run `fengsui models evaluate` with it "
                "first; `fengsui models list` names those that were"
            )
        async with self._database.read() as connection:
            return await repository.evaluation_of(connection, candidate.fingerprint), candidate

    async def _switched(
        self, connection: AsyncConnection, principal: Principal, wish: _Wish
    ) -> Switch:
        candidate = wish.candidate
        before, after = await self._exchange.make(
            connection, principal, candidate, reason=f"{candidate.name}: {wish.reason}"
        )
        if wish.evaluation is not None and not wish.forced:
            # Asked under the lock: of two who switch at once the second has compared with another.
            await require_same_serving(connection, wish.evaluation)
        step = Switch(
            number=await repository.next_number(connection),
            kind=candidate.kind,
            name=candidate.name,
            before=before,
            after=after,
            undoes=None,
            evaluation_id=None if wish.evaluation is None else wish.evaluation.id,
            forced=wish.forced,
            reason=wish.reason,
            author=principal.id,
            at=self._clock.now(),
        )
        return await self._written(connection, step)

    async def _written(self, connection: AsyncConnection, step: Switch) -> Switch:
        await repository.add_switch(connection, step)
        await _trace(connection, step, at=step.at)
        return step


async def _trace(connection: AsyncConnection, step: Switch, *, at: datetime) -> None:
    did = "switched" if step.undoes is None else "switched_back"
    data: Mapping[str, Any] = {
        "number": step.number,
        "kind": step.kind.value,
        "before": step.before,
        "after": step.after,
        "undoes": step.undoes,
        "evaluation": step.evaluation_id,
        "forced": step.forced,
        "reason": step.reason,
    }
    await record(
        connection,
        at=at,
        actor=step.author,
        action=f"{KIND}.{did}",
        subject_type=KIND,
        subject_id=step.name,
        data=data,
    )
    await announce(
        connection,
        at=at,
        kind=KIND,
        subject_id=step.name,
        data={"change": did, "number": step.number, "kind": step.kind.value},
    )


def _model_at(place: Path) -> Candidate | None:
    return encoder_candidate(place) if place.is_dir() else None


def _reason(reason: str | None, *, needed: bool) -> str:
    said = (reason or "").strip()
    if not plain(said):
        said = ""
    if len(said) > LONGEST_REASON or (needed and not said):
        raise InvalidInput(
            "a forced switch has a reason" if not said else "the reason is too long",
            errors=[("reason", f"1 to {LONGEST_REASON} characters: why, for those who come after")],
        )
    return said
