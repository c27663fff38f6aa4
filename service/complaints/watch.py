"""Complaints among the posts that come in: each opens a ticket, by the rules, or joins one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from service.clock import Clock
from service.complaints import records, repository
from service.complaints.claim import Claim
from service.complaints.intake import Intake, Taken
from service.complaints.model import Origin
from service.complaints.rule import ComplaintRuleDraft, Reason, judge
from service.complaints.rules import RuleBook
from service.db import Database
from service.metrics import complaints_taken
from service.stores.post_store import StoredPost

RULES_FOR = timedelta(seconds=30)
"""How long rules that were read are used: another process may have changed one."""
_HOUR = timedelta(hours=1)

BrandOf = Callable[[str], str | None]
"""The brand of a monitor, None where it has none."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    post: StoredPost
    monitor: str
    rule: ComplaintRuleDraft


class ComplaintWatch:
    """Looks at stored posts, one transaction for each that complains."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        rules: RuleBook,
        intake: Intake,
        brand_of: BrandOf,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules
        self._intake = intake
        self._brand_of = brand_of
        self._read: tuple[ComplaintRuleDraft, ...] = ()
        self._generation = -1
        self._read_at = clock.now()

    async def notice(self, posts: Sequence[StoredPost]) -> None:
        """See to it that each complaint is in a ticket; telling it again changes nothing."""
        named = [post for post in posts if post.monitors]
        if not named:
            return
        found = await self._found(named)
        if not found:
            return
        async with self._database.read() as connection:
            # A feed brings its posts again with each pull.
            known = await records.known_posts(connection, [item.post.id for item in found])
        for item in sorted(found, key=lambda item: (item.post.published_at, item.post.id)):
            if item.post.id not in known:
                await self._take(item)

    async def _found(self, posts: Sequence[StoredPost]) -> list[_Found]:
        rules = await self._current()
        found = []
        for post in posts:
            branded = {name for name in post.monitors if self._brand_of(name) is not None}
            hit = self._first(rules, post, branded)
            if hit is not None:
                found.append(hit)
        return found

    def _first(
        self, rules: Sequence[ComplaintRuleDraft], post: StoredPost, branded: Collection[str]
    ) -> _Found | None:
        """The first rule, by id, that one of the post's monitors has it by."""
        now = self._clock.now()
        for rule in rules:
            for monitor in post.monitors:
                reason = judge(rule, post, monitor=monitor, branded=branded, now=now)
                if reason is Reason.MATCHED:
                    return _Found(post=post, monitor=monitor, rule=rule)
        return None

    async def _take(self, found: _Found) -> None:
        now = self._clock.now()
        claim = Claim(
            post=found.post,
            monitor=found.monitor,
            brand=self._brand_of(found.monitor),
            origin=Origin.RULE,
        )
        async with self._database.write() as connection:
            opened = await repository.opened_by(connection, found.rule.id, since=now - _HOUR)
            took = await self._intake.take(
                connection, claim, found.rule, now=now, room=opened < found.rule.per_hour
            )
        if took.taken is not Taken.OPENED:
            complaints_taken.labels(origin=Origin.RULE.value, outcome=took.taken.value).inc()
        if took.taken is Taken.FULL:
            log.warning("complaint.full", rule=found.rule.id, per_hour=found.rule.per_hour)

    async def _current(self) -> tuple[ComplaintRuleDraft, ...]:
        now = self._clock.now()
        stale = now - self._read_at >= RULES_FOR
        if stale or not self._read or self._generation != self._database.generation:
            self._generation = self._database.generation
            self._read = await self._rules.now()
            self._read_at = now
        return self._read
