"""Text in, Analysis out: the components in order, on any string whatever."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from nlp.analysis import Analysis
from nlp.batching import Failure, Limits, Observe, answers, unobserved
from nlp.component import Component, Draft
from nlp.components import (
    CopyKeyComponent,
    LanguageComponent,
    LexicalSentimentComponent,
    LexiconComponent,
    NormalizerComponent,
    TokenizerComponent,
)
from nlp.encoder.backend import Backend, Outputs
from nlp.encoder.loading import load_backend, shipped_model
from nlp.encoder_stage import EncoderStage, Enquiry, Part
from nlp.lexicon import Lexicon, load_lexicon
from nlp.reading_cache import ENTRIES, ReadingCache
from nlp.registry import ordered
from nlp.sentiment import load_sentiment
from nlp.text.normalizer import NormalText
from nlp.text.tokenizer import JiebaTokenizer

_log = logging.getLogger(__name__)

# What an analysis should hold; what nothing genuine fills is named in `degraded`.
EXPECTED = ("sentiment", "emotion", "intent", "abuse")
_BATCH_TOKENS = Limits().batch_tokens


def whole_text(text: str, *, title: str | None = None) -> str:
    """The text that is analysed: the title, if any, a line end, the text.

    Every span of an Analysis made with a title counts from the start of this.
    """
    return f"{title}\n{text}" if title else text


class Analyzer:
    """Runs components in the order of their needs, then the encoder, then the stand-ins.

    What fails is logged and named in `degraded`, and the others run. It is the Stages of a Batcher:
    texts in, analyses out.
    """

    def __init__(
        self, components: Iterable[Component], *, encoder: EncoderStage | None = None
    ) -> None:
        """Raises BadComponents when they cannot be put in an order."""
        chosen = ordered(components)
        self._first, self._last = _around_encoder(chosen)
        self._encoder = EncoderStage(()) if encoder is None else encoder
        self.versions = {component.name: component.version for component in chosen}
        if self._encoder.tasks:
            self.versions["encoder"] = self._encoder.version
        genuine = {item.name for item in chosen if not item.stand_in} | self._encoder.tasks
        self._missing = tuple(name for name in EXPECTED if name not in genuine)

    def analyze(self, text: str, *, title: str | None = None) -> Analysis:
        """The analysis of a post; never raises. Spans refer to `whole_text(text, title=title)`."""
        return self.analyze_batch([whole_text(text, title=title)])[0]

    def analyze_batch(self, texts: Sequence[str]) -> list[Analysis]:
        """The analyses of several texts, in order, in this thread; equal texts are read once."""
        unique = list(dict.fromkeys(texts))
        found = dict(zip(unique, answers(self, unique, batch_tokens=_BATCH_TOKENS), strict=True))
        return [found[text] for text in texts]

    def weigh(self, item: str) -> int:
        """About how many tokens a text costs: in Chinese one a character, and two ends."""
        return len(item) + 2

    def prepare(self, items: Sequence[str]) -> list[tuple[Enquiry, list[Part]]]:
        """All that Python can say of each text, and what the encoder has to look at."""
        drafts = [
            Draft(text=text, normal=NormalText(text, text), degraded=list(self._missing))
            for text in items
        ]
        for component in self._first:
            _run(component, drafts)
        return [(enquiry, enquiry.parts) for enquiry in self._encoder.enquire(drafts)]

    def infer(self, parts: Sequence[Part]) -> list[Outputs]:
        """The encoder's outputs, one a part. Raises what the backend raises."""
        return self._encoder.infer(parts)

    def finish(self, work: Enquiry, outputs: Sequence[Outputs | Failure]) -> Analysis:
        """The analysis, with stand-ins for what the encoder did not answer."""
        self._encoder.fill(work, outputs)
        draft = work.draft
        for component in self._last:
            _run(component, [draft])
        return Analysis(
            language=draft.language,
            normal=draft.normal.text,
            tokens=draft.tokens,
            copy_key=draft.copy_key,
            sentiment=draft.sentiment,
            emotion=draft.emotion,
            intent=draft.intent,
            abuse=draft.abuse,
            vector=draft.vector,
            hits=draft.hits,
            scenarios=draft.scenarios,
            degraded=tuple(draft.degraded),
            versions=self.versions,
        )


def load_analyzer(
    user_words: Iterable[str] = (),
    *,
    lexicon: Lexicon | None = None,
    backends: Sequence[Backend] | None = None,
    cache_entries: int = ENTRIES,
    observe: Observe = unobserved,
) -> Analyzer:
    """The analyser that ships; `user_words` (brands, products) and lexicon terms stay whole words.

    `backends` None is the encoder that ships, where it does; () is words alone. `observe` is told
    of the cache's hits and misses. Takes about a second; keep one. Raises BadTable when the lexicon
    is broken, BadModel when the shipped encoder is.
    """
    chosen = lexicon if lexicon is not None else load_lexicon()
    if backends is None:
        backends = (load_backend(),) if shipped_model() else ()
    terms = (entry.term for entry in chosen.entries if " " not in entry.term)
    return Analyzer(
        (
            NormalizerComponent(),
            LanguageComponent(),
            TokenizerComponent(JiebaTokenizer((*terms, *user_words))),
            CopyKeyComponent(),
            LexiconComponent(chosen),
            LexicalSentimentComponent(load_sentiment()),
        ),
        encoder=EncoderStage(backends, cache=ReadingCache(entries=cache_entries, observe=observe)),
    )


def _around_encoder(
    chosen: Sequence[Component],
) -> tuple[tuple[Component, ...], tuple[Component, ...]]:
    """Those that run before the encoder, and stand-ins with all that needs one."""
    late: set[str] = set()
    for component in chosen:
        if component.stand_in or late.intersection(component.needs):
            late.add(component.name)
    return (
        tuple(component for component in chosen if component.name not in late),
        tuple(component for component in chosen if component.name in late),
    )


def _run(component: Component, drafts: Sequence[Draft]) -> None:
    try:
        component.run(drafts)
    except Exception:
        if len(drafts) > 1:
            for draft in drafts:
                _run(component, [draft])
            return
        _log.exception("analysis.component_failed", extra={"component": component.name})
        for draft in drafts:
            draft.lacks(component.name)
