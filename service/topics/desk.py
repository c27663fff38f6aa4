"""What people do with topics: ask for a fit, stop it, put a version to work, forget one."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.changes import announce
from service.db.page import Page
from service.errors import Conflict, InvalidInput, NotFound
from service.monitors import Monitors
from service.topics import repository
from service.topics.model import (
    FILE,
    MOST_ACTIVE,
    MOST_VERSIONS,
    FitRequest,
    FitState,
    TopicVersion,
)
from service.topics.running import CHANGE, tell_active

_OPEN = frozenset(state for state in FitState if state.is_open)


class TopicDesk:
    """The one door for people. Writes are audited, each in the transaction that it tells of."""

    def __init__(self, *, database: Database, clock: Clock, monitors: Monitors) -> None:
        self._database = database
        self._clock = clock
        self._monitors = monitors

    async def ask(
        self, actor: Principal, request: FitRequest, *, file: str | None = None
    ) -> TopicVersion:
        """A new version that waits for its fit; `file` is what the caller fits it on itself.

        Raises Forbidden, InvalidInput, NotFound for the monitor or the base, Conflict.
        """
        actor.require(Action.EDIT, Resource.TOPIC, monitor=request.monitor)
        request.check()
        if request.monitor is not None:
            await self._monitors.get(request.monitor)
        now = self._clock.now()
        async with self._database.write() as connection:
            await repository.lock(connection)
            if await repository.count(connection) >= MOST_VERSIONS:
                raise Conflict(f"there are {MOST_VERSIONS} versions: delete some")
            await _require_base(connection, request)
            version = TopicVersion(
                number=await repository.next_number(connection),
                monitor=request.monitor,
                state=FitState.WAITING,
                active=False,
                based_on=request.based_on,
                options=request.options() | ({} if file is None else {FILE: file[:200]}),
                activate=request.activate,
                since=request.since,
                until=request.until or now,
                progress=repository.progress_of("waiting", done=0, of=1, at=now),
                reason=None,
                created_by=actor.id,
                created_at=now,
                finished_at=None,
            )
            await repository.add(connection, version)
            await self._record(connection, actor, version, "asked")
        return version

    async def get(self, actor: Principal, number: int) -> TopicVersion:
        """Raises Forbidden, NotFound."""
        actor.require(Action.READ, Resource.TOPIC)
        async with self._database.read() as connection:
            version = await repository.version(connection, number)
        actor.require(Action.READ, Resource.TOPIC, monitor=version.monitor)
        return version

    async def page(
        self,
        actor: Principal,
        *,
        monitor: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> Page[TopicVersion]:
        """Versions, newest first: of a monitor, or all that the actor may see. Raises Forbidden."""
        actor.require(Action.READ, Resource.TOPIC, monitor=monitor)
        async with self._database.read() as connection:
            return await repository.versions(
                connection, monitor=monitor, among=actor.monitors, before=before, limit=limit
            )

    async def cancel(self, actor: Principal, number: int) -> TopicVersion:
        """Stop a fit; what was active goes on. Raises Forbidden, NotFound, Conflict when done."""
        async with self._database.write() as connection:
            version = await self._writable(connection, actor, number, Action.EDIT)
            stopped = await repository.move(
                connection,
                number,
                among=_OPEN,
                state=FitState.CANCELLED,
                finished_at=self._clock.now(),
            )
            if not stopped:
                raise Conflict(f"topics {number} are {version.state.value}: nothing to stop")
            await self._record(connection, actor, version, "cancelled")
            return await repository.version(connection, number)

    async def activate(self, actor: Principal, number: int) -> TopicVersion:
        """Hold new posts of its monitor (or all) against the version, in place of another.

        Raises Forbidden, NotFound, and Conflict for one that is not ready.
        """
        async with self._database.write() as connection:
            await repository.lock(connection)
            version = await self._writable(connection, actor, number, Action.EDIT)
            if version.state is not FitState.READY:
                raise Conflict(f"topics {number} are {version.state.value}, not ready")
            if not await repository.has_room(connection, version.monitor):
                raise Conflict(f"{MOST_ACTIVE} versions are active: delete one of another monitor")
            if not version.active:
                await repository.set_active(connection, version)
                await tell_active(connection, version, actor=actor.id, clock=self._clock)
            return await repository.version(connection, number)

    async def forget(self, actor: Principal, number: int) -> None:
        """Delete a version; posts keep the number of what they were held against.

        Raises Forbidden, NotFound, and Conflict while it is being fitted.
        """
        async with self._database.write() as connection:
            await repository.lock(connection)
            version = await self._writable(connection, actor, number, Action.DELETE)
            if version.state.is_open:
                raise Conflict(f"topics {number} are being fitted: cancel that first")
            await repository.forget(connection, number)
            await self._record(connection, actor, version, "deleted")
            if version.active:
                await announce(
                    connection, at=self._clock.now(), kind=CHANGE, subject_id=str(number)
                )

    async def _writable(
        self, connection: AsyncConnection, actor: Principal, number: int, action: Action
    ) -> TopicVersion:
        actor.require(action, Resource.TOPIC)
        version = await repository.version(connection, number)
        actor.require(action, Resource.TOPIC, monitor=version.monitor)
        return version

    async def _record(
        self, connection: AsyncConnection, actor: Principal, version: TopicVersion, change: str
    ) -> None:
        await record(
            connection,
            at=self._clock.now(),
            actor=actor.id,
            action=f"topics.{change}",
            subject_type="topics",
            subject_id=str(version.number),
            data={"monitor": version.monitor, "options": dict(version.options)},
        )


async def _require_base(connection: AsyncConnection, request: FitRequest) -> None:
    if request.based_on is None:
        return
    try:
        base = await repository.version(connection, request.based_on)
    except NotFound as error:
        raise InvalidInput(str(error), errors=[("based_on", "no such version")]) from error
    if base.state is not FitState.READY or base.monitor != request.monitor:
        wrong = "a version that is ready, of the same monitor"
        raise InvalidInput(f"based_on: {wrong}", errors=[("based_on", wrong)])
