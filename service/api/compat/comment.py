"""A request of Perspective's comments:analyze, read as Perspective reads it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nlp import detect_language
from service.api.compat.errors import BadComment
from service.api.compat.findings import COMPONENTS
from service.api.compat.mapping import tables

LONGEST_BYTES = 20_480
"""UTF-8 bytes of one comment."""
LANGUAGES = frozenset({"zh", "en"})
_READ = LANGUAGES | {"und"}
_FIELDS: Mapping[str, type] = {
    "comment": dict,
    "context": dict,
    "requestedAttributes": dict,
    "spanAnnotations": bool,
    "languages": list,
    "doNotStore": bool,
    "clientToken": str,
    "sessionId": str,
    "communityId": str,
}
_SPELLED: Mapping[str, str] = {
    "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name): name
    for name in _FIELDS
}
_NAMES = {dict: "an object", bool: "a boolean", list: "a list", str: "a string"}
_MOST_LANGUAGES = 10
_UNSPECIFIED = (None, "", "SCORE_TYPE_UNSPECIFIED")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzeRequest:
    """A comment and the attributes asked for, each with the score from which it is answered."""

    text: str
    attributes: Mapping[str, float]
    spans: bool
    languages: tuple[str, ...]
    detected: str
    client_token: str | None

    @property
    def item(self) -> dict[str, Any]:
        """The same as an item for classify."""
        return {"text": self.text, "components": list(COMPONENTS), "offsets": "utf16"}

    @classmethod
    def from_json(cls, data: Any) -> AnalyzeRequest:
        """Raises BadComment with Perspective's own name for what is wrong."""
        fields = _fields(data)
        text = _comment(fields.get("comment"))
        attributes = _attributes(fields.get("requestedAttributes"))
        asked = _languages(fields.get("languages", []))
        detected = detect_language(text).value
        _check_languages(asked, detected, attributes)
        return cls(
            text=text,
            attributes=attributes,
            spans=fields.get("spanAnnotations", False),
            languages=asked or (detected,),
            detected=detected,
            client_token=fields.get("clientToken"),
        )


def _fields(data: Any) -> dict[str, Any]:
    """By camelCase name, as protobuf's JSON takes both spellings; null is as good as absent."""
    if not isinstance(data, Mapping):
        raise BadComment("Invalid JSON payload received. The body is an object.")
    fields: dict[str, Any] = {}
    for given, value in data.items():
        name: str = _SPELLED.get(given, given)
        kind = _FIELDS.get(name)
        if kind is None:
            raise BadComment(
                f'Invalid JSON payload received. Unknown name "{given[:64]}": Cannot find field.'
            )
        if value is None:
            continue
        if not isinstance(value, kind):
            raise BadComment(f"Invalid value at '{name}': {_NAMES[kind]} is expected")
        fields[name] = value
    return fields


def _comment(comment: Any) -> str:
    given = comment or {}
    text = given.get("text") or ""
    if not isinstance(text, str):
        raise BadComment("Invalid value at 'comment.text': a string is expected")
    if given.get("type") not in (None, "", "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT"):
        raise BadComment("Currently, only 'PLAIN_TEXT' comments are supported")
    if not text.strip():
        raise BadComment("Comment must be non-empty.", error_type="COMMENT_EMPTY")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LONGEST_BYTES:
        raise BadComment(
            f"Comment text was too many bytes. Value ({size}) exceeded limit ({LONGEST_BYTES}).",
            error_type="COMMENT_TOO_LONG",
        )
    return text


def _attributes(requested: Any) -> dict[str, float]:
    """Attribute → threshold."""
    if not requested:
        raise BadComment("Missing requested_attributes", error_type="NO_REQUESTED_ATTRIBUTES")
    return {name: _threshold(name, settings) for name, settings in requested.items()}


def _threshold(name: str, settings: Any) -> float:
    chosen = tables()
    if name not in chosen.perspective:
        reason = chosen.refused.get(name) or f"known: {', '.join(chosen.perspective)}"
        raise BadComment(f"Unknown requested attribute: {name[:64]} ({reason})")
    given = {} if settings is None else settings
    if not isinstance(given, Mapping):
        raise BadComment(f"Invalid value at 'requestedAttributes.{name}': an object is expected")
    kind = given.get("scoreType", given.get("score_type"))
    if kind not in (*_UNSPECIFIED, "PROBABILITY"):
        raise BadComment(
            f"Requested score type {str(kind)[:64]} is not supported by attribute {name}"
        )
    least = given.get("scoreThreshold", given.get("score_threshold"))
    if least is None:
        return 0.0
    if isinstance(least, bool) or not isinstance(least, int | float) or not math.isfinite(least):
        raise BadComment(
            f"Invalid value at 'requestedAttributes.{name}.scoreThreshold': a number is expected"
        )
    return float(least)


def _languages(given: list[Any]) -> tuple[str, ...]:
    if len(given) > _MOST_LANGUAGES or not all(isinstance(item, str) for item in given):
        raise BadComment("Invalid value at 'languages': a few codes such as zh or en are expected")
    return tuple(item[:32] for item in given)


def _check_languages(asked: tuple[str, ...], detected: str, attributes: Iterable[str]) -> None:
    """Whoever names the language is believed; a text without letters is read as it is."""
    if not asked and detected == "other":
        raise BadComment("Unable to detect language", error_type="LANGUAGE_DETECTION_FAILED")
    foreign = [
        language
        for language in asked or (detected,)
        if language.partition("-")[0].lower() not in (LANGUAGES if asked else _READ)
    ]
    if foreign:
        name = next(iter(attributes))
        raise BadComment(
            f"Attribute {name} does not support request languages: {', '.join(foreign)}",
            error_type="LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
            more={
                "languageNotSupportedByAttributeError": {
                    "detectedLanguages": [detected],
                    "requestedLanguages": list(asked),
                    "attribute": name,
                }
            },
        )
