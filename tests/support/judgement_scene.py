"""Texts with findings made up for the purpose, and a judgement over a real state database."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from nlp import Analysis, CopyKey, Hit, copy_key, normalize
from nlp.analysis import PatternHit
from service.clock import Clock
from service.db import Database
from service.db.tables import account_signal, hold
from service.moderation import ClassifyItem, Judgement, Policies, load_policies
from service.moderation.accounts import Accounts
from service.moderation.aftermath import Aftermath
from service.moderation.case import Case
from service.moderation.holds import Holds
from service.moderation.policies import read_policies
from service.moderation.policy import Verdict

HITS = {
    "赌盘": ("gambling", 4),
    "吵架": ("abuse", 2),
    "冒犯": ("abuse", 4),
    "加V信": ("diversion", 3),
    "自尽": ("self_harm", 5),
    "最棒": ("ad_absolute", 4),
    "神药": ("medical_claim", 4),
    "受伤": ("injury", 5),
}
"""Words of these tests' own language, with the category and severity of their hits."""
PATTERNS = {
    "包治": "medical_claim",
    "保本": "guaranteed_return",
    "轻生": "self_harm",
    "砍你": "violence_threat",
    "拉群": "diversion",
    "曝光": "exposure_threat",
}
SPARED = "假如"
"""Where this stands in a text, its hits and patterns are suppressed."""
LONG = "祖传三代老中医配方调理身体见效特别快各种疑难杂症都能看看家里老人用过都说好"
"""Long enough for copies of it to be found when a word differs."""


CLAIM = f"{LONG}包治百病"
"""A text that is held."""


def hit(category: str, severity: int, *, start: int = 0, suppressed: bool = False) -> Hit:
    return Hit(
        entry_id=f"lex_{category}_001",
        term="词",
        category=category,
        severity=severity,
        scenario=None,
        start=start,
        end=start + 2,
        surface="词",
        suppressed_by="boundary" if suppressed else None,
    )


def pattern(name: str, *, start: int = 0, suppressed: bool = False) -> PatternHit:
    return PatternHit(
        pattern=name,
        rule="rule",
        start=start,
        end=start + 2,
        surface="词",
        suppressed_by="denied:不" if suppressed else None,
    )


def analysed(text: str = "", **fields: Any) -> Analysis:
    """What an analyser of these tests' language says of a text; `fields` go over it."""
    normal = normalize(text).text
    spared = SPARED in text
    found: dict[str, Any] = {
        "language": "zh",
        "normal": normal,
        "tokens": (),
        "copy_key": copy_key(normal) if text else CopyKey(exact="", simhash=0, bands=()),
        "versions": {"lexicon": "lexicon-test"},
        "hits": tuple(
            Hit(
                entry_id=f"lex_{category}_001",
                term=word,
                category=category,
                severity=severity,
                scenario=None,
                start=match.start(),
                end=match.end(),
                surface=word,
                suppressed_by="boundary" if spared else None,
            )
            for word, (category, severity) in HITS.items()
            for match in re.finditer(word, text)
        ),
        "patterns": tuple(
            PatternHit(
                pattern=name,
                rule="rule",
                start=match.start(),
                end=match.end(),
                surface=word,
                suppressed_by="denied:假如" if spared else None,
            )
            for word, name in PATTERNS.items()
            for match in re.finditer(word, text)
        ),
    }
    return Analysis(**(found | fields))


class Reader:
    """Reads that language; fails on texts with `坏`, or as it is told."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked: list[list[str]] = []

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]:
        del patient
        self.asked.append(list(texts))
        if self.error is not None:
            raise self.error
        if any("坏" in text for text in texts):
            raise RuntimeError("this text breaks the reader")
        return [analysed(text) for text in texts]

    async def analyze_words(
        self, texts: Sequence[str], *, components: Collection[str]
    ) -> list[Analysis]:
        del components
        return await self.analyze(texts)

    async def aclose(self) -> None: ...


@dataclass
class Recorder:
    """Review, patrol and alarm that keep what they are given, or fail when told."""

    filed: list[Case] = field(default_factory=list)
    offered: list[Case] = field(default_factory=list)
    reported: list[Case] = field(default_factory=list)
    broken: bool = False

    async def file(self, cases: Sequence[Case]) -> None:
        self._check()
        self.filed += cases

    async def offer(self, cases: Sequence[Case]) -> None:
        self._check()
        self.offered += cases

    async def report(self, case: Case) -> None:
        self._check()
        self.reported.append(case)

    def _check(self) -> None:
        if self.broken:
            raise ConnectionError("the queue is down")


@dataclass
class Scene:
    """A judgement, and everything behind it."""

    database: Database
    clock: Clock
    policies: Policies = field(default_factory=load_policies)
    reader: Reader = field(default_factory=Reader)
    people: Recorder = field(default_factory=Recorder)

    def __post_init__(self) -> None:
        self.holds = Holds(self.database, clock=self.clock)
        self.accounts = Accounts(self.database, clock=self.clock)
        self.judgement = self._judgement(
            Aftermath(
                self.database,
                holds=self.holds,
                accounts=self.accounts,
                intake=self.people,
                patrol=self.people,
                at_risk=self.people,
            )
        )

    def tell_nobody(self) -> None:
        """Go on without review, patrol and alarm."""
        self.judgement = self._judgement(
            Aftermath(self.database, holds=self.holds, accounts=self.accounts)
        )

    def _judgement(self, aftermath: Aftermath) -> Judgement:
        return Judgement(
            policies=self.policies,
            holds=self.holds,
            accounts=self.accounts,
            reader=self.reader,
            clock=self.clock,
            pseudonym=lambda source, author: f"au_{source}_{author}"[:40],
            aftermath=aftermath,
        )

    async def judge(self, *items: dict[str, Any] | str, caller: str = "shop") -> list[Verdict]:
        """Verdicts on items as a request has them, or on plain texts."""
        read = [
            ClassifyItem.from_json(
                {"text": item} if isinstance(item, str) else item,
                policies=self.policies.by_name,
            )
            for item in items
        ]
        analyses = [analysed(item.text) for item in read]
        return await self.judgement.judge(read, analyses, caller=caller)

    async def one(self, text: str, **fields: Any) -> Verdict:
        [verdict] = await self.judge({"text": text, **fields})
        return verdict

    async def decide(self, hold_id: str, *, passes: bool) -> None:
        """What a person decides of a hold."""
        decide = self.holds.lift if passes else self.holds.confirm
        async with self.database.write() as connection:
            await decide(connection, hold_id, by="reviewer", at=self.clock.now())


def hold_of(verdict: Verdict) -> str:
    """The hold that a verdict names."""
    [ref] = [ref for _, ref in verdict.reasons if ref]
    return ref


def scene_with(database: Database, clock: Clock, policy: str) -> Scene:
    """A scene whose default policy is the shipped one with these lines over it."""
    policies = read_policies([("own.yaml", f"name: default\n{policy}".encode())])
    return Scene(database, clock, policies=policies)


def told(verdict: Verdict) -> tuple[str, bool]:
    """What a caller obeys: the suggestion, and whether it is held."""
    return verdict.suggestion.value, verdict.held


async def rows(database: Database) -> tuple[int, int]:
    """How many holds and how many counters of authors are stored."""
    async with database.read() as connection:
        holds = await connection.scalar(select(func.count()).select_from(hold))
        signals = await connection.scalar(select(func.count()).select_from(account_signal))
    return int(holds or 0), int(signals or 0)
