"""What somebody asks of a back-test, as JSON: checked before anything is played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playbooks import document_of
from service.backtest.budget import parse_budget
from service.backtest.model import Candidate
from service.backtest.scene import require_span
from service.errors import InvalidInput
from service.lexicon import read_import
from service.monitors import MonitorDraft
from service.rules import RulesInForce

MOST_RULES = 100
MOST_LEXICON = 1_000_000
"""Characters of a candidate lexicon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`rules` as in a file of `apply`, `lexicon` a table as `lexicon export` writes it.

    `query` is tried out in place of the monitor's own, over all stored posts and for `brand`;
    `monitor` then only names it, and need not be there yet.
    """

    since: datetime | None = None
    until: datetime | None = None
    monitor: str | None = None
    rules: Sequence[Mapping[str, Any]] = ()
    lexicon: str | None = None
    budget: str | None = None
    query: str | None = None
    brand: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "from": None if self.since is None else self.since.isoformat(),
            "to": None if self.until is None else self.until.isoformat(),
            "monitor": self.monitor,
            "rules": [dict(rule) for rule in self.rules],
            "lexicon": self.lexicon,
            "budget": self.budget,
            **({} if self.query is None else {"query": self.query, "brand": self.brand}),
        }

    @property
    def watch(self) -> MonitorDraft | None:
        """The monitor whose query is tried out; None for those that are there."""
        if self.query is None:
            return None
        name = self.monitor or "draft"
        return MonitorDraft(id=name, name=name, query=self.query, brand_id=self.brand)

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Ask:
        since, until = (
            None if data[name] is None else datetime.fromisoformat(data[name])
            for name in ("from", "to")
        )
        return cls(
            since=since,
            until=until,
            monitor=data["monitor"],
            rules=tuple(data["rules"]),
            lexicon=data["lexicon"],
            budget=data["budget"],
            query=data.get("query"),
            brand=data.get("brand"),
        )

    def candidate(self, rules: RulesInForce) -> Candidate:
        """What is tried out in place of the rules in force.

        Raises InvalidInput with every mistake.
        """
        require_span(self.since, self.until)
        if len(self.rules) > MOST_RULES:
            raise InvalidInput(f"at most {MOST_RULES} rules", errors=[("rules", "too many")])
        lexicon = None
        if self.lexicon is not None:
            if len(self.lexicon) > MOST_LEXICON:
                said = f"at most {MOST_LEXICON:,} characters"
                raise InvalidInput(f"lexicon: {said}", errors=[("lexicon", said)])
            lexicon = read_import(self.lexicon.encode(), file="lexicon")
            if lexicon.issues:
                raise InvalidInput(
                    "the lexicon is refused as a whole; mend these lines",
                    errors=[(f"{item.file}:{item.line}", item.message) for item in lexicon.issues],
                )
        candidate = Candidate(
            rules=tuple(
                document_of(dict(rule), place=f"rules[{place}]")
                for place, rule in enumerate(self.rules)
            ),
            lexicon=lexicon,
            budget=None if self.budget is None else parse_budget(self.budget),
        )
        rules.replacing(candidate.rules)
        return candidate
