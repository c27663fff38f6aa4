"""Text in, Analysis out: the components in order, on any string whatever."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from nlp.analysis import Analysis
from nlp.component import Component, Draft
from nlp.components import (
    CopyKeyComponent,
    LanguageComponent,
    LexicalSentimentComponent,
    LexiconComponent,
    NormalizerComponent,
    TokenizerComponent,
)
from nlp.lexicon import Lexicon, load_lexicon
from nlp.registry import ordered
from nlp.sentiment import load_sentiment
from nlp.text.normalizer import NormalText
from nlp.text.tokenizer import JiebaTokenizer

_log = logging.getLogger(__name__)

# What an analysis should hold; what no genuine component fills is named in `degraded`.
EXPECTED = ("sentiment", "emotion", "intent", "abuse")


def whole_text(text: str, *, title: str | None = None) -> str:
    """The text that is analysed: the title, if any, a line end, the text.

    Every span of an Analysis made with a title counts from the start of this.
    """
    return f"{title}\n{text}" if title else text


class Analyzer:
    """Runs components in the order of their needs.

    A component that fails is logged and named in `degraded`, and the others run.
    """

    def __init__(self, components: Iterable[Component]) -> None:
        """Raises BadComponents when they cannot be put in an order."""
        self._components = ordered(components)
        self.versions = {component.name: component.version for component in self._components}
        genuine = {item.name for item in self._components if not item.stand_in}
        self._missing = tuple(name for name in EXPECTED if name not in genuine)

    def analyze(self, text: str, *, title: str | None = None) -> Analysis:
        """The analysis of a post; never raises. Spans refer to `whole_text(text, title=title)`."""
        whole = whole_text(text, title=title)
        draft = Draft(text=whole, normal=NormalText(whole, whole))
        degraded = self._missing
        for component in self._components:
            try:
                component.run(draft)
            except Exception:
                _log.exception("analysis.component_failed", extra={"component": component.name})
                if component.name not in degraded:
                    degraded = (*degraded, component.name)
        return Analysis(
            language=draft.language,
            normal=draft.normal.text,
            tokens=draft.tokens,
            copy_key=draft.copy_key,
            sentiment=draft.sentiment,
            emotion=draft.emotion,
            intent=draft.intent,
            abuse=draft.abuse,
            hits=draft.hits,
            scenarios=draft.scenarios,
            degraded=degraded,
            versions=self.versions,
        )

    def analyze_batch(self, texts: Sequence[str]) -> list[Analysis]:
        """The analyses of several texts, in order."""
        return [self.analyze(text) for text in texts]


def load_analyzer(user_words: Iterable[str] = (), *, lexicon: Lexicon | None = None) -> Analyzer:
    """The analyser that ships; `user_words` (brands, products) and lexicon terms stay whole words.

    Takes about half a second; keep one. Raises BadTable when the lexicon is broken.
    """
    chosen = lexicon if lexicon is not None else load_lexicon()
    terms = (entry.term for entry in chosen.entries if " " not in entry.term)
    return Analyzer(
        (
            NormalizerComponent(),
            LanguageComponent(),
            TokenizerComponent(JiebaTokenizer((*terms, *user_words))),
            CopyKeyComponent(),
            LexiconComponent(chosen),
            LexicalSentimentComponent(load_sentiment()),
        )
    )
