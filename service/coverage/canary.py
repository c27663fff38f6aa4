"""The canary's book: when the synthetic post last set out, and when one last arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.coverage.feed import CANARY
from service.db.statement import insert
from service.db.tables import runtime_setting

LATE_AFTER = timedelta(minutes=15)
"""Three canaries in a row did not arrive: no accident of one slow minute."""
_NAME = CANARY


class CanaryHealth(StrEnum):
    OK = "ok"
    LATE = "late"
    UNKNOWN = "unknown"
    """None has set out yet: nothing crawls here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryState:
    """`first_seen_at` is when watching began, anew with each process; `arrived_at` when the last
    one came to its end, `set_out_at` when that one was published, `stuck_at` the stage that the
    newest has not passed.
    """

    first_seen_at: datetime | None = None
    set_out_at: datetime | None = None
    arrived_at: datetime | None = None
    stuck_at: str | None = None

    def health(self, now: datetime) -> CanaryHealth:
        """Late when the last arrival, or the beginning of the watch, is too long ago."""
        known = [at for at in (self.arrived_at, self.first_seen_at) if at is not None]
        if not known:
            return CanaryHealth.UNKNOWN
        return CanaryHealth.LATE if now - max(known) > LATE_AFTER else CanaryHealth.OK


async def read_canary(connection: AsyncConnection) -> CanaryState:
    """The book as it was last written."""
    value = await connection.scalar(
        select(runtime_setting.c.value).where(runtime_setting.c.name == _NAME)
    )
    return CanaryState() if value is None else _read(value)


async def write_canary(connection: AsyncConnection, state: CanaryState) -> None:
    value = {
        "first_seen_at": _text(state.first_seen_at),
        "set_out_at": _text(state.set_out_at),
        "arrived_at": _text(state.arrived_at),
        "stuck_at": state.stuck_at,
    }
    await connection.execute(
        insert(connection, runtime_setting)
        .values(name=_NAME, value=value)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value})
    )


def _read(value: Mapping[str, Any]) -> CanaryState:
    return CanaryState(
        first_seen_at=_instant(value["first_seen_at"]),
        set_out_at=_instant(value["set_out_at"]),
        arrived_at=_instant(value["arrived_at"]),
        stuck_at=value["stuck_at"],
    )


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
