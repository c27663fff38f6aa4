"""The patterns as a component of the analyser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from nlp.analysis import PatternHit
from nlp.patterns.matcher import PatternSet
from nlp.text.normalizer import NormalText


class PatternDraft(Protocol):
    """The part of a draft that is read and filled in here."""

    @property
    def normal(self) -> NormalText: ...

    patterns: tuple[PatternHit, ...]


@dataclass(frozen=True, slots=True)
class PatternComponent:
    """Fills `patterns`."""

    pattern_set: PatternSet
    name: ClassVar[str] = "patterns"
    needs: ClassVar[tuple[str, ...]] = ("normalizer",)
    stand_in: ClassVar[bool] = False

    @property
    def version(self) -> str:
        return self.pattern_set.version

    def run(self, drafts: Sequence[PatternDraft]) -> None:
        for draft in drafts:
            draft.patterns = self.pattern_set.match(draft.normal)
