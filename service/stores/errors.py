"""Errors of the post stores.

ServiceError
├── StoreError (503 store_unavailable)   the engine refused or failed; carries retry_after seconds
│   ├── StoreUnreachable                 down, restarting, without a master, some posts missing
│   ├── StoreBusy                        it asks for less at a time, and had been given time
│   │   └── TurnLost                     of elastic.turn: another migration has begun meanwhile
│   ├── StoreReadOnly                    full, or set to read only: reads go on, writes wait
│   └── StoreMismatch                    wrong engine, version, mapping or rights: needs a person
├── SchemaOutdated (503 schema_outdated) of service.errors: run `fengsui migrate`
└── InvalidInput
    └── BadCursor (422 bad_cursor)       broken, or of another query
"""

from __future__ import annotations

from service.errors import InvalidInput, ServiceError

RETRY_AFTER_S = 10
"""When whoever pushes posts should come again; restarts and disks that fill take longer."""


class StoreError(ServiceError):
    """The engine refused or could not be reached."""

    status = 503
    code = "store_unavailable"

    def __init__(self, detail: str, *, retry_after: int | None = RETRY_AFTER_S) -> None:
        super().__init__(detail, retry_after=retry_after)


class StoreUnreachable(StoreError):
    """The engine is down, restarting, or lacks some of the posts for now."""


class StoreBusy(StoreError):
    """The engine turned work away for longer than we wait."""


class StoreReadOnly(StoreError):
    """The engine takes no writes: its disk is full, or somebody has set it so."""


class StoreMismatch(StoreError):
    """Waiting does not help: a person has to change an address, a key, a version or the schema."""


class BadCursor(InvalidInput):
    """A cursor that this query did not hand out."""

    code = "bad_cursor"
