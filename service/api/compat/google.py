"""Errors in the shape of Google's APIs, which clients of Perspective take apart."""

from __future__ import annotations

from typing import Any

from service.api.answer import Json
from service.api.compat.errors import BadComment, BadKey
from service.errors import InvalidInput, ServiceError

_TYPES = "type.googleapis.com/"
_COMMENT_ERROR = f"{_TYPES}google.commentanalyzer.v1alpha1.Error"
_ERROR_INFO = f"{_TYPES}google.rpc.ErrorInfo"
_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


def refusal(error: ServiceError) -> Json:
    """An error as Google says it, with what Perspective adds to it."""
    status = 400 if isinstance(error, InvalidInput) else error.status
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    body: dict[str, Any] = {
        "code": status,
        "message": error.detail if status != 500 else "The comment could not be scored",
        "status": _NAMES.get(status, "UNKNOWN"),
    }
    if details := _details(error):
        body["details"] = [details]
    return Json({"error": body}, status=status, headers=headers)


def _details(error: ServiceError) -> dict[str, Any]:
    if isinstance(error, BadComment):
        return {"@type": _COMMENT_ERROR, "errorType": error.error_type, **error.more}
    if isinstance(error, BadKey):
        return {"@type": _ERROR_INFO, "reason": "API_KEY_INVALID", "domain": "fengsui"}
    return {}
