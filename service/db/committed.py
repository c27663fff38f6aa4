"""What the outside is told of a transaction only when it is kept: counts and lines of the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection


def when_committed(connection: AsyncConnection, say: Callable[[], None]) -> None:
    """Call `say` as the transaction is committed; never for one that is rolled back.

    A handler whose timer fires again has then said it once.
    """

    def keep(_: Any) -> None:
        say()

    event.listen(connection.sync_connection, "commit", keep, once=True)
