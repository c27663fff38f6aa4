"""What a form holds: as it is stored, and as it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from service.console.i18n import Words
from service.errors import InvalidInput

Raw = str | bool | list[str]
"""A value as the browser has it."""
Version = int | str | None

_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored, by path of the field, and its version; of a new thing nothing is."""

    values: Mapping[str, object] = field(default_factory=dict)
    version: Version = None


class Values:
    """What was sent, read as what it should be.

    Each reader raises InvalidInput with the field's path where it cannot be that.
    """

    def __init__(
        self, raw: Mapping[str, Raw], *, words: Words, zone: ZoneInfo, version: Version
    ) -> None:
        self.raw = raw
        self._words = words
        self._zone = zone
        self._version = version

    @property
    def version(self) -> int | None:
        """The version on which it was typed, of what counts its versions."""
        return self._version if isinstance(self._version, int) else None

    @property
    def etag(self) -> str | None:
        """The version on which it was typed, of what names its versions."""
        return self._version if isinstance(self._version, str) else None

    def text(self, path: str) -> str:
        """The text without spaces around it; empty where nothing was typed."""
        value = self.raw.get(path, "")
        return value.strip() if isinstance(value, str) else ""

    def as_typed(self, path: str) -> str:
        """The text as it was typed, spaces and tabs around it too: tables need them."""
        value = self.raw.get(path, "")
        return value if isinstance(value, str) else ""

    def optional(self, path: str) -> str | None:
        """The text, None where nothing was typed."""
        return self.text(path) or None

    def lines(self, path: str) -> tuple[str, ...]:
        """The lines that are not empty."""
        return tuple(line.strip() for line in self.text(path).splitlines() if line.strip())

    def many(self, path: str) -> tuple[str, ...]:
        """What was ticked."""
        value = self.raw.get(path, [])
        return tuple(value) if isinstance(value, list) else ()

    def yes(self, path: str) -> bool:
        """Whether it was ticked."""
        return self.raw.get(path) is True

    def number(self, path: str) -> float | None:
        """A finite number, None where nothing was typed."""
        text = self.text(path)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            raise self._refused(path, "form.no_number") from None
        if number != number or number in (float("inf"), float("-inf")):
            raise self._refused(path, "form.no_number")
        return number

    def whole(self, path: str) -> int | None:
        """A whole number, None where nothing was typed."""
        text = self.text(path)
        if not text:
            return None
        # Python reads integers of thousands of digits, which nothing behind us stores.
        if len(text) > _DIGITS:
            raise self._refused(path, "form.no_whole")
        try:
            return int(text)
        except ValueError:
            raise self._refused(path, "form.no_whole") from None

    def day(self, path: str) -> date | None:
        """A day, None where none was chosen."""
        text = self.text(path)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise self._refused(path, "form.no_day") from None

    def instant(self, path: str) -> datetime | None:
        """An instant, aware, typed in the zone of the settings; None where none was chosen."""
        text = self.text(path)
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self._zone) if text else None
        except ValueError:
            raise self._refused(path, "form.no_day") from None

    def _refused(self, path: str, key: str) -> InvalidInput:
        said = self._words(key)
        return InvalidInput(said, errors=[(path, said)])
