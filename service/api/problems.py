"""Errors as RFC 9457 problem+json: one shape for every refusal, and nothing of our inside in it."""

from __future__ import annotations

import http
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from service.api.answer import Json
from service.api.errors import BadJson
from service.errors import InvalidInput, NotFound, ServiceError

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100
_CHALLENGE = 'Bearer realm="fengsui"'

Refusal = Callable[[ServiceError], Response]
"""How an error is said to a caller."""

log = structlog.get_logger(__name__)


def speak(scope: Scope, refusal: Refusal) -> None:
    """Have every error of this request said in that way: an imitated service has its own."""
    scope.setdefault("state", {})["refusal"] = refusal


def refusal_of(scope: Scope) -> Refusal:
    """How errors of this request are said; as problems where nobody has chosen."""
    refusal: Refusal = scope.get("state", {}).get("refusal", problem_of)
    return refusal


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer itself; `errors` are (JSON path, message), at most 100 of them."""
    body: dict[str, Any] = {
        "type": f"urn:fengsui:problem:{code}",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = [
            {"path": path, "message": message} for path, message in errors[:MOST_ERRORS]
        ]
    return Json(body, status=status, headers=headers, media_type=MEDIA_TYPE)


def problem_of(error: ServiceError) -> Response:
    """The answer to a ServiceError: what it says, unless it is a fault of our own."""
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        headers["WWW-Authenticate"] = _CHALLENGE
    if error.status == 500:
        log.error("http.fault", code=error.code, detail=error.detail)
        return internal(code=error.code)
    return problem(error.status, error.code, error.detail, errors=error.errors, headers=headers)


def internal(*, code: str = "internal") -> Response:
    """The answer to what nobody foresaw: the log knows more, under the request's id."""
    return problem(
        500, code, "something went wrong here; the request id in X-Request-ID finds it in the log"
    )


def install(app: FastAPI) -> None:
    """Let every error of the application leave as a problem."""
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)


async def _service_error(_request: Request, error: Exception) -> Response:
    return problem_of(error) if isinstance(error, ServiceError) else internal()


async def _validation_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        return internal()
    errors = [(path_of(item["loc"]), str(item["msg"])) for item in error.errors()]
    listed = "; ".join(f"{path}: {message}" for path, message in errors[:5])
    return problem_of(InvalidInput(f"the request cannot be meant: {listed}", errors=errors))


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return internal()
    if isinstance(error.__cause__, ServiceError):
        return problem_of(error.__cause__)
    if error.status_code == 400:
        return problem_of(BadJson("the body cannot be read as JSON"))
    if error.status_code == 404:
        return problem_of(NotFound("there is nothing at this address; /openapi.json lists them"))
    if error.status_code == 405:
        return _method_not_allowed(request)
    return problem(error.status_code, "http_error", str(error.detail), headers=error.headers)


def _method_not_allowed(request: Request) -> Response:
    """With every method that the address knows: the router names those of its first match only."""
    template = getattr(request.scope.get("route"), "path", "")
    known = request.app.openapi()["paths"].get(template, {})
    allowed = ", ".join(sorted(method.upper() for method in known))
    return problem(
        405,
        "method_not_allowed",
        f"{request.method} is not possible here; possible: {allowed or 'nothing'}",
        headers={"Allow": allowed},
    )


def path_of(location: Sequence[int | str]) -> str:
    """A pydantic location as a path of the body or the name of a parameter: `posts[3].text`."""
    parts = list(location)
    if parts and parts[0] in {"body", "query", "path", "header", "cookie"}:
        parts = parts[1:]
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path
