"""The lint of statements with what our analyser reads: tone by the encoder, words by lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from nlp import Analysis
from playbooks import Library
from playbooks.emotion_matrix import Advice, Mood, advise, intensity_of, mood_of
from playbooks.schema import Intensity, Template
from playbooks.statements import (
    Around,
    Linted,
    Spot,
    Tone,
    Value,
    lint_statement,
    sentences,
)
from service.errors import Overloaded
from service.incidents import Incident
from service.moderation import TextReader

_ABSOLUTE = "ad_absolute"
_SENTENCES = 200
"""Sentences of one statement that are read for tone; what stands after them is not."""
_POSTS = 20
"""Posts of the evidence by which the mood is told."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the analyser found in a text; `tones` None where the encoder is missing or busy."""

    absolutes: tuple[Spot, ...]
    tones: tuple[Tone, ...] | None


class Linter:
    """Reads and judges; nothing here touches a database."""

    def __init__(self, *, reader: TextReader, library: Library, zone: ZoneInfo) -> None:
        self._reader = reader
        self._library = library
        self._zone = zone

    async def read(self, text: str) -> Read:
        """Analyse a text sentence by sentence; by words alone while the encoder is overloaded."""
        spans = list(sentences(text))[:_SENTENCES]
        parts = [text[start:end] for start, end in spans]
        try:
            analyses = await self._reader.analyze(parts) if parts else []
        except Overloaded:
            found = await self._reader.analyze_words(parts, components={"lexicon"})
            return Read(_absolutes(spans, found), None)
        return Read(_absolutes(spans, analyses), _tones(spans, analyses))

    async def mood(self, posts: Sequence[str]) -> Mood | None:
        """What people feel in these texts; None when nothing reads it, or there are none."""
        texts = [text for text in posts[:_POSTS] if text.strip()]
        if not texts:
            return None
        try:
            analyses = await self._reader.analyze(texts)
        except Overloaded:
            return None
        felt = [item.emotion.label for item in analyses if item.emotion is not None]
        return mood_of(felt) if felt else None

    def intensity(self, mood: Mood) -> Intensity | None:
        """How strong a mood is; None without a matrix."""
        matrix = self._library.responses
        return None if matrix is None else intensity_of(matrix, mood.share)

    def advice(
        self, incident: Incident, emotion: str | None, intensity: str | None
    ) -> Advice | None:
        """How to answer it in the incident's tier; None where that is not known."""
        matrix = self._library.responses
        if matrix is None or emotion is None or intensity is None:
            return None
        return advise(
            matrix,
            emotion=emotion,
            intensity=Intensity(intensity),
            tier=incident.tier,
            follows=self._library.tiers.follows,
        )

    def judge(
        self,
        text: str,
        read: Read,
        *,
        scenario: str | None,
        template: Template | None,
        lang: str,
        known: frozenset[Value],
        advice: Advice | None,
        now: datetime,
    ) -> Linted:
        """The findings of a text that was read."""
        return lint_statement(
            text,
            Around(
                now=now,
                zone=self._zone,
                lang=lang,
                scenario=self._library.scenarios.get(scenario or ""),
                template=template,
                known=known,
                advice=advice,
                absolutes=read.absolutes,
                tones=read.tones,
            ),
        )


def _absolutes(spans: Sequence[tuple[int, int]], found: Sequence[Analysis]) -> tuple[Spot, ...]:
    return tuple(
        Spot(start + hit.start, start + hit.end)
        for (start, _), analysis in zip(spans, found, strict=True)
        for hit in analysis.counted_hits
        if hit.category == _ABSOLUTE
    )


def _tones(spans: Sequence[tuple[int, int]], found: Sequence[Analysis]) -> tuple[Tone, ...] | None:
    tones = []
    for (start, end), analysis in zip(spans, found, strict=True):
        emotion, abuse = analysis.emotion, analysis.abuse
        if emotion is None or abuse is None:
            return None
        tones.append(Tone(start, end, abuse, emotion.label, emotion.scores[emotion.label]))
    return tuple(tones)
