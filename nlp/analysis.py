"""What the analyser says of one text. Spans are half open, in code points of the ORIGINAL text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlp.pii.kind import Pii


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A decided label with the calibrated probability of each candidate; scores sum to 1."""

    label: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One lexicon entry found in the text; `suppressed_by` says why it does not count."""

    entry_id: str
    term: str
    category: str
    severity: int
    scenario: str | None
    start: int
    end: int
    surface: str
    evasion: str | None = None
    suppressed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternHit:
    """One semantic pattern found; half open, in code points of the original.

    `rule` says which wording; `suppressed_by` is `<guard>:<word>` where it does not count.
    """

    pattern: str
    rule: str
    start: int
    end: int
    surface: str
    suppressed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioScore:
    """How strongly the text speaks of one of the twelve scenarios, in [0, 1]."""

    scenario: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryScore:
    """How likely a moderator would file the text under a category, in [0, 1], by the encoder."""

    category: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyKey:
    """Near-duplicate key: equal `exact` is a copy; an equal band makes a candidate to compare."""

    exact: str
    simhash: int
    bands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything known about a text.

    A component that was not run is None; `degraded` names the missing. `vector` is the sentence
    embedding, (width,) float32 of unit length; None for a text without words.
    """

    language: str
    normal: str
    tokens: tuple[str, ...]
    copy_key: CopyKey
    sentiment: Label | None = None
    emotion: Label | None = None
    intent: Label | None = None
    abuse: float | None = None
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    hits: tuple[Hit, ...] = ()
    scenarios: tuple[ScenarioScore, ...] = ()
    moderation: tuple[CategoryScore, ...] = ()
    patterns: tuple[PatternHit, ...] = ()
    pii: tuple[Pii, ...] = ()
    degraded: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def counted_hits(self) -> tuple[Hit, ...]:
        """The hits that no rule suppressed."""
        return tuple(hit for hit in self.hits if hit.suppressed_by is None)

    @property
    def counted_patterns(self) -> tuple[PatternHit, ...]:
        """The patterns that no guard suppressed."""
        return tuple(hit for hit in self.patterns if hit.suppressed_by is None)

    @property
    def severity(self) -> int:
        """Severity of the worst counted hit, 0 to 5."""
        return max((hit.severity for hit in self.counted_hits), default=0)

    @property
    def categories(self) -> tuple[str, ...]:
        """Lexicon categories of the counted hits, sorted, once each."""
        return tuple(sorted({hit.category for hit in self.counted_hits}))

    @property
    def scenario(self) -> str | None:
        """The strongest scenario, or None."""
        best = max(self.scenarios, key=lambda item: item.score, default=None)
        return None if best is None else best.scenario
