"""OpenAI's moderation: what is read, and what is made of our findings."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from openai.types import ModerationCreateResponse

from service.api.compat.errors import BadModeration, Unjudged
from service.api.compat.findings import Findings
from service.api.compat.openai import MODELS, ModerationRequest, notes, refusal, response
from service.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    Overloaded,
    ServiceError,
    TooManyRequests,
    Unauthenticated,
)
from service.version import VERSION
from tests.service.api.compat.answers import answer, label


def texts(given: Any) -> tuple[str, ...]:
    return ModerationRequest.from_json({"input": given}).texts


def result(suggestion: str = "pass", **changes: Any) -> dict[str, Any]:
    found = Findings.from_answer(answer(suggestion, **changes))
    [only] = response([found], request_id="1")["results"]
    return dict(only)


def flagged(of: dict[str, Any]) -> set[str]:
    return {name for name, value in of["categories"].items() if value}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("你好", ("你好",)),
        ("", ("",)),
        (["一", "二"], ("一", "二")),
        ([{"type": "text", "text": "一"}, {"type": "text", "text": "二"}], ("一\n二",)),
    ],
)
def test_inputs(given: Any, read: tuple[str, ...]) -> None:
    assert texts(given) == read


@pytest.mark.parametrize(
    ("body", "param", "message"),
    [
        ([], None, "JSON object"),
        ({}, "input", "a string, or a list"),
        ({"input": []}, "input", "not empty"),
        ({"input": 5}, "input", "a string, or a list"),
        ({"input": ["x", 5]}, "input", r"input\[0\] is neither"),
        ({"input": [[1, 2]]}, "input", r"input\[0\] is neither"),
        ({"input": [{"type": "text"}]}, "input", r"input\[0\] is neither"),
        ({"input": [{"type": "text", "text": 1}]}, "input", r"input\[0\] is neither"),
        ({"input": ["x"] * 101}, "input", "at most 100"),
        ({"input": ["", "x" * 100_001]}, "input", "input 1 has 100,001 characters"),
        ({"input": "x", "model": 5}, "model", "a string"),
        ({"input": "x", "model": "gpt-5"}, "model", "`gpt-5` does not exist"),
        ({"input": "x", "colour": 1}, "colour", "argument supplied: colour"),
    ],
)
def test_what_is_refused_names_the_field(body: Any, param: str | None, message: str) -> None:
    with pytest.raises(BadModeration, match=message) as refused:
        ModerationRequest.from_json(body)
    assert refused.value.param == param


def test_an_image_is_refused_as_one() -> None:
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    with pytest.raises(BadModeration, match="only text") as refused:
        texts([{"type": "text", "text": "看"}, image])
    assert refused.value.said_code == "unsupported_input_type"


@pytest.mark.parametrize("model", [*sorted(MODELS), "fengsui-0.1.0", None])
def test_models_that_clients_name(model: str | None) -> None:
    assert ModerationRequest.from_json({"input": "x", "model": model}).texts == ("x",)


def test_classify_is_asked_for_what_the_tables_need() -> None:
    assert ModerationRequest(("一",)).batch == {
        "components": ["abuse", "moderation", "lexicon", "patterns"],
        "items": [{"text": "一"}],
    }


def test_a_harmless_text() -> None:
    only = result(abuse={"score": 0.02})
    assert only["flagged"] is False
    assert flagged(only) == set()
    assert only["category_scores"]["harassment"] == 0.02
    assert only["category_scores"]["sexual/minors"] == 0.0


@pytest.mark.parametrize(
    ("labels", "categories"),
    [
        ([label("abuse", "model")], {"harassment"}),
        ([label("hate")], {"hate"}),
        ([label("gambling")], {"illicit"}),
        ([label("self_harm")], {"self-harm"}),
        ([label("self_harm", "pattern")], {"self-harm", "self-harm/intent"}),
        ([label("doxxing", "pattern")], {"harassment"}),
        (
            [label("violence_threat", "pattern")],
            {"harassment", "harassment/threatening", "violence"},
        ),
        ([label("sexual"), label("spam")], {"sexual"}),
    ],
)
def test_our_labels_in_their_categories(labels: list[dict[str, Any]], categories: set[str]) -> None:
    only = result("review", labels=labels)
    assert flagged(only) == categories
    assert only["flagged"] is True
    assert all(only["category_scores"][name] == 0.6 for name in categories)


@pytest.mark.parametrize(
    "labels",
    [
        [label("spam")],
        [label("ad_absolute"), label("diversion", "pattern")],
        [label("guaranteed_return", "pattern")],
        [label("medical_claim", "human")],
    ],
)
def test_what_their_categories_have_no_place_for_is_not_flagged(
    labels: list[dict[str, Any]],
) -> None:
    only = result("block", labels=labels)
    assert only["flagged"] is False
    assert flagged(only) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"degraded": ["abuse"], "abuse": None},
        {"degraded": ["patterns"], "labels": [label("spam")]},
        {"degraded": ["holds"], "labels": [label("spam")]},
        {"held": True, "labels": [label("medical_claim")]},
        {"labels": []},
        {"labels": [label("something_new")]},
    ],
)
def test_what_is_stopped_without_a_reason_of_theirs_is_flagged_all_the_same(
    changes: dict[str, Any],
) -> None:
    only = result("review", **changes)
    assert only["flagged"] is True
    assert flagged(only) == set()


def test_a_policy_that_lets_a_label_pass_flags_nothing() -> None:
    only = result("pass", labels=[label("hate")])
    assert only["flagged"] is False
    assert flagged(only) == set()
    assert only["category_scores"]["hate"] == 0.6


def test_a_policy_that_lets_the_degraded_pass_is_heard() -> None:
    assert result("pass", degraded=["patterns"])["flagged"] is False


def test_the_official_types_take_the_answer_whole() -> None:
    found = Findings.from_answer(answer("review", labels=[label("abuse", "model", 0.7)]))
    body = response([found, found], request_id="abc")
    read = ModerationCreateResponse.model_validate(body, strict=True)
    assert read.id == "modr-abc"
    assert read.model == f"fengsui-{VERSION}+lexicon-1+patterns-2+encoder-3"
    assert len(read.results) == 2
    assert read.results[0].category_applied_input_types.harassment == ["text"]
    assert read.results[0].category_applied_input_types.sexual_minors == []
    assert read.to_dict() == body


def test_notes_name_languages_and_what_is_missing() -> None:
    found = [
        Findings.from_answer(answer(language="ja")),
        Findings.from_answer(answer("review", degraded=["patterns", "abuse"])),
        Findings.from_answer(answer(language="ja")),
    ]
    assert notes(found) == {
        "X-Fengsui-Languages": "ja, zh",
        "X-Fengsui-Degraded": "abuse, patterns",
    }
    assert "X-Fengsui-Degraded" not in notes(found[:1])


@pytest.mark.parametrize(
    ("error", "status", "kind", "code"),
    [
        (BadModeration("x", param="input"), 400, "invalid_request_error", None),
        (InvalidInput("no JSON"), 400, "invalid_request_error", None),
        (Unauthenticated("x"), 401, "invalid_request_error", "invalid_api_key"),
        (Forbidden("x"), 403, "invalid_request_error", "insufficient_permissions"),
        (NotFound("x"), 404, "invalid_request_error", "not_found"),
        (TooManyRequests("x", retry_after=9), 429, "requests", "rate_limit_exceeded"),
        (Overloaded("x", retry_after=2), 503, "server_error", "overloaded"),
        (Unjudged("x"), 500, "server_error", None),
        (ServiceError("secret"), 500, "server_error", None),
    ],
)
def test_errors_in_their_shape(
    error: ServiceError, status: int, kind: str, code: str | None
) -> None:
    said = refusal(error)
    body = orjson.loads(said.body)["error"]
    assert said.status_code == status
    assert body.keys() == {"message", "type", "param", "code"}
    assert (body["type"], body["code"]) == (kind, code)
    assert said.headers.get("Retry-After") == (
        None if error.retry_after is None else str(error.retry_after)
    )


def test_an_error_names_the_field_and_not_our_inside() -> None:
    assert (
        orjson.loads(refusal(BadModeration("x", param="model")).body)["error"]["param"] == "model"
    )
    assert b"secret" not in bytes(refusal(ServiceError("secret")).body)
