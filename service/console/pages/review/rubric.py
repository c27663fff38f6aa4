"""The rubric on the page: a key for every reason, the same ones every day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.console.i18n import Words
from service.moderation.case import CaseLabel
from service.moderation.review import Code, ReviewItem, Rubric, Ruling

OURS = "pbenuom"
"""Keys of the stream that are no reasons."""
_KEYS = [key for key in "1234567890acdfghijklqrstvwxyz" if key not in OURS]


def reason_keys(rubric: Rubric) -> Mapping[str, Code]:
    """A key for each code, in the order of the rubric, so that fingers can learn them.

    Codes beyond the keys there are have none, and are pressed by mouse or Tab.
    """
    return dict(zip(_KEYS, rubric.codes, strict=False))


def said(words: Words, code: Code) -> str:
    """What a code means."""
    return words.of({"zh": code.zh, "en": code.en})


def label_name(words: Words, label: str) -> str:
    """A label of machine or person for people; one without a name is shown as it is."""
    named = words.choice("category", label)
    return words.choice("review.labels", label) if named == label else named


def passing(rubric: Rubric, item: ReviewItem) -> Code | None:
    """What `pass` means where nothing else is said: the first such code that fits."""
    return next((c for c in rubric.codes_for(item.kind) if c.ruling is Ruling.PASS), None)


def blocking(rubric: Rubric, item: ReviewItem) -> Code | None:
    """The reason that the machine's strongest label would be, if there is one that fits."""
    codes = [code for code in rubric.codes_for(item.kind) if code.ruling is Ruling.BLOCK]
    for label in strongest(item.labels):
        for code in codes:
            if code.label == label.label:
                return code
    return None


def strongest(labels: Sequence[CaseLabel]) -> list[CaseLabel]:
    """Labels once each, the surest in front."""
    ordered = sorted(labels, key=lambda label: (-label.score, label.label))
    return list({label.label: label for label in reversed(ordered)}.values())[::-1]
