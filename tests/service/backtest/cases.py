"""Incidents and looks made by hand, and rules that fit them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playbooks import Library, document_of, lay_rules, load_library
from service.backtest import Found, Look, Raise, SegmentLook
from service.monitoring.crowds import Crowd

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""10:00 on a Monday in Shanghai."""


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def found(
    opened: float,
    ended: float | None = None,
    *,
    monitor: str = "tea",
    scenario: str = "outage",
    tier: str = "yellow",
    raised: tuple[tuple[str, float], ...] = (),
    first: float | None = None,
    **more: Any,
) -> Found:
    """Hours since START."""
    tiers = [Raise(tier=tier, at=at(opened), rules=("small",))]
    tiers += [Raise(tier=name, at=at(hours), rules=("big",)) for name, hours in raised]
    return Found(
        monitor=monitor,
        scenario=scenario,
        opened_at=at(opened),
        first_post_at=at(opened if first is None else first),
        ended_at=at(opened + 4 if ended is None else ended),
        tiers=tuple(tiers),
        **more,
    )


def rule(name: str, tier: str, negative: int, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": {"zh": name, "en": name},
        "kind": "crisis",
        "scenarios": "any",
        "tier": tier,
        "when": {"all": [{"fact": "negative_1h", "at_least": negative}]},
        "why": {"zh": name},
    } | more


def library(*rules: dict[str, Any]) -> Library:
    """The shipped tiers and playbooks with these rules and no others."""
    shipped = load_library()
    off = [{"id": name, "enabled": False} for name in shipped.rules]
    return lay_rules(shipped, [document_of(item, place="case") for item in (*off, *rules)])


SMALL = rule("small", "yellow", 10)
BIG = rule("big", "orange", 40)


def look(
    hours: float,
    negative: int,
    *,
    rules: Library,
    scenario: str = "outage",
    inside: bool = False,
    whole: int | None = None,
) -> Look:
    """A look at one scenario and at the whole monitor, with the rules that hold on their facts."""

    def segment(name: str, count: int) -> SegmentLook:
        key = None if name == "unclassified" else name
        held = frozenset(
            item.id
            for item in rules.rules.values()
            if item.enabled
            and item.reads(key)
            and all(
                part.comparison is not None and count >= part.comparison.threshold
                for part in item.when.all_ or ()
            )
        )
        return SegmentLook(
            scenario=name,
            segment=key,
            is_inside=inside,
            crowd=Crowd(posts=count * 2, negative=count),
            held=held,
            facts={"negative_1h": count},
        )

    every = (
        segment(scenario, negative),
        segment("unclassified", negative if whole is None else whole),
    )
    return Look(monitor="tea", at=at(hours), segments=every)
