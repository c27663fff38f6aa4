"""What a kind of source says of itself: its right to read, what it fills, how often it asks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from crawlers.post import Author, Channel, Engagement, Post
from crawlers.rate import RateLimit
from crawlers.source import Source

ENABLED_BECAUSE = "enabled_because"
"""The setting by which an operator answers for a source of an unofficial kind."""

MAX_REASON = 500


class Basis(StrEnum):
    """By what right a kind of source reads."""

    OFFICIAL_API = "official_api"
    """An interface that the site documents for programs."""
    PUBLIC_FEED = "public_feed"
    """Pages or feeds published for everybody's reader."""
    UNOFFICIAL = "unofficial"
    """Public, and neither documented nor promised: off until an operator says why it may be on."""
    OPERATOR_EXPORT = "operator_export"
    """Data that the operator holds anyway and hands over."""


ALWAYS_FILLED = frozenset({"source", "native_id", "published_at", "text", "channel"})
"""What every post has, so that no kind needs to say it."""

OPTIONAL_FIELDS = (
    {field.name for field in dataclasses.fields(Post)} - ALWAYS_FILLED - {"author", "engagement"}
    | {f"author.{field.name}" for field in dataclasses.fields(Author)}
    | {f"engagement.{field.name}" for field in dataclasses.fields(Engagement)}
)
"""What a kind may or may not fill, dotted inside `author` and `engagement`."""

SettingsT = TypeVar("SettingsT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind(Generic[SettingsT]):
    """One kind: the model of its settings, a factory from name, settings and clock, and its right.

    `channel` is where its posts stand unless a setting or the post says otherwise, `rate_limit` the
    pace that its own requests keep (None: it asks no site), `fields` the OPTIONAL_FIELDS it fills
    where the site gives them. Another distribution adds a kind by an entry point in the group
    `fengsui.sources` whose name is the kind and whose object is a SourceKind.
    """

    settings: type[SettingsT]
    build: Callable[[str, SettingsT, Callable[[], datetime]], Source]
    summary: str
    basis: Basis
    channel: Channel
    rate_limit: RateLimit | None
    fields: tuple[str, ...]

    def __post_init__(self) -> None:
        if wrong := sorted(set(self.fields) - OPTIONAL_FIELDS):
            raise ValueError(
                f"{', '.join(wrong)}: no optional field of a post; "
                f"there are {', '.join(sorted(OPTIONAL_FIELDS))}"
            )

    @property
    def needs_reason(self) -> bool:
        """Whether its settings must say `enabled_because`."""
        return self.basis is Basis.UNOFFICIAL

    def settings_schema(self) -> dict[str, Any]:
        """JSON Schema of what an operator may put under `settings`."""
        schema = self.settings.model_json_schema(mode="validation")
        if self.needs_reason:
            reason = {
                "type": "string",
                "minLength": 1,
                "maxLength": MAX_REASON,
                "title": "Enabled because",
                "description": "Why this unofficial source may be used; kept and shown.",
            }
            properties: dict[str, Any] = schema.get("properties", {})
            schema["properties"] = {**properties, ENABLED_BECAUSE: reason}
            schema["required"] = [*schema.get("required", ()), ENABLED_BECAUSE]
        return schema

    def missing_reason(self, settings: Mapping[str, Any]) -> str | None:
        """What is wrong with `enabled_because` of these settings; None where all is well."""
        if not self.needs_reason:
            return None
        reason = settings.get(ENABLED_BECAUSE)
        if not isinstance(reason, str) or not reason.strip():
            return (
                f"this kind is {self.basis.value}: the site neither documents nor promises what it "
                "reads. Say here why you may use it; the reason is kept and shown"
            )
        if len(reason) > MAX_REASON:
            return f"has {len(reason)} characters; at most {MAX_REASON} are taken"
        return None
