"""Components of the analyser: each fills in one part of a draft and says what it needs first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from nlp.analysis import CopyKey, Hit, Label, ScenarioScore
from nlp.text.language import Language
from nlp.text.normalizer import NormalText


@dataclass(slots=True)
class Draft:
    """An analysis on its way. Its defaults are what is answered when a component fails."""

    text: str
    normal: NormalText
    language: str = Language.UND
    tokens: tuple[str, ...] = ()
    copy_key: CopyKey = field(default_factory=lambda: CopyKey(exact="", simhash=0, bands=()))
    hits: tuple[Hit, ...] = ()
    scenarios: tuple[ScenarioScore, ...] = ()
    sentiment: Label | None = None
    emotion: Label | None = None
    intent: Label | None = None
    abuse: float | None = None


class Component(Protocol):
    """One step of the analysis. `version` changes when its answers may change."""

    @property
    def name(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the components that must have run."""
        ...

    @property
    def version(self) -> str: ...

    @property
    def stand_in(self) -> bool:
        """Whether this is a poorer substitute, whose name is then listed in `degraded`."""
        ...

    def run(self, draft: Draft) -> None:
        """Fills in its part of the draft."""
        ...
