"""Errors of the drop-in endpoints, to be said in the words of the service they stand in for.

ServiceError
├── InvalidInput
│   ├── BadModeration (400)     `param` is the field of OpenAI's request
│   └── BadComment (400)        `error_type` is Perspective's name for what is wrong
├── Unauthenticated
│   └── BadKey (400)            Google's answer to a key in the address that is not right
├── Forbidden
│   └── NoKey (403)             and to none at all
├── NotFound
│   └── UnknownAddress (404)    nothing of theirs that is imitated
├── MethodNotServed (405)       an address that takes POST alone
├── NotServed (501)             a method of theirs that is not here
└── Unjudged (500, 503)         no honest answer can be given for a text
BadMapping (ValueError)         mapping.yaml contradicts itself or our categories
"""

from __future__ import annotations

from service.errors import Forbidden, InvalidInput, NotFound, ServiceError, Unauthenticated


class BadModeration(InvalidInput):
    """A request that OpenAI's moderation would refuse, or that we have to."""

    status = 400

    def __init__(self, detail: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(detail)
        self.param = param
        self.said_code = code


class BadComment(InvalidInput):
    """A request that Perspective would refuse, or that we have to; `more` goes into details."""

    status = 400

    def __init__(
        self,
        detail: str,
        *,
        error_type: str = "INVALID_REQUEST",
        more: dict[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.error_type = error_type
        self.more = more or {}


class BadKey(Unauthenticated):
    status = 400
    code = "bad_credentials"


class NoKey(Forbidden):
    code = "unauthenticated"


class UnknownAddress(NotFound):
    code = "unknown_url"


class MethodNotServed(ServiceError):
    status = 405
    code = "method_not_supported"


class NotServed(ServiceError):
    status = 501
    code = "not_served"


class Unjudged(ServiceError):
    """`status` 503 when something is missing for now, 500 when this text made us fail."""

    code = "unjudged"

    def __init__(self, detail: str, *, missing: bool = False) -> None:
        super().__init__(detail, retry_after=_LATER_S if missing else None)
        self.status = 503 if missing else 500


class BadMapping(ValueError):
    """Every contradiction, one a line."""


_LATER_S = 30
