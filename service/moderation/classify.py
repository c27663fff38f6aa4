"""The classify answer: one text in, the object of `POST /v1/classify` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nlp import Analysis, Analyzer, Hit, Label
from service.moderation.policy import decide

COMPONENTS = ("sentiment", "emotion", "intent", "abuse", "scenario", "lexicon", "patterns", "pii")
MISSING = ("patterns", "pii")
"""Asked for and not there yet: named in `degraded`, never left out in silence."""
LONGEST = 100_000
_KINDS = ("post", "advertisement")
_OFFSETS = ("codepoints", "utf16")
_KEYS = frozenset({"id", "text", "parent", "author", "kind", "policy", "components", "offsets"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyItem:
    """One text to judge. `components` None asks for all."""

    text: str
    id: str | None = None
    kind: str = "post"
    components: tuple[str, ...] | None = None
    utf16: bool = False

    @classmethod
    def from_json(cls, data: Any) -> ClassifyItem:
        """An item of a request or a line. Raises ValueError that names the key."""
        if not isinstance(data, Mapping):
            raise ValueError('not an object: {"id", "text"} is expected')
        text = data.get("text")
        if not isinstance(text, str):
            raise ValueError("text: a string is required")
        if len(text) > LONGEST:
            raise ValueError(f"text: {len(text)} characters; at most {LONGEST}")
        if unknown := sorted(set(map(str, data)) - _KEYS):
            raise ValueError(f"unknown keys: {', '.join(unknown)}")
        kind = data.get("kind", "post")
        if kind not in _KINDS:
            raise ValueError(f"kind: one of {', '.join(_KINDS)}")
        if data.get("policy") not in (None, "default"):
            raise ValueError("policy: only `default` is known")
        offsets = data.get("offsets", "codepoints")
        if offsets not in _OFFSETS:
            raise ValueError(f"offsets: one of {', '.join(_OFFSETS)}")
        item_id = data.get("id")
        return cls(
            text=text,
            id=None if item_id is None else str(item_id),
            kind=kind,
            components=_components(data.get("components")),
            utf16=offsets == "utf16",
        )


def classify_item(analyzer: Analyzer, item: ClassifyItem) -> dict[str, Any]:
    """The answer for one item. What was not asked for is null; what is missing is in `degraded`."""
    analysis = analyzer.analyze(item.text)
    asked = set(item.components or COMPONENTS)
    degraded = sorted({name for name in (*analysis.degraded, *MISSING) if name in asked})
    verdict = decide(analysis, degraded=degraded, kind=item.kind)
    return {
        "id": item.id,
        "suggestion": verdict.suggestion.value,
        "held": False,
        "risk_level": verdict.risk_level,
        "labels": [
            {"label": label, "score": round(score, 4), "source": source}
            for label, score, source in verdict.labels
        ],
        "sentiment": _label(analysis.sentiment) if "sentiment" in asked else None,
        "emotion": _label(analysis.emotion) if "emotion" in asked else None,
        "intent": _label(analysis.intent) if "intent" in asked else None,
        "abuse": _abuse(analysis) if "abuse" in asked else None,
        "scenario": _scenario(analysis) if "scenario" in asked else None,
        "hits": [_hit(hit, item) for hit in analysis.hits] if "lexicon" in asked else None,
        "patterns": None,
        "pii": None,
        "redacted": None,
        "language": analysis.language,
        "degraded": degraded,
        "versions": dict(analysis.versions),
    }


def _components(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise ValueError("components: a list of names")
    if unknown := [name for name in value if name not in COMPONENTS]:
        raise ValueError(f"components: unknown {unknown}; known: {', '.join(COMPONENTS)}")
    return tuple(value)


def _label(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {
        "label": label.label,
        "scores": {name: round(score, 4) for name, score in label.scores.items()},
    }


def _abuse(analysis: Analysis) -> dict[str, float] | None:
    return None if analysis.abuse is None else {"score": round(analysis.abuse, 4)}


def _scenario(analysis: Analysis) -> list[dict[str, Any]]:
    return [
        {"scenario": item.scenario, "score": round(item.score, 4)} for item in analysis.scenarios
    ]


def _hit(hit: Hit, item: ClassifyItem) -> dict[str, Any]:
    names = ("term", "category", "severity", "surface", "evasion", "suppressed_by")
    values = {name: value for name, value in asdict(hit).items() if name in names}
    start, end = hit.start, hit.end
    if item.utf16:
        start, end = _utf16(item.text, start), _utf16(item.text, end)
    return values | {"start": start, "end": end}


def _utf16(text: str, offset: int) -> int:
    return offset + sum(character > "\uffff" for character in text[:offset])
