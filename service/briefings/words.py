"""The words of briefings in both languages, and how figures and instants are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from importlib.resources import files

import yaml

from service.briefings.figure import Figure, Unit
from service.briefings.model import Language
from service.briefings.period import Kind
from service.indicators import Window

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


@cache
def word_table() -> Mapping[str, Mapping[str, str]]:
    """Every word by its key, in `zh` and `en`; `one` is the English singular of a unit."""
    text = (files("service.briefings") / "words.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language; instants are shown in `zone`, which they name."""

    language: Language
    zone: tzinfo

    def __call__(self, key: str, **values: object) -> str:
        """KeyError for a word that is not there."""
        text = word_table()[key][self.language.value]
        return text.format(**values) if values else text

    def figure(self, figure: Figure) -> str:
        """A figure with its unit; a range in brackets behind it."""
        if figure.value is None:
            return self("not_enough_data")
        said = self._number(figure.value, figure.unit)
        if figure.low is None or figure.high is None:
            return said
        low, high = (self._plain(value) for value in (figure.low, figure.high))
        return self("range", value=said, low=low, high=high)

    def instant(self, at: datetime) -> str:
        """To the minute, with the offset of the zone."""
        local = at.astimezone(self.zone)
        return f"{local:%Y-%m-%d %H:%M} {self.offset(at)}"

    def offset(self, at: datetime) -> str:
        """Such as UTC+8."""
        seconds = int((at.astimezone(self.zone).utcoffset() or at - at).total_seconds())
        sign, minutes = "+" if seconds >= 0 else "-", abs(seconds) // _MINUTE
        rest = f":{minutes % 60:02d}" if minutes % 60 else ""
        return f"UTC{sign}{minutes // 60}{rest}"

    def period(self, kind: Kind, window: Window) -> str:
        """Days, the last one included; of a special briefing to the minute."""
        since, until = (at.astimezone(self.zone) for at in (window.since, window.until))
        if kind is Kind.DAILY:
            return f"{since:%Y-%m-%d}"
        if kind is Kind.WEEKLY:
            last = (window.until - (window.until - window.since) / 14).astimezone(self.zone)
            return self("from_to", since=f"{since:%Y-%m-%d}", until=f"{last:%Y-%m-%d}")
        return self("from_to", since=f"{since:%Y-%m-%d %H:%M}", until=f"{until:%Y-%m-%d %H:%M}")

    def title(self, name: str, kind: Kind, window: Window) -> str:
        """What the whole briefing is called."""
        return self(
            "title", name=name, kind=self(f"kind.{kind.value}"), period=self.period(kind, window)
        )

    def _number(self, value: float, unit: Unit) -> str:
        match unit:
            case Unit.SHARE:
                return f"{value * 100:.1f}%"
            case Unit.CHANGE:
                return f"{value * 100:+.1f}%"
            case Unit.POINTS:
                return self("unit.points", n=f"{value * 100:+.1f}")
            case Unit.BALANCE:
                return f"{value:+.2f}"
            case Unit.PER_THOUSAND:
                return f"{value:.1f}‰"
            case Unit.SECONDS:
                return self._span(value)
            case Unit.HOURS:
                return self("unit.hours", n=f"{value:.1f}")
            case _:
                return self._several(unit, value)

    def _several(self, unit: Unit, value: float) -> str:
        """One thing has a form of its own where the language has one."""
        forms = word_table()[f"unit.{unit.value}"]
        if self.language is Language.EN and value == 1:
            return forms["one"]
        return forms[self.language.value].format(n=self._plain(value))

    def _plain(self, value: float) -> str:
        return f"{value:,.0f}"

    def _span(self, seconds: float) -> str:
        """Two units of time, the largest first; what is left is dropped."""
        whole = int(seconds)
        parts = [
            ("days", whole // _DAY),
            ("hours", whole % _DAY // _HOUR),
            ("minutes", whole % _HOUR // _MINUTE),
            ("seconds", whole % _MINUTE),
        ]
        first = next((place for place, part in enumerate(parts) if part[1]), len(parts) - 1)
        shown = [(name, number) for name, number in parts[first : first + 2] if number]
        return " ".join(self(f"unit.{name}", n=number) for name, number in shown) or self(
            "unit.seconds", n=0
        )
