"""Components of the analyser: each fills in one part of its drafts and says what it needs first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.analysis import CategoryScore, CopyKey, Hit, Label, PatternHit, ScenarioScore
from nlp.pii.kind import Pii
from nlp.text.language import Language
from nlp.text.normalizer import NormalText


@dataclass(slots=True, eq=False)
class Draft:
    """An analysis on its way. Its defaults are what is answered when a component fails."""

    text: str
    normal: NormalText
    language: str = Language.UND
    tokens: tuple[str, ...] = ()
    copy_key: CopyKey = field(default_factory=lambda: CopyKey(exact="", simhash=0, bands=()))
    hits: tuple[Hit, ...] = ()
    scenarios: tuple[ScenarioScore, ...] = ()
    moderation: tuple[CategoryScore, ...] = ()
    patterns: tuple[PatternHit, ...] = ()
    pii: tuple[Pii, ...] = ()
    sentiment: Label | None = None
    emotion: Label | None = None
    intent: Label | None = None
    abuse: float | None = None
    vector: NDArray[np.float32] | None = None
    degraded: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    """Of the components whose version may change while they work, the one that filled this."""

    def lacks(self, name: str) -> None:
        """Names a part that is missing or poorer than it should be, once."""
        if name not in self.degraded:
            self.degraded.append(name)


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
        """Whether this is a poorer substitute: it runs last and fills in what the encoder left."""
        ...

    def run(self, drafts: Sequence[Draft]) -> None:
        """Fills in its part of each draft.

        When it raises, it is run again on each draft alone: what it did before must do no harm.
        """
        ...
