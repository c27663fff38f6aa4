"""The gate before the post store: shut while it fails, and tried again after a wait.

While it is shut nobody analyses or pulls for nothing: pushes are refused with the wait that is
left, crawling pauses with its cursors where they were. It opens when the store says that it is well
or has taken a batch; what fails right after the store's word shuts it as if it had been shut all
the time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from service.clock import Clock
from service.db import Database
from service.db.statement import insert
from service.db.tables import runtime_setting
from service.errors import SchemaOutdated
from service.metrics import store_shut
from service.stores import PostStore, StoreError

SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(minutes=1)
"""A store that is back is found within this time."""
STALE = 3 * LONGEST
"""A shut gate that nobody has tried for so long was that of a process that is gone."""
_NAME = "ingest.paused"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Since when and why posts are not stored; `until` is the next trial."""

    since: datetime
    until: datetime
    reason: str
    tries: int = 1


class StoreGate:
    """One of a process; `paused` reads what those of all processes have said."""

    def __init__(self, *, store: PostStore, database: Database, clock: Clock) -> None:
        self._store = store
        self._database = database
        self._clock = clock
        self._pause: Pause | None = None
        self._unproven: Pause | None = None
        """The pause that the store's word has ended: no batch has proven it yet."""

    @property
    def pause(self) -> Pause | None:
        """The pause of this process, None while the store takes posts."""
        return self._pause

    def is_open(self) -> bool:
        """Whether a batch may be tried now."""
        return self._pause is None or self._pause.until <= self._clock.now()

    def require_open(self) -> None:
        """Raises StoreError with the wait that is left while the gate is shut."""
        if self._pause is not None and not self.is_open():
            wait = self._pause.until - self._clock.now()
            raise StoreError(
                f"posts are not stored for now: {self._pause.reason}",
                retry_after=max(1, math.ceil(wait.total_seconds())),
            )

    async def may_try(self) -> bool:
        """Whether it is worth fetching: after a wait the store is asked how it is, and opens the
        gate by its answer, since the next pulls may bring nothing to try it with."""
        if self._pause is None:
            return True
        if not self.is_open():
            return False
        try:
            await self._store.check()
        except (StoreError, SchemaOutdated) as error:
            await self.failed(error)
            return False
        ended = self._pause
        await self.succeeded()
        self._unproven = ended
        return True

    async def failed(self, error: StoreError | SchemaOutdated) -> None:
        """Shut the gate, each time in a row for longer.

        Batches that were on their way when it was shut fail of the same trouble and count once.
        """
        now = self._clock.now()
        known = self._pause or self._unproven
        if known is not None and known.until > now:
            return
        if self._pause is None and known is not None and now - known.until > STALE:
            known = None
        tries = 1 if known is None else known.tries + 1
        factor: int = 2 ** min(tries - 1, 10)
        wait = max(SHORTEST * factor, timedelta(seconds=error.retry_after or 0))
        self._pause = Pause(
            since=now if known is None else known.since,
            until=now + min(wait, LONGEST),
            reason=error.detail[:500],
            tries=tries,
        )
        store_shut.set(1)
        log.warning("ingest.paused", reason=error.detail, until=self._pause.until.isoformat())
        await self._tell(self._pause)

    async def succeeded(self) -> None:
        """Open the gate: the store has taken a batch."""
        known, self._pause, self._unproven = self._pause, None, None
        if known is not None:
            store_shut.set(0)
            log.info("ingest.resumed", paused_since=known.since.isoformat())
            await self._tell(None)

    async def _tell(self, pause: Pause | None) -> None:
        """For the processes that answer /readyz; the state database may be away as well."""
        try:
            async with self._database.write(quiet=True) as connection:
                if pause is None:
                    await connection.execute(
                        delete(runtime_setting).where(runtime_setting.c.name == _NAME)
                    )
                    return
                value = {
                    "since": pause.since.isoformat(),
                    "until": pause.until.isoformat(),
                    "reason": pause.reason,
                }
                await connection.execute(
                    insert(connection, runtime_setting)
                    .values(name=_NAME, value=value)
                    .on_conflict_do_update(index_elements=["name"], set_={"value": value})
                )
        except SQLAlchemyError:
            log.exception("ingest.pause_untold")


async def paused(database: Database, *, now: datetime) -> Pause | None:
    """The pause that some process has told of last, unless it has fallen silent since."""
    async with database.read() as connection:
        value = await connection.scalar(
            select(runtime_setting.c.value).where(runtime_setting.c.name == _NAME)
        )
    if value is None:
        return None
    until = datetime.fromisoformat(value["until"])
    if now - until > STALE:
        return None
    return Pause(since=datetime.fromisoformat(value["since"]), until=until, reason=value["reason"])
