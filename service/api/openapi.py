"""The OpenAPI document: what FastAPI finds, and what holds for every operation of /v1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.api.problems import MEDIA_TYPE

_WRITES = frozenset({"post", "put", "patch", "delete"})
_ALWAYS = {
    "401": "No key, or one that is unknown, ended or revoked",
    "403": "The roles of the caller do not allow it",
    "422": "What was sent cannot be meant; `errors` says where",
    "429": "The caller's quota; see Retry-After",
    "503": "Overload, or a database that cannot be used; see Retry-After",
}
_OF_WRITES = {
    "409": "Somebody was faster, or the Idempotency-Key is in use; `detail` says what changed",
    "413": "The body is larger than the limit",
    "415": "The body is not application/json",
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:fengsui:problem:invalid_input"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "examples": ["invalid_input"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_SECURITY: dict[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, `fsk_…`: `fengsui key add NAME --role ROLE`, or POST /v1/keys",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": "fengsui_session"},
}
_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Does the request once, however often it is sent within 24 hours",
    "schema": {"type": "string", "maxLength": 200},
}


def document_of(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The replacement of `app.openapi`; made once, at the first call."""
    made: dict[str, Any] = {}

    def document() -> dict[str, Any]:
        if not made:
            made.update(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    summary="Sentiment and crisis monitoring for brands",
                    routes=app.routes,
                )
            )
            _complete(made)
        return made

    return document


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SECURITY
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for path, operations in document["paths"].items():
        if not path.startswith("/v1"):
            continue
        for method, operation in operations.items():
            refusals = _ALWAYS | (_OF_WRITES if method in _WRITES else {})
            if "{" in path:
                refusals = refusals | {"404": "There is no such thing"}
            operation["security"] = [{"key": []}, {"session": []}]
            operation["responses"] |= {
                status: _refusal(text) for status, text in sorted(refusals.items())
            }
            if method in _WRITES:
                operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)


def _refusal(description: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}
