"""Why an incident has its tier, frozen as JSON at the instant at which it got it.

Holds ids and counts, and single words; texts stay with the evidence, masked as they are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from nlp.pii import masked
from playbooks import Facts, Library, NearRule, NextTier, Scope, next_tier
from service.incidents.view import format_instant
from service.monitoring.actions import Gathering
from service.monitoring.baseline import History
from service.monitoring.copying import FEWEST
from service.monitoring.grouping import Asked
from service.monitoring.risk import risk_json
from service.monitoring.situation import SegmentView
from service.monitoring.spreaders import biggest_spreaders, missing_parents
from service.monitors.model import Monitor
from service.posts import is_about_mood
from service.stores.errors import StoreError
from service.stores.post_store import PostQuery, PostStore, SortOrder

log = structlog.get_logger(__name__)

RULES = 5
"""Rules of the next tier that are kept, the nearest."""
TERMS = 10
SPREADERS = 5
GROUPS = 5
POSTS = 200
"""Posts, those with most engagement, among which the spreaders are looked for."""
HOURS = 48
"""Comparable hours whose counts are kept, the latest."""
_RECENT = timedelta(hours=6)
_BEFORE = timedelta(days=14)
_TICK = timedelta(seconds=1)


class Explaining:
    """Explains one segment; reads the store once for each tier that an incident gets."""

    def __init__(
        self, *, store: PostStore, gathering: Gathering, library: Callable[[], Library]
    ) -> None:
        """`library` is asked at each explanation: rules are edited while the service runs."""
        self._store = store
        self._gathering = gathering
        self._library = library

    async def explain(
        self,
        monitor: Monitor,
        view: SegmentView,
        asked: Asked,
        *,
        first_post_id: str | None,
        now: datetime,
    ) -> dict[str, Any]:
        """The explanation of the tier that was asked for at `now`; see docs/api.md for its keys.

        What the store cannot answer is None: an incident does not wait for its explanation.
        """
        scope = Scope(scenario=view.segment, has_brand=monitor.brand_id is not None)
        library = self._library()
        following = next_tier(library, scope, view.facts, above=asked.tier)
        seen: dict[str, Any] = {"terms": None, "spreaders": None, "copies": None, "origin": None}
        whole = not is_about_mood(asked.reasons)
        query = self._gathering.query(
            monitor.id, view.scenario, asked.first_post_at, now, every_mood=whole
        )
        try:
            seen = {
                "terms": await self._terms(query, now),
                "spreaders": await self._spreaders(query),
                "copies": await self._copies(query, now),
                "origin": await self._origin(view),
            }
        except StoreError as error:
            log.warning("explanation.partial", monitor=monitor.id, reason=str(error))
        return {
            "content": view.content,
            "next": None if following is None else next_json(following),
            "risk": risk_json(library, view.facts),
            "baseline": baseline_json(view.facts, view.baseline.history),
            "first_post": {"post": first_post_id, "at": format_instant(asked.first_post_at)},
            **seen,
        }

    async def _terms(self, query: PostQuery, now: datetime) -> list[dict[str, Any]]:
        """Words of the last hours that the two weeks before did not have, or had less.

        What one post alone says is told only where nothing else is.
        """
        since = max(query.since or now, now - _RECENT)
        recent = replace(query, since=since)
        before = replace(query, since=since - _BEFORE, until=since)
        found = await self._store.top_terms(recent, background=before, limit=TERMS)
        return [
            {"term": masked(item.term), "posts": item.posts, "background": item.background}
            for item in [item for item in found if item.posts > 1] or found
        ]

    async def _spreaders(self, query: PostQuery) -> list[dict[str, Any]]:
        """Whom others shared counts, though hardly anybody reacted to that post itself."""
        page = await self._store.search(query, limit=POSTS, sort=SortOrder.ENGAGEMENT)
        posts = [item.post for item in page.items]
        shared = await self._store.get_many(missing_parents(posts))
        return list(biggest_spreaders([*shared.values(), *posts], limit=SPREADERS))

    async def _origin(self, view: SegmentView) -> dict[str, Any] | None:
        """The first post ever of the text that was said most in the last hour, where it matters."""
        hour = view.windows.hour
        if hour.largest_group is None or hour.largest_group_posts < FEWEST:
            return None
        query = PostQuery(copy_groups=(hour.largest_group,))
        page = await self._store.search(query, limit=1, sort=SortOrder.OLDEST)
        return {
            "group": hour.largest_group,
            "posts_1h": hour.largest_group_posts,
            "post": page.items[0].post.id if page.items else None,
            "at": format_instant(page.items[0].post.published_at) if page.items else None,
        }

    async def _copies(self, query: PostQuery, now: datetime) -> dict[str, Any]:
        """How many posts in how many wordings, and the wordings that were said most."""
        (all_of_it,) = await self._store.tallies(query, edges=(query.since or now, now + _TICK))
        groups = await self._store.counts_by_copy_group(query, limit=GROUPS)
        return {
            "posts": all_of_it.posts,
            "distinct": all_of_it.distinct,
            "groups": [{"group": name, "posts": posts} for name, posts in groups if posts > 1],
        }


def next_json(following: NextTier) -> dict[str, Any]:
    """The next tier with its nearest rules: what would have to come, with value and threshold."""
    return {
        "tier": following.tier.id,
        "rules": [_rule_json(following, rule) for rule in following.rules[:RULES]],
    }


def baseline_json(facts: Facts, history: History) -> dict[str, Any]:
    """What the last hour was compared with, of all posts and of the negative ones.

    `hours` are the counts of comparable hours, oldest first.
    """

    def compared(seen: str, hours: tuple[int, ...], *, of: str = "") -> dict[str, Any]:
        return {
            "seen": facts.get(seen),
            "expected": facts.get(f"{of}expected_1h"),
            "score": facts.get(f"{of}burst_score_1h"),
            "hours": list(hours[-HOURS:]),
        }

    return {
        "posts": compared("posts_1h", history.posts),
        "negative": compared("negative_1h", history.negative, of="negative_"),
        "angry": compared("angry_1h", history.angry, of="angry_"),
        "history_h": history.length_h,
    }


def _rule_json(following: NextTier, rule: NearRule) -> dict[str, Any]:
    said = following.said(rule)
    return {
        "rule": rule.rule_id,
        "reached": round(rule.reached, 4),
        "missing": [
            {
                "clause": gap.clause,
                "value": gap.value,
                "threshold": gap.comparison.threshold,
                "reached": round(gap.reached, 4),
            }
            for gap in rule.gaps
        ],
        "text": {"zh": said.zh, "en": said.en},
    }
