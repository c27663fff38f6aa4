"""Errors of the post stores.

ServiceError
├── StoreError (503 store_unavailable)   the engine refused or could not be reached
├── SchemaOutdated (503 schema_outdated) of service.errors: run `fengsui migrate`
└── InvalidInput
    └── BadCursor (422 bad_cursor)       broken, or of another query
"""

from __future__ import annotations

from service.errors import InvalidInput, ServiceError


class StoreError(ServiceError):
    """The engine refused or could not be reached."""

    status = 503
    code = "store_unavailable"


class BadCursor(InvalidInput):
    """A cursor that this query did not hand out."""

    code = "bad_cursor"
