"""The only things that a rule may read, and a frozen set of their values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from playbooks.errors import UnknownFact
from playbooks.measures import MEASURES, Window

FactValue = float | bool | None
"""A number, a truth, or None where it is not known."""


class FactKind(StrEnum):
    NUMBER = "number"
    BOOLEAN = "bool"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpec:
    """What a fact means, what it is made from, and its largest value if it has one.

    `zh` and `en` name it without its window, None for what has no window.
    """

    name: str
    unit: str
    kind: FactKind
    zh: str
    en: str
    source: str
    measure: str
    part: str
    window: Window | None
    high: float | None = None


_HIGHEST = {"0–1": 1.0, "0–5": 5.0}


def _catalogue() -> Iterator[FactSpec]:
    for measure in MEASURES:
        for part in measure.parts:
            zh, en = measure.title(part)
            for window in measure.windows:
                yield FactSpec(
                    name=measure.fact(part, window),
                    unit=measure.unit,
                    kind=FactKind.BOOLEAN if measure.unit == "bool" else FactKind.NUMBER,
                    zh=zh,
                    en=en,
                    source=part.source if measure.source == "posts" else measure.source,
                    measure=measure.id,
                    part=part.id,
                    window=window,
                    high=_HIGHEST.get(measure.unit),
                )


FACTS: Mapping[str, FactSpec] = {spec.name: spec for spec in _catalogue()}


def fact_spec(name: str) -> FactSpec:
    """The catalogue's entry; raises UnknownFact for any other name."""
    spec = FACTS.get(name)
    if spec is None:
        near = get_close_matches(name, FACTS, n=1)
        meant = f", did you mean {near[0]}?" if near else ";"
        raise UnknownFact(f"there is no fact {name!r}{meant} docs/measures.md lists them")
    return spec


def check_fact(name: str, value: FactValue) -> None:
    """Refuse a name outside the catalogue and a value of the wrong kind, with UnknownFact."""
    spec = fact_spec(name)
    if value is None:
        return
    if (spec.kind is FactKind.BOOLEAN) is not isinstance(value, bool):
        raise UnknownFact(f"fact {name} takes a {spec.kind.value}, not {value!r}")
    if not math.isfinite(value):
        raise UnknownFact(f"fact {name} is {value!r}: give a finite number, or None for unknown")


@dataclass(frozen=True, slots=True)
class Facts:
    """Values of one segment at one instant; a fact that is not given is unknown."""

    values: Mapping[str, FactValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            check_fact(name, value)

    def get(self, name: str) -> FactValue:
        """The value, or None when unknown; raises UnknownFact for a name outside the catalogue."""
        fact_spec(name)
        return self.values.get(name)
