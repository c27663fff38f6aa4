"""The lint of a statement: pure, over its text and what is known around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from playbooks.emotion_matrix import Advice, lacks, words_of
from playbooks.schema import Scenario, Template
from playbooks.statements.clauses import sentences
from playbooks.statements.figures import Figure, Value, figures, is_known, known_values
from playbooks.statements.finding import Code, Finding, Weight, found
from playbooks.statements.promises import promised_spans, promises
from playbooks.statements.wording import Spot, absolute, never_said, worded

_UNFILLED = re.compile(r"\{\{[^{}\n]*\}\}|\{\{|\}\}")
_HARSH = 0.5
_SURE = 0.8
"""At 0.5 it spoke against 15 of 574 sentences that ship, at 0.8 against one outside of thanks."""
_JARRING = frozenset({"angry", "disgust"})
_CHEERFUL = frozenset({"happy", "neutral"})


@dataclass(frozen=True, slots=True)
class Tone:
    """What the encoder says of one sentence: `abuse` and `score` (of `emotion`) in [0, 1]."""

    start: int
    end: int
    abuse: float
    emotion: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a text is judged by; `known` are the values that assessment and evidence hold.

    `tones` None is that nothing has read the text: that part of the lint is then missing.
    """

    now: datetime
    zone: ZoneInfo
    lang: str = "zh"
    scenario: Scenario | None = None
    template: Template | None = None
    known: frozenset[Value] = frozenset()
    advice: Advice | None = None
    absolutes: tuple[Spot, ...] = ()
    tones: tuple[Tone, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """The findings in the order of the text; `degraded` names what could not be looked at."""

    findings: tuple[Finding, ...] = ()
    degraded: tuple[str, ...] = field(default=())

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(item for item in self.findings if item.weight is Weight.BLOCKING)

    @property
    def promises(self) -> tuple[Finding, ...]:
        return tuple(item for item in self.findings if item.code is Code.PROMISE)


def lint_statement(text: str, around: Around) -> Linted:
    """Every finding of a statement; the same text and surroundings give the same findings.

    Spans are half open, in code points of `text`.
    """
    findings = [
        *_unfilled(text, around.template),
        *never_said(text, () if around.scenario is None else around.scenario.never_say),
        *worded(text),
        *absolute(text, around.absolutes),
        *_unverified(text, around),
        *_promised(text),
        *_toned(text, around),
        *_registered(text, around),
    ]
    degraded = [] if around.tones is not None else ["tone"]
    degraded += [] if around.advice is not None else ["register"]
    return Linted(findings=_once(findings), degraded=tuple(degraded))


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In order; of the same code at overlapping places the longest, and a blocking one first."""
    kept: list[Finding] = []
    ranked = sorted(
        findings, key=lambda item: (item.weight is not Weight.BLOCKING, item.start - item.end)
    )
    for item in ranked:
        twin = (
            other
            for other in kept
            if (other.code, other.promise) == (item.code, item.promise)
            and other.start < item.end
            and item.start < other.end
        )
        if next(twin, None) is None:
            kept.append(item)
    return tuple(sorted(kept, key=lambda item: (item.start, item.end, item.code)))


def _unfilled(text: str, template: Template | None) -> Iterator[Finding]:
    for match in _UNFILLED.finditer(text):
        name = match[0].strip("{} ")
        variable = None if template is None else template.variables.get(name)
        yield found(Code.MISSING_VARIABLE, text, match.start(), match.end(), why=variable)


def _unverified(text: str, around: Around) -> Iterator[Finding]:
    body = () if around.template is None else (around.template.body,)
    known = around.known | known_values(body)
    promised = [*promised_spans(text), *(match.span() for match in _UNFILLED.finditer(text))]
    for figure in figures(text):
        inside = any(start < figure.end and figure.start < end for start, end in promised)
        if inside or _is_ahead(figure, around) or is_known(figure.value, known):
            continue
        yield found(Code.UNVERIFIED_FACT, text, figure.start, figure.end)


def _is_ahead(figure: Figure, around: Around) -> bool:
    """Whether it is a day still to come: that is an announcement, and no fact."""
    kind, what = figure.value
    if kind != "date" or not isinstance(what, tuple):
        return False
    year, month, day = what
    today = around.now.astimezone(around.zone).date()
    try:
        return date(year or today.year, month, day) > today
    except ValueError:
        return False


def _promised(text: str) -> Iterator[Finding]:
    for item in promises(text):
        yield found(Code.PROMISE, text, item.start, item.end, promise=item.kind, clause=item.clause)


def _toned(text: str, around: Around) -> Iterator[Finding]:
    for tone in around.tones or ():
        if tone.abuse >= _HARSH:
            yield found(Code.HARSH_TONE, text, tone.start, tone.end)
        elif tone.score >= _SURE and _jars(tone.emotion, around.advice):
            yield found(Code.TONE_MISMATCH, text, tone.start, tone.end)


def _jars(emotion: str, advice: Advice | None) -> bool:
    """Anger and disgust never fit; cheer only where people are cheerful, or feel nothing."""
    if emotion == "happy":
        return advice is not None and advice.emotion not in _CHEERFUL
    return emotion in _JARRING


def _registered(text: str, around: Around) -> Iterator[Finding]:
    if around.advice is None:
        return
    register = around.advice.register
    lowered = text.lower()
    for word in words_of(register.avoids, around.lang):
        at = lowered.find(word.lower())
        while at >= 0:
            yield found(Code.REGISTER_CLASH, text, at, at + len(word), why=register.how)
            at = lowered.find(word.lower(), at + len(word))
    if text and lacks(register, text, around.lang):
        start, end = next(sentences(text), (0, 0))
        yield found(Code.REGISTER_MISSING, text, start, end, why=register.how)
