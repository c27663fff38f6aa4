"""Errors of the service, with HTTP status and stable code; domains raise, the edges render.

ServiceError (500 internal)
├── InvalidInput (422 invalid_input)        cannot be meant; `errors` has (path, message)
├── NotFound (404 not_found)
├── Conflict (409 conflict)                 somebody was faster; `detail` says what changed
│   └── IllegalTransition (409 illegal_transition)
├── Unauthenticated (401 unauthenticated)
├── Forbidden (403 forbidden)
├── TooLarge (413 too_large)
├── TooManyRequests (429 quota_exceeded)    carries retry_after seconds
├── Overloaded (503 overloaded)             carries retry_after seconds
└── SchemaOutdated (503 schema_outdated)    run `fengsui migrate`
"""

from __future__ import annotations

from collections.abc import Sequence


class ServiceError(Exception):
    """Base: a message that says what, where and what to do."""

    status = 500
    code = "internal"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after


class InvalidInput(ServiceError):
    status = 422
    code = "invalid_input"


class NotFound(ServiceError):
    status = 404
    code = "not_found"


class Conflict(ServiceError):
    status = 409
    code = "conflict"


class IllegalTransition(Conflict):
    code = "illegal_transition"


class Unauthenticated(ServiceError):
    status = 401
    code = "unauthenticated"


class Forbidden(ServiceError):
    status = 403
    code = "forbidden"


class TooLarge(ServiceError):
    status = 413
    code = "too_large"


class TooManyRequests(ServiceError):
    status = 429
    code = "quota_exceeded"


class Overloaded(ServiceError):
    status = 503
    code = "overloaded"


class SchemaOutdated(ServiceError):
    status = 503
    code = "schema_outdated"
