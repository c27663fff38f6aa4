"""The components that ship."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from nlp.component import Draft
from nlp.lexicon import Derived, LiveLexicon
from nlp.pii import VERSION as PII_VERSION
from nlp.pii import find_pii
from nlp.scenario import scenario_scores
from nlp.sentiment import LexicalSentiment
from nlp.spread.near_duplicate import VERSION as COPY_VERSION
from nlp.spread.near_duplicate import copy_key
from nlp.text.language import VERSION as LANGUAGE_VERSION
from nlp.text.language import detect_language
from nlp.text.normalizer import VERSION as NORMALIZER_VERSION
from nlp.text.normalizer import normalize
from nlp.text.tokenizer import Tokenizer


class _Genuine:
    """A component that is what its name says."""

    stand_in: ClassVar[bool] = False


class NormalizerComponent(_Genuine):
    """Fills `normal`."""

    name = "normalizer"
    needs: tuple[str, ...] = ()
    version = NORMALIZER_VERSION

    def run(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            draft.normal = normalize(draft.text)


class LanguageComponent(_Genuine):
    """Fills `language`."""

    name = "language"
    needs: tuple[str, ...] = ("normalizer",)
    version = LANGUAGE_VERSION

    def run(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            draft.language = detect_language(draft.normal.text)


@dataclass(frozen=True, slots=True)
class TokenizerComponent(_Genuine):
    """Fills `tokens`; the words that stay whole may follow a live lexicon."""

    tokenizer: Derived[Tokenizer]
    name: ClassVar[str] = "tokenizer"
    needs: ClassVar[tuple[str, ...]] = ("normalizer",)

    @property
    def version(self) -> str:
        return self.tokenizer.current.version

    def run(self, drafts: Sequence[Draft]) -> None:
        tokenizer = self.tokenizer.current
        for draft in drafts:
            draft.tokens = tokenizer.tokens(draft.normal.text)


class CopyKeyComponent(_Genuine):
    """Fills `copy_key`."""

    name = "copy_key"
    needs: tuple[str, ...] = ("normalizer",)
    version = COPY_VERSION

    def run(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            draft.copy_key = copy_key(draft.normal.text)


@dataclass(frozen=True, slots=True)
class LexiconComponent(_Genuine):
    """Fills `hits` and `scenarios`, all of one lexicon, whose version goes with them."""

    lexicon: LiveLexicon
    name: ClassVar[str] = "lexicon"
    needs: ClassVar[tuple[str, ...]] = ("normalizer",)

    @property
    def version(self) -> str:
        return self.lexicon.version

    def run(self, drafts: Sequence[Draft]) -> None:
        lexicon = self.lexicon.current
        matched = lexicon.match_batch([draft.normal for draft in drafts])
        for draft, hits in zip(drafts, matched, strict=True):
            draft.hits = hits
            draft.scenarios = scenario_scores(hits)
            draft.versions[self.name] = lexicon.version


class PiiComponent(_Genuine):
    """Fills `pii`."""

    name = "pii"
    needs: tuple[str, ...] = ("normalizer",)
    version = PII_VERSION

    def run(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            draft.pii = find_pii(draft.normal)


@dataclass(frozen=True, slots=True)
class LexicalSentimentComponent:
    """Fills `sentiment` from words where the encoder did not."""

    scorer: LexicalSentiment
    name: ClassVar[str] = "sentiment"
    needs: ClassVar[tuple[str, ...]] = ("normalizer",)
    stand_in: ClassVar[bool] = True

    @property
    def version(self) -> str:
        return self.scorer.version

    def run(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            if draft.sentiment is None:
                draft.sentiment = self.scorer.label(draft.normal.text)
