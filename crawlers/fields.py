"""Reading typed fields out of decoded JSON, collecting every mistake with its path."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_LINK = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_MAX_COUNTER = 2**63 - 1
_MAX_DEPTH = 32

T = TypeVar("T")


def clean_text(text: str) -> str:
    """Drop NULs and replace lone surrogates by U+FFFD: SQLite, UTF-8 and browsers hold neither."""
    if _UNSTORABLE.search(text) is None:
        return text
    # Two escaped halves of a pair that a sloppy encoder wrote apart are one character again.
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\x00", "")


def clean_json(value: Any, *, depth: int = 0) -> Any:
    """The same JSON value with every string cleaned; raises TypeError for what is no plain JSON."""
    if depth > _MAX_DEPTH:
        raise TypeError("nested too deep")
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {
            clean_text(str(key)): clean_json(item, depth=depth + 1) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [clean_json(item, depth=depth + 1) for item in value]
    raise TypeError(f"{type(value).__name__} is no plain JSON")


class FieldReader:
    """Reads the fields of one object; a mistake is noted under its path and the field is None."""

    __slots__ = ("data", "errors", "prefix")

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        prefix: str = "",
        errors: list[tuple[str, str]] | None = None,
    ) -> None:
        self.data = data
        self.prefix = prefix
        self.errors: list[tuple[str, str]] = [] if errors is None else errors

    def fail(self, key: str, message: str) -> None:
        """Note a mistake of `key`."""
        self.errors.append((self.prefix + key, message))

    def unknown(self, known: Collection[str]) -> dict[str, Any]:
        """The fields that are not `known`, under their dotted paths."""
        return {
            f"{self.prefix}{key}": value for key, value in self.data.items() if key not in known
        }

    def nested(self, key: str) -> FieldReader | None:
        """A nested object as a reader that notes mistakes in the same list."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self._wrong(key, "an object", value)
            return None
        return FieldReader(value, prefix=f"{self.prefix}{key}.", errors=self.errors)

    def text(self, key: str, limit: int, *, required: bool = False) -> str | None:
        """A string of at most `limit` code points, cleaned; it may be empty."""
        value = self.data.get(key)
        if value is None:
            if required:
                self.fail(key, "is required")
            return None
        if not isinstance(value, str):
            self._wrong(key, "a string", value)
            return None
        if len(value) > limit:
            self.fail(key, f"has {len(value)} code points; at most {limit} are taken")
            return None
        return clean_text(value)

    def identifier(self, key: str, limit: int, *, required: bool = False) -> str | None:
        """A string that names something: not blank, and without control characters."""
        value = self.text(key, limit, required=required)
        if value is None:
            return None
        if not value.strip():
            if required:
                self.fail(key, "must not be empty")
            return None
        if _CONTROL.search(value) is not None:
            self.fail(key, "must not hold control characters")
            return None
        return value

    def link(self, key: str, limit: int) -> str | None:
        """An http or https URL: links are shown to be clicked, so no other scheme is kept."""
        value = self.identifier(key, limit)
        if value is not None and _LINK.match(value) is None:
            self.fail(key, "must be an http or https URL")
            return None
        return value

    def instant(self, key: str, *, low: datetime, high: datetime) -> datetime | None:
        """A required ISO 8601 instant with a zone, in UTC, in [low, high)."""
        value = self.data.get(key)
        if value is None:
            self.fail(key, "is required")
            return None
        if not isinstance(value, str):
            self._wrong(key, "an ISO 8601 string", value)
            return None
        try:
            instant = datetime.fromisoformat(value.strip())
        except ValueError:
            self.fail(key, f"{value[:40]!r} is no ISO 8601 instant such as 2026-01-31T08:00:00Z")
            return None
        if instant.utcoffset() is None:
            self.fail(key, "has no zone; add Z or an offset such as +08:00")
            return None
        # Aware instants compare where the arithmetic of zones would overflow.
        if not low <= instant < high:
            self.fail(key, f"{value[:40]!r} must lie from {low:%Y-%m-%d} to before {high:%Y-%m-%d}")
            return None
        return instant.astimezone(UTC)

    def number(self, key: str, *, low: float, high: float) -> float | None:
        """A finite number in [low, high]."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(key, "a number", value)
            return None
        if not low <= value <= high:
            self.fail(key, f"must lie in {low:g} to {high:g}")
            return None
        return float(value)

    def counter(self, key: str) -> int | None:
        """A whole number from 0 to 2**63 - 1; 3.0 counts as 3."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, float) and math.isfinite(value) and value == int(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong(key, "a whole number", value)
            return None
        if not 0 <= value <= _MAX_COUNTER:
            self.fail(key, "must lie in 0 to 2^63 - 1")
            return None
        return value

    def flag(self, key: str) -> bool | None:
        """true or false."""
        value = self.data.get(key)
        if value is None or isinstance(value, bool):
            return value
        self._wrong(key, "true or false", value)
        return None

    def choice(self, key: str, choices: Mapping[str, T]) -> T | None:
        """One of the named choices."""
        value = self.data.get(key)
        if value is None:
            return None
        chosen = choices.get(value) if isinstance(value, str) else None
        if chosen is None:
            self.fail(key, f"must be one of {', '.join(choices)}")
        return chosen

    def _wrong(self, key: str, wanted: str, value: object) -> None:
        self.fail(key, f"must be {wanted}, not {type(value).__name__}")
