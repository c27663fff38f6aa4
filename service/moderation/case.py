"""What the machine hands to people: a text with what was found in it, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from nlp import CopyKey


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLabel:
    """One reason: `score` in [0, 1]; `source` is lexicon, pattern, model or human."""

    label: str
    score: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A text that the machine has judged, as review and patrol take it.

    `kind` is `post` or `advertisement`, `suggestion` is pass, review or block, `policy` is
    `name@hash`; `author` is a keyed pseudonym and never the id that the caller sent; `at` is
    aware UTC. `parent` is the text that it answers or reposts, `session` what its author wrote just
    before, oldest first.
    """

    text: str
    item_id: str | None
    kind: str
    caller: str
    policy: str
    suggestion: str
    held: bool
    hold_id: str | None
    risk_level: str
    labels: tuple[CaseLabel, ...]
    copy_key: CopyKey
    author: str | None
    at: datetime
    versions: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None
    session: tuple[str, ...] = ()


class ReviewIntake(Protocol):
    """Takes what people have to look at; the same case filed again is the same item."""

    async def file(self, cases: Sequence[Case]) -> None: ...


class Patrol(Protocol):
    """Is shown what passed, and keeps a sample of it for people to audit."""

    async def offer(self, cases: Sequence[Case]) -> None: ...


class AtRisk(Protocol):
    """Is told of a text that speaks of self-harm: somebody has to reach its author."""

    async def report(self, case: Case) -> None: ...
