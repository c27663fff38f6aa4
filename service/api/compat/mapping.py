"""Other services' categories and what of our findings each stands for: data, checked when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from nlp.lexicon import MODERATION
from service.api.compat.errors import BadMapping

_FILE = Path(__file__).with_name("mapping.yaml")
PATTERNS = frozenset(
    {
        "diversion",
        "doxxing",
        "guaranteed_return",
        "medical_claim",
        "paid_posting",
        "self_harm",
        "violence_threat",
    }
)
"""The semantic patterns that move a suggestion under the default policy."""
HEAD = "abuse"
"""The head of the model that has a row of its own, and the label it gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One category of theirs; without any source of ours it is always 0, and `why` says so."""

    name: str
    lexicon: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    head: bool = False
    why: str

    @property
    def components(self) -> frozenset[str]:
        """The components of classify that this row is answered from."""
        used = {"lexicon": self.lexicon, "patterns": self.patterns, HEAD: self.head}
        return frozenset(name for name, sources in used.items() if sources)

    def covers(self, label: str, source: str) -> bool:
        """Whether a label of ours belongs here; `source` as in the answer of classify."""
        match source:
            case "lexicon":
                return label in self.lexicon
            case "pattern":
                return label in self.patterns
            case "model" | "human":
                return label in self.lexicon | self.patterns or (self.head and label == HEAD)
            case _:
                return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Both tables. `elsewhere` are labels that OpenAI's categories have no place for."""

    openai: tuple[Row, ...]
    elsewhere: tuple[Row, ...]
    perspective: Mapping[str, Row]
    refused: Mapping[str, str]
    """Attribute → why it is not answered here."""


@cache
def tables() -> Tables:
    """The tables that ship. Raises BadMapping."""
    return parse(_FILE.read_text(encoding="utf-8"), where=_FILE.name)


def parse(text: str, *, where: str) -> Tables:
    """Tables from YAML. Raises BadMapping with every error, one a line."""
    data = yaml.safe_load(text)
    problems: list[str] = []
    theirs = data["openai"]
    openai = [_row(item, problems) for item in theirs["categories"]]
    elsewhere = [_row({"name": "elsewhere", **item}, problems) for item in theirs["elsewhere"]]
    perspective = [_row(item, problems) for item in data["perspective"]["attributes"]]
    refused = {
        name: " ".join(item["why"].split())
        for item in data["perspective"]["refused"]
        for name in item["names"]
    }
    for names in ([row.name for row in openai], [*(row.name for row in perspective), *refused]):
        twice = sorted({name for name in names if names.count(name) > 1})
        problems += [f"{name}: stands there twice" for name in twice]
    problems += [f"{row.name}: answered from nothing" for row in perspective if not row.components]
    problems += _homeless((*openai, *elsewhere))
    if problems:
        raise BadMapping("\n".join(f"{where}: {problem}" for problem in problems))
    return Tables(
        openai=tuple(openai),
        elsewhere=tuple(elsewhere),
        perspective=MappingProxyType({row.name: row for row in perspective}),
        refused=MappingProxyType(refused),
    )


def _row(item: Mapping[str, Any], problems: list[str]) -> Row:
    name = item["name"]
    lexicon, patterns = frozenset(item.get("lexicon", ())), frozenset(item.get("patterns", ()))
    problems += [f"{name}: {label} is no moderation category" for label in lexicon - MODERATION]
    problems += [f"{name}: {label} moves no suggestion" for label in patterns - PATTERNS]
    return Row(
        name=name,
        lexicon=lexicon,
        patterns=patterns,
        head=item.get("head", False),
        why=" ".join(item["why"].split()),
    )


def _homeless(rows: tuple[Row, ...]) -> list[str]:
    """What of ours has neither a category of OpenAI's nor a reason why not."""
    lexicon = MODERATION - {label for row in rows for label in row.lexicon}
    patterns = PATTERNS - {label for row in rows for label in row.patterns}
    return [f"openai: {label} is nowhere" for label in sorted(lexicon | patterns)]
