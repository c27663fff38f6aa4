"""The component fills in drafts."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlp.patterns import PatternComponent, PatternHit, compile_patterns
from nlp.text.normalizer import NormalText, normalize

FILE = """
id: p
title: {zh: 甲, en: A}
severity: 3
rules:
  - {id: r, form: 走*}
examples: {positive: [], negative: []}
"""


@dataclass
class FakeDraft:
    normal: NormalText
    patterns: tuple[PatternHit, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)


def test_fills_patterns_and_carries_the_version() -> None:
    component = PatternComponent(compile_patterns([("p.yaml", FILE.encode())]))
    drafts = [FakeDraft(normalize("走")), FakeDraft(normalize("来"))]

    component.run(drafts)

    assert [len(draft.patterns) for draft in drafts] == [1, 0]
    assert component.version == component.pattern_set.version == drafts[0].versions["patterns"]
    assert (component.name, component.needs, component.stand_in) == (
        "patterns",
        ("normalizer",),
        False,
    )
