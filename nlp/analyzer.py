"""Text in, Analysis out: the components in order, on any string whatever."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from nlp.analysis import Analysis
from nlp.batching import Failure, Limits, Observe, answers, unobserved
from nlp.component import Component, Draft
from nlp.components import (
    CopyKeyComponent,
    LanguageComponent,
    LexicalSentimentComponent,
    LexiconComponent,
    NormalizerComponent,
    PiiComponent,
    TokenizerComponent,
)
from nlp.encoder.backend import Backend, Outputs
from nlp.encoder.loading import load_backend, shipped_model
from nlp.encoder_stage import EncoderStage, Enquiry, Part
from nlp.lexicon import Lexicon, LiveLexicon, load_lexicon
from nlp.patterns import PatternComponent, load_patterns
from nlp.reading_cache import ENTRIES, ReadingCache
from nlp.registry import ordered
from nlp.sentiment import load_sentiment
from nlp.text.normalizer import NormalText
from nlp.text.tokenizer import JiebaTokenizer, Tokenizer

_log = logging.getLogger(__name__)

# What an analysis should hold; what nothing genuine fills is named in `degraded`.
EXPECTED = ("sentiment", "emotion", "intent", "abuse", "moderation")
WORDS = frozenset(("lexicon", "patterns", "pii"))
"""What is found by words alone, without any model."""
# Without its copy key a text could not be told from a copy of one that is held.
_ALWAYS = ("language", "copy_key")
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
        self._components = {component.name: component for component in chosen}
        self._versions = {component.name: component.version for component in chosen}
        self._genuine = frozenset(item.name for item in chosen if not item.stand_in)

    @property
    def versions(self) -> dict[str, str]:
        """Of every component, as they are now."""
        found = {name: component.version for name, component in self._components.items()}
        if self._encoder.tasks:
            found["encoder"] = self._encoder.version
        return found

    def swap_encoder(self, backends: Sequence[Backend]) -> None:
        """From now on texts are read by these backends; those under way end as they began."""
        self._encoder = self._encoder.with_backends(backends)

    def analyze(self, text: str, *, title: str | None = None) -> Analysis:
        """The analysis of a post; never raises. Spans refer to `whole_text(text, title=title)`."""
        return self.analyze_batch([whole_text(text, title=title)])[0]

    def analyze_batch(self, texts: Sequence[str]) -> list[Analysis]:
        """The analyses of several texts, in order, in this thread; equal texts are read once."""
        unique = list(dict.fromkeys(texts))
        found = dict(zip(unique, answers(self, unique, batch_tokens=_BATCH_TOKENS), strict=True))
        return [found[text] for text in texts]

    def analyze_words(
        self, texts: Sequence[str], *, components: Collection[str] = ("lexicon",)
    ) -> list[Analysis]:
        """Language, copy key and what those components (of WORDS) find; nothing else is run.

        For callers that ask for nothing else: some hundred microseconds a text in this thread.
        `versions` are those of what ran. Never raises on a text; raises ValueError for a component
        that is not one of WORDS.
        """
        if unknown := set(components) - WORDS:
            raise ValueError(f"{sorted(unknown)} need more than words; known: {sorted(WORDS)}")
        drafts = [Draft(text=text, normal=NormalText(text, text)) for text in texts]
        wanted = self._with_needs({*components, *_ALWAYS})
        for component in wanted:
            _run(component, drafts)
        versions = {component.name: component.version for component in wanted}
        return [_analysis(draft, versions) for draft in drafts]

    def _with_needs(self, names: Collection[str]) -> list[Component]:
        """The components of these names and all that they need, in their order."""
        wanted = set(names)
        for name, component in reversed(self._components.items()):
            if name in wanted:
                wanted.update(component.needs)
        return [component for name, component in self._components.items() if name in wanted]

    def weigh(self, item: str) -> int:
        """About how many tokens a text costs: in Chinese one a character, and two ends."""
        return len(item) + 2

    def prepare(self, items: Sequence[str]) -> list[tuple[Enquiry, list[Part]]]:
        """All that Python can say of each text, and what the encoder has to look at."""
        stage = self._encoder
        answered = self._genuine | stage.tasks
        missing = [name for name in EXPECTED if name not in answered]
        drafts = [
            Draft(text=text, normal=NormalText(text, text), degraded=list(missing))
            for text in items
        ]
        for component in self._first:
            _run(component, drafts)
        return [(enquiry, enquiry.parts) for enquiry in stage.enquire(drafts)]

    def infer(self, parts: Sequence[Part]) -> list[Outputs]:
        """The encoder's outputs, one a part. Raises what the backend raises."""
        stages = dict.fromkeys(part.stage for part in parts)
        rows: dict[int, Outputs] = {}
        for stage in stages:
            places = [place for place, part in enumerate(parts) if part.stage is stage]
            rows.update(zip(places, stage.infer([parts[place] for place in places]), strict=True))
        return [rows[place] for place in range(len(parts))]

    def finish(self, work: Enquiry, outputs: Sequence[Outputs | Failure]) -> Analysis:
        """The analysis, with stand-ins for what the encoder did not answer."""
        work.stage.fill(work, outputs)
        draft = work.draft
        for component in self._last:
            _run(component, [draft])
        encoder = {"encoder": work.stage.version} if work.stage.tasks else {}
        return _analysis(draft, {**self._versions, **encoder})


def load_analyzer(
    user_words: Iterable[str] = (),
    *,
    lexicon: Lexicon | LiveLexicon | None = None,
    backends: Sequence[Backend] | None = None,
    cache_entries: int = ENTRIES,
    observe: Observe = unobserved,
) -> Analyzer:
    """The analyser that ships; `user_words` (brands, products) and lexicon terms stay whole words.

    `backends` None is the encoder that ships, where it does; () is words alone. `observe` is told
    of the cache's hits and misses. A LiveLexicon may be swapped later on; whole words and the
    lexicon classes of patterns follow it. Takes about a second; keep one. Raises
    BadTable when the lexicon is broken, BadPattern or BadModel when a pattern or the encoder is.
    """
    chosen = load_lexicon() if lexicon is None else lexicon
    live = chosen if isinstance(chosen, LiveLexicon) else LiveLexicon(chosen)
    if backends is None:
        backends = (load_backend(),) if shipped_model() else ()
    brands = tuple(user_words)

    def whole_words(lexicon: Lexicon) -> Tokenizer:
        terms = (entry.term for entry in lexicon.entries if " " not in entry.term)
        return _tokenizer((*terms, *brands))

    return Analyzer(
        (
            NormalizerComponent(),
            LanguageComponent(),
            TokenizerComponent(live.derive(whole_words)),
            CopyKeyComponent(),
            LexiconComponent(live),
            PatternComponent(live.derive(lambda lexicon: load_patterns(lexicon=lexicon.entries))),
            PiiComponent(),
            LexicalSentimentComponent(load_sentiment()),
        ),
        encoder=EncoderStage(backends, cache=ReadingCache(entries=cache_entries, observe=observe)),
    )


@lru_cache(maxsize=1)
def _tokenizer(words: tuple[str, ...]) -> Tokenizer:
    """The last is kept: replays and drills read with the words of the service that runs them."""
    return JiebaTokenizer(words)


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


def _analysis(draft: Draft, versions: Mapping[str, str]) -> Analysis:
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
        moderation=draft.moderation,
        patterns=draft.patterns,
        pii=draft.pii,
        degraded=tuple(draft.degraded),
        versions={**versions, **draft.versions},
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
