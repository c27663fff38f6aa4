"""The patterns as a component of the analyser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from nlp.analysis import PatternHit
from nlp.lexicon.live import Derived
from nlp.patterns.matcher import PatternSet
from nlp.text.normalizer import NormalText


class PatternDraft(Protocol):
    """The part of a draft that is read and filled in here."""

    @property
    def normal(self) -> NormalText: ...

    patterns: tuple[PatternHit, ...]
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class PatternComponent:
    """Fills `patterns`; their lexicon classes may follow a live lexicon."""

    patterns: PatternSet | Derived[PatternSet]
    name: ClassVar[str] = "patterns"
    needs: ClassVar[tuple[str, ...]] = ("normalizer",)
    stand_in: ClassVar[bool] = False

    @property
    def pattern_set(self) -> PatternSet:
        """The patterns of the moment."""
        return self.patterns.current if isinstance(self.patterns, Derived) else self.patterns

    @property
    def version(self) -> str:
        return self.pattern_set.version

    def run(self, drafts: Sequence[PatternDraft]) -> None:
        pattern_set = self.pattern_set
        for draft in drafts:
            draft.patterns = pattern_set.match(draft.normal)
            draft.versions[self.name] = pattern_set.version
