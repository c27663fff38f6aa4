"""OpenAI's moderation: its request read, its answer and its errors made. Pure.

Shapes are those of the types in the official `openai` package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.api.answer import Json
from service.api.classification import MOST_ITEMS
from service.api.compat.errors import BadModeration
from service.api.compat.findings import COMPONENTS, Findings
from service.api.compat.mapping import Row, tables
from service.errors import InvalidInput, ServiceError
from service.moderation.item import LONGEST
from service.version import VERSION

PATH = "/compat/openai/v1/moderations"
_OURS = "fengsui-"
MODELS = frozenset(
    {
        "omni-moderation-latest",
        "omni-moderation-2024-09-26",
        "text-moderation-latest",
        "text-moderation-stable",
        "text-moderation-007",
    }
)
"""Names that clients send; ours begin with `fengsui-`. Whatever is asked for, ours answers."""
_FIELDS = frozenset({"input", "model"})
_INVALID = "invalid_request_error"
_VERSIONED = ("lexicon", "patterns", "encoder")


@dataclass(frozen=True, slots=True)
class ModerationRequest:
    """The texts to judge, in order: one result each."""

    texts: tuple[str, ...]

    @property
    def batch(self) -> dict[str, Any]:
        """The same as a batch for classify."""
        return {
            "components": list(COMPONENTS),
            "items": [{"text": text} for text in self.texts],
        }

    @classmethod
    def from_json(cls, data: Any) -> ModerationRequest:
        """Raises BadModeration with the field of theirs that is wrong."""
        if not isinstance(data, Mapping):
            raise BadModeration("the body is a JSON object with `input`")
        if unknown := sorted(str(name)[:64] for name in data.keys() - _FIELDS):
            raise BadModeration(
                f"Unrecognized request argument supplied: {unknown[0]}", param=unknown[0]
            )
        _check_model(data.get("model"))
        texts = _texts(data.get("input"))
        for index, text in enumerate(texts):
            if len(text) > LONGEST:
                raise BadModeration(
                    f"input {index} has {len(text):,} characters; at most {LONGEST:,} are read",
                    param="input",
                    code="string_above_max_length",
                )
        return cls(texts)


def response(found: Sequence[Findings], *, request_id: str) -> dict[str, Any]:
    """The body of a good answer, a result for each text in order."""
    return {
        "id": f"modr-{request_id}",
        "model": _model(found[0].versions),
        "results": [_result(findings) for findings in found],
    }


def notes(found: Sequence[Findings]) -> dict[str, str]:
    """Headers with what the shape has no place for: languages that were met, what is missing."""
    languages = dict.fromkeys(findings.language for findings in found)
    missing = sorted(set().union(*(findings.missing for findings in found)))
    headers = {"X-Fengsui-Languages": ", ".join(languages)}
    if missing:
        headers["X-Fengsui-Degraded"] = ", ".join(missing)
    return headers


def refusal(error: ServiceError) -> Json:
    """An error as the official client expects it."""
    status, kind, code = _said(error)
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    body = {
        "message": error.detail if status != 500 else "The text could not be judged; ask a person",
        "type": kind,
        "param": error.param if isinstance(error, BadModeration) else None,
        "code": code,
    }
    return Json({"error": body}, status=status, headers=headers)


def _said(error: ServiceError) -> tuple[int, str, str | None]:
    """(status, type, code) in their words."""
    if isinstance(error, BadModeration):
        return 400, _INVALID, error.said_code
    if isinstance(error, InvalidInput):
        return 400, _INVALID, None
    match error.status:
        case 401:
            return 401, _INVALID, "invalid_api_key"
        case 403:
            return 403, _INVALID, "insufficient_permissions"
        case 429:
            return 429, "requests", "rate_limit_exceeded"
        case status if status >= 500:
            return status, "server_error", error.code if status == 503 else None
        case status:
            return status, _INVALID, error.code


def _result(findings: Findings) -> dict[str, Any]:
    chosen = tables()
    decided = {
        row.name: not findings.passes and bool(findings.covered(row)) for row in chosen.openai
    }
    return {
        "flagged": any(decided.values()) or _unexplained(findings, chosen.elsewhere),
        "categories": decided,
        "category_scores": {row.name: findings.score(row) for row in chosen.openai},
        "category_applied_input_types": {
            # A category that is never found is never applied.
            row.name: ["text"] if row.components else []
            for row in chosen.openai
        },
    }


def _unexplained(findings: Findings, elsewhere: Sequence[Row]) -> bool:
    """Whether our policy stops the text for no reason that OpenAI's would let pass.

    What is held, not fully read, or stopped without a label is flagged without any category: a
    caller who looks at `flagged` alone must not let it through.
    """
    if findings.passes:
        return False
    return findings.held or bool(findings.missing) or not findings.all_within(elsewhere)


def _check_model(model: Any) -> None:
    if model is None:
        return
    if not isinstance(model, str):
        raise BadModeration("model is a string", param="model")
    if model not in MODELS and not model.startswith(_OURS):
        raise BadModeration(
            f"The model `{model[:64]}` does not exist here; leave `model` out",
            param="model",
            code="model_not_found",
        )


def _model(versions: Mapping[str, str]) -> str:
    """Ours, with everything that had a say: an answer is as good as its versions."""
    said = (versions[name] for name in _VERSIONED if name in versions)
    return "+".join((f"{_OURS}{VERSION}", *said))


def _texts(given: Any) -> tuple[str, ...]:
    """A string is one text, a list of strings several, a list of parts one again, as with them."""
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, list) or not given:
        raise BadModeration("input is a string, or a list that is not empty", param="input")
    if all(isinstance(item, str) for item in given):
        if len(given) > MOST_ITEMS:
            raise BadModeration(
                f"input has {len(given)} texts; at most {MOST_ITEMS} go into one request",
                param="input",
            )
        return tuple(given)
    return ("\n".join(_part(item, place) for place, item in enumerate(given)),)


def _part(item: Any, place: int) -> str:
    kind = item.get("type") if isinstance(item, Mapping) else None
    if kind == "image_url":
        raise BadModeration(
            f"input[{place}] is an image: only text is judged here",
            param="input",
            code="unsupported_input_type",
        )
    if kind != "text" or not isinstance(item.get("text"), str):
        raise BadModeration(
            f'input[{place}] is neither a string nor {{"type": "text", "text": …}}', param="input"
        )
    text: str = item["text"]
    return text
