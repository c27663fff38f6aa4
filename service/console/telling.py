"""The timeline in words: what happened, and what about it is worth reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from playbooks import Run
from service.console.format import span
from service.console.i18n import Words
from service.incidents.model import TimelineEntry
from service.monitoring.grouping import TakingEnd

_ENDINGS = {end.value: end.name.lower() for end in TakingEnd}
QUIET = frozenset({"page_sent"})
"""Kinds that the timeline leaves out: the list of pages shows them."""
_LONGEST = 300
"""Characters of what somebody wrote that one line of the timeline quotes."""


def _unnamed(actor: str) -> str:
    return actor


class Telling:
    """Puts entries into words for one reader. `tiers` and `scenarios` are names by id, `name_of`
    that of a person."""

    def __init__(
        self,
        words: Words,
        *,
        run: Run | None,
        tiers: Mapping[str, str],
        scenarios: Mapping[str, str],
        name_of: Callable[[str], str] = _unnamed,
    ) -> None:
        self._words = words
        self._tiers = tiers
        self._scenarios = scenarios
        self._name_of = name_of
        self._steps = (
            {} if run is None else {step.id: words.of(step.step.title) for step in run.steps}
        )

    def heading(self, entry: TimelineEntry) -> str:
        """What happened, such as 升级 or 步骤超时."""
        return self._words.choice("timeline", entry.kind)

    def detail(self, entry: TimelineEntry) -> str:
        """The rest of it; what people wrote comes out as they wrote it."""
        data = entry.data
        if entry.kind.startswith("step_"):
            return self._step(data)
        if entry.kind == "tier_changed":
            return self._change(data, self._tiers)
        if entry.kind == "scenario_named":
            return self._change(data, self._scenarios)
        if entry.kind.startswith("page_"):
            return " · ".join(
                str(data[key]) for key in ("channel", "event", "reason") if data.get(key)
            )
        if entry.kind.startswith("seat_"):
            return self._joined(self._words.choice("role", str(data.get("role", ""))), data)
        if entry.kind == "assigned" or entry.kind.startswith("handover_"):
            return self._joined(self._name_of(str(data.get("to") or "")), data)
        if entry.kind.startswith("statement_"):
            return self._joined(str(data.get("title") or ""), data)
        if entry.kind.endswith("linked"):
            kind = self._words.choice("link_kind", str(data.get("kind") or ""))
            return self._joined(f"{kind} {data.get('incident') or ''}", data)
        if entry.kind in ("split", "split_from"):
            return self._joined(str(data.get("into") or data.get("from") or ""), data)
        if entry.kind == "paged":
            everybody = ["*"] if data.get("everybody") else []
            return ", ".join([*data.get("persons", ()), *everybody] or data.get("channels", ()))
        if entry.kind == "taking_ended":
            reason = str(data.get("reason", ""))
            return self._words.choice("taking_ended", _ENDINGS.get(reason, reason))
        if entry.kind == "opened":
            tier = str(data.get("tier", ""))
            return self._words(
                "told.opened", tier=self._tiers.get(tier, tier), posts=data.get("posts", 0)
            )
        if entry.kind == "backlog_measured":
            return self._backlog(data)
        return str(data.get("text") or data.get("reason") or "")

    def _joined(self, first: str, data: Mapping[str, Any]) -> str:
        """The first part, and the note or reason that somebody gave with it."""
        said = str(data.get("note") or data.get("reason") or "")[:_LONGEST]
        return " · ".join(part for part in (first, said) if part)

    def _backlog(self, data: Mapping[str, Any]) -> str:
        return self._words(
            "told.backlog_measured",
            length=data.get("length", 0),
            oldest=span(timedelta(seconds=float(data.get("oldest_age_s", 0))), self._words),
            limit=span(timedelta(seconds=float(data.get("limit_s", 0))), self._words),
        )

    def _step(self, data: Mapping[str, Any]) -> str:
        step = str(data.get("step", ""))
        parts = [self._steps.get(step, step), self._words.choice("role", str(data.get("role", "")))]
        if data.get("escalate_to"):
            to = self._words.choice("role", str(data["escalate_to"]))
            parts.append(self._words("told.escalated", role=to))
        return " · ".join(part for part in parts if part)

    def _change(self, data: Mapping[str, Any], names: Mapping[str, str]) -> str:
        before, after = str(data.get("from") or ""), str(data.get("to") or "")
        return f"{names.get(before, before)} → {names.get(after, after)}"
