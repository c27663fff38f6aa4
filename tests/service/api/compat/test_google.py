"""Refusals as Google's clients take them apart."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from service.api.compat.errors import BadComment, BadKey, NoKey, NotServed, Unjudged
from service.api.compat.google import refusal
from service.errors import (
    Conflict,
    InvalidInput,
    Overloaded,
    ServiceError,
    TooManyRequests,
    Unauthenticated,
)


def said(error: ServiceError) -> dict[str, Any]:
    body = orjson.loads(refusal(error).body)
    assert body.keys() == {"error"}
    return dict(body["error"])


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (BadComment("x"), 400, "INVALID_ARGUMENT"),
        (InvalidInput("no JSON"), 400, "INVALID_ARGUMENT"),
        (BadKey("x"), 400, "INVALID_ARGUMENT"),
        (Unauthenticated("x"), 401, "UNAUTHENTICATED"),
        (NoKey("x"), 403, "PERMISSION_DENIED"),
        (Conflict("x"), 409, "UNKNOWN"),
        (TooManyRequests("x", retry_after=7), 429, "RESOURCE_EXHAUSTED"),
        (ServiceError("secret"), 500, "INTERNAL"),
        (NotServed("x"), 501, "UNIMPLEMENTED"),
        (Overloaded("x", retry_after=1), 503, "UNAVAILABLE"),
        (Unjudged("x", missing=True), 503, "UNAVAILABLE"),
    ],
)
def test_every_refusal_has_a_code_and_a_status(error: ServiceError, code: int, status: str) -> None:
    assert refusal(error).status_code == code
    assert said(error)["code"] == code
    assert said(error)["status"] == status


def test_details_name_the_type_of_error() -> None:
    error = BadComment("x", error_type="COMMENT_EMPTY", more={"why": 1})
    [details] = said(error)["details"]
    assert details == {
        "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
        "errorType": "COMMENT_EMPTY",
        "why": 1,
    }


def test_a_wrong_key_says_so() -> None:
    [details] = said(BadKey("x"))["details"]
    assert details["reason"] == "API_KEY_INVALID"


def test_a_quota_says_when_to_come_back() -> None:
    assert refusal(TooManyRequests("x", retry_after=7)).headers["Retry-After"] == "7"
    assert "Retry-After" not in refusal(BadComment("x")).headers


def test_our_inside_stays_inside() -> None:
    assert "secret" not in str(said(ServiceError("secret")))
    assert "details" not in said(ServiceError("secret"))
