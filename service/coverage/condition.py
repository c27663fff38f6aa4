"""What to think of a feed, as a pure function of what was thought before and what is seen now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeGuard

from crawlers import Checkpoint, Outcome
from service.coverage.silence import NO_MODEL, Silence, Verdict


class Sight(StrEnum):
    """How well a feed is seen."""

    OK = "ok"
    OK_EMPTY = "ok_empty"
    """It answers well and has nothing new, as it may at this hour."""
    QUIET = "quiet"
    """It answers well, or is pushed to us, and brings less than can be believed."""
    BLOCKED = "blocked"
    SCHEMA_DRIFT = "schema_drift"
    FAILING = "failing"
    PARTIAL = "partial"
    """Of a gap only: it answered well, and posts were passed by."""
    PAUSED = "paused"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a feed is in its state; also the text of logs, events and pages."""

    POSTS_ARRIVE = "posts_arrive"
    NOTHING_NEW = "nothing_new"
    NEVER_PULLED = "never_pulled"
    NOTHING_ARRIVED = "nothing_arrived"
    SWITCHED_OFF = "switched_off"
    REFUSED = "refused"
    CHANGED_FORMAT = "changed_format"
    FETCH_FAILED = "fetch_failed"
    NOT_PULLED = "not_pulled"
    """Nobody pulls it, though it is due: the crawler does not run, or waits for the site."""
    STORE_SHUT = "store_shut"
    """The post store takes nothing, so nothing is pulled: our trouble, told of elsewhere."""
    FEWER_POSTS = "fewer_posts"


BLIND = frozenset({Sight.QUIET, Sight.BLOCKED, Sight.SCHEMA_DRIFT, Sight.FAILING, Sight.PAUSED})
"""States in which the absence of posts says nothing."""
ALARMING = BLIND - {Sight.PAUSED}
FRESH = timedelta(hours=1)
"""How long after its last new post a feed is `ok` rather than `ok_empty`."""
REFUSALS = 2
"""Being refused or misread this often in a row is no accident."""
FAILURES = 3
LATE_PULLS = 3
"""A feed is late when its last good pull is so many of its intervals old."""
GRACE = timedelta(minutes=2)
"""What a pull may take: so long after an interval of watching one that was due has come."""

_TROUBLE = {
    Outcome.BLOCKED: (Sight.BLOCKED, Cause.REFUSED),
    Outcome.SCHEMA_DRIFT: (Sight.SCHEMA_DRIFT, Cause.CHANGED_FORMAT),
    Outcome.FAILED: (Sight.FAILING, Cause.FETCH_FAILED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How a feed is pulled: `interval` is the longest wait between good pulls, `since` when it was
    made or last switched on. A feed that is pushed to us has none."""

    enabled: bool
    interval: timedelta
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a feed at one instant. `schedule` is None for one that is pushed to us.

    `watching_since` is since when we have looked without a break, so that a pull can have come in;
    None is long enough. `shut_since` is since when the post store takes nothing.
    """

    schedule: Schedule | None
    checkpoint: Checkpoint | None
    last_post_at: datetime | None
    silence: Silence = NO_MODEL
    watching_since: datetime | None = None
    shut_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The state, since when it lasts, why, and in words; `dark` where people must be told.

    Of a trouble `since` is the last good pull or the last post: from there on posts may be missing.
    """

    sight: Sight
    since: datetime
    cause: Cause
    detail: str
    dark: bool = False


def next_condition(before: Condition | None, seen: Seen, *, now: datetime) -> Condition:
    """The condition of a feed at `now`.

    A trouble is told at once and becomes `dark` only when it stays: refused or misread twice in a
    row, failed three times, or without a good pull for three intervals, of which we have watched
    the last. `since` moves only with the state; a dark feed stays dark until it is seen again, also
    when one trouble turns into another.
    """
    found = _judge(before, seen, now=now)
    if before is None:
        return found
    if found.sight is before.sight:
        dark = found.dark or (before.dark and found.sight in ALARMING)
        return Condition(
            sight=found.sight,
            since=min(before.since, found.since) if found.sight in ALARMING else before.since,
            cause=found.cause,
            detail=found.detail,
            dark=dark,
        )
    if before.dark and found.sight in ALARMING:
        return Condition(
            sight=found.sight,
            since=before.since,
            cause=found.cause,
            detail=found.detail,
            dark=True,
        )
    return found


def _judge(before: Condition | None, seen: Seen, *, now: datetime) -> Condition:
    schedule = seen.schedule
    if schedule is not None:
        if not schedule.enabled:
            return _plain(Sight.PAUSED, Cause.SWITCHED_OFF, "switched off by a person", now)
        trouble = _trouble(schedule, seen, now=now)
        if trouble is not None:
            return trouble
    if seen.shut_since is not None:
        return Condition(
            sight=Sight.FAILING,
            since=min(now, seen.shut_since),
            cause=Cause.STORE_SHUT,
            detail="the post store takes no posts",
        )
    if schedule is not None:
        if seen.checkpoint is None or seen.checkpoint.last_outcome is None:
            return _plain(Sight.UNKNOWN, Cause.NEVER_PULLED, "not pulled yet", now)
    elif seen.last_post_at is None:
        return _plain(Sight.UNKNOWN, Cause.NOTHING_ARRIVED, "nothing has arrived yet", now)
    if _is_still_quiet(before, seen):
        return before
    if _is_quiet(before, seen.silence):
        return Condition(
            sight=Sight.QUIET,
            since=min(now, seen.last_post_at or now),
            cause=Cause.FEWER_POSTS,
            detail=_in_words(seen.silence),
            dark=True,
        )
    if seen.last_post_at is not None and now - seen.last_post_at < FRESH:
        return _plain(Sight.OK, Cause.POSTS_ARRIVE, "posts arrive", now)
    return _plain(Sight.OK_EMPTY, Cause.NOTHING_NEW, "nothing new", now)


def _is_still_quiet(before: Condition | None, seen: Seen) -> TypeGuard[Condition]:
    """While we cannot judge, a quiet feed stays so until something comes."""
    if before is None or before.sight is not Sight.QUIET:
        return False
    spoke = seen.last_post_at is not None and seen.last_post_at > before.since
    return seen.silence.verdict is Verdict.UNSEEN and not spoke


def _is_quiet(before: Condition | None, silence: Silence) -> bool:
    """Two windows make a feed quiet; it takes a newer window that is not odd to end that."""
    if silence.verdict is Verdict.SUSPICIOUS:
        return True
    still = before is not None and before.sight is Sight.QUIET
    return still and silence.is_odd


def _trouble(schedule: Schedule, seen: Seen, *, now: datetime) -> Condition | None:
    checkpoint = seen.checkpoint
    last_ok = None if checkpoint is None else checkpoint.last_ok_at
    start = schedule.since if last_ok is None else max(last_ok, schedule.since)
    late = now - start > schedule.interval * LATE_PULLS
    outcome = None if checkpoint is None else checkpoint.last_outcome
    known = None if outcome is None else _TROUBLE.get(outcome)
    if known is None or checkpoint is None or outcome is None:
        if not late or seen.shut_since is not None:
            return None
        wait = (
            f"no good pull for {LATE_PULLS} intervals of {schedule.interval.total_seconds():.0f} s"
        )
        return Condition(
            sight=Sight.FAILING,
            since=start,
            cause=Cause.NOT_PULLED,
            detail=wait,
            dark=_had_its_turn(schedule, seen, now=now),
        )
    sight, cause = known
    if sight is Sight.FAILING and checkpoint.failures < 2 and not late and last_ok is not None:
        return None  # single time-outs are the weather of the network
    enough = FAILURES if sight is Sight.FAILING else REFUSALS
    return Condition(
        sight=sight,
        since=last_ok or checkpoint.last_outcome_at or start,
        cause=cause,
        detail=(checkpoint.last_reason or outcome.value)[:500],
        dark=checkpoint.failures >= enough or (late and _had_its_turn(schedule, seen, now=now)),
    )


def _had_its_turn(schedule: Schedule, seen: Seen, *, now: datetime) -> bool:
    """Whether we have watched so long that a good pull would have been seen."""
    if seen.watching_since is None:
        return True
    return now - seen.watching_since > schedule.interval + GRACE


def _plain(sight: Sight, cause: Cause, detail: str, now: datetime) -> Condition:
    return Condition(sight=sight, since=now, cause=cause, detail=detail)


def _in_words(silence: Silence) -> str:
    return (
        f"{silence.posts} posts in {silence.width_h} h where {silence.expected or 0:.0f} are usual "
        f"(p = {silence.probability or 0:.1g}), and as few before"
    )
