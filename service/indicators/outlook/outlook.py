"""The volume of the next 90 days, how far to trust it, and the people that it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

import structlog

from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.errors import InvalidInput
from service.indicators.figure import Silence
from service.indicators.outlook.backtest import LEAST_KNOWN, Accuracy, Forecaster, accuracy, origins
from service.indicators.outlook.naive import seasonal_naive
from service.indicators.outlook.range import Range
from service.indicators.outlook.smoothing import exponential_smoothing
from service.indicators.outlook.staffing import (
    SHIFTS_H,
    Shift,
    Workload,
    hour_profile,
    shifts,
)
from service.indicators.surroundings import Surroundings
from service.stores import PostQuery, PostStore

DAYS = 90
TESTED = (90, 56, 28)
"""Days ahead that are back-tested: the most for which the history is long enough."""
LEAST_DAYS = LEAST_KNOWN + TESTED[-1]
MOST_DAYS = 400
LATELY = timedelta(days=28)
"""What hours of the day and intents are taken from."""
LEAST_INTENTS = 100
NEEDING = ("complaint", "question", "threat")
"""Intents of posts that somebody has to answer."""

log = structlog.get_logger(__name__)


class Model(StrEnum):
    SMOOTHING = "exponential_smoothing"
    NAIVE = "seasonal_naive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """How posts become people; lengths in minutes and hours."""

    minutes: float
    shift_h: int
    busy: float

    def check(self) -> None:
        """Raise InvalidInput with every mistake."""
        wrong = []
        if not 0 < self.minutes <= 24 * 60:
            wrong.append(("minutes", "more than 0, at most 1440"))
        if self.shift_h not in SHIFTS_H:
            wrong.append(("shift_h", f"one of {', '.join(map(str, SHIFTS_H))}: parts of a day"))
        if wrong:
            said = "; ".join(f"{path}: {message}" for path, message in wrong)
            raise InvalidInput(said, errors=wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day on people's clocks; `shifts` are empty where the workload is not known."""

    day: date
    posts: Range
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """`served` is the model with the smaller error; smoothing has none where it could not be
    fitted. `load` is None, with a reason, where too few posts of four weeks have an intent."""

    history_since: date
    history_days: int
    tested_days: int
    origins: int
    served: Model
    accuracy: Mapping[Model, Accuracy | None]
    load: Workload | None
    reason: Silence | None
    days: tuple[Day, ...]


class Outlooks:
    """Reads the post store; changes nothing. One forecast at a time: it takes a core."""

    def __init__(
        self,
        *,
        store: PostStore,
        surroundings: Surroundings,
        clock: Clock,
        zone: tzinfo,
        staffing: Staffing,
    ) -> None:
        self._store = store
        self._surroundings = surroundings
        self._clock = clock
        self._zone = zone
        self.staffing = staffing
        self._turn = asyncio.Semaphore(1)

    async def ahead(
        self, actor: Principal, monitor_id: str, *, staffing: Staffing | None = None
    ) -> Outlook:
        """The days from today on, from whole days before it.

        Raises Forbidden, InvalidInput for fewer than 84 days since the first post or a staffing
        that cannot be meant, NotFound for the monitor, StoreError.
        """
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        asked = staffing or self.staffing
        asked.check()
        await self._surroundings.monitor(monitor_id)
        today = self._clock.now().astimezone(self._zone).date()
        volumes, by_hour = await self._history(monitor_id, today)
        if len(volumes) < LEAST_DAYS:
            message = (
                f"{len(volumes)} whole days since the first post of the last {MOST_DAYS} days: a "
                f"forecast needs {LEAST_DAYS}"
            )
            raise InvalidInput(f"monitor {monitor_id}: {message}", errors=[("monitor", message)])
        load = await self._load(monitor_id, today, asked, by_hour)
        async with self._turn:
            return await asyncio.to_thread(forecast, volumes, today, load)

    async def _history(self, monitor_id: str, today: date) -> tuple[list[int], list[int]]:
        """Posts by day, from the first one with any to yesterday; and lately by hour of the day."""
        until = self._midnight(today)
        since = self._midnight(today - timedelta(days=MOST_DAYS))
        buckets = await self._store.histogram(
            PostQuery(monitors=(monitor_id,)),
            interval=timedelta(hours=1),
            since=since,
            until=until,
        )
        days: dict[date, int] = {}
        by_hour = [0] * 24
        for bucket in buckets:
            local = bucket.start.astimezone(self._zone)
            if bucket.posts or days:
                days[local.date()] = days.get(local.date(), 0) + bucket.posts
            if bucket.start >= until - LATELY:
                by_hour[local.hour] += bucket.posts
        return list(days.values()), by_hour

    async def _load(
        self, monitor_id: str, today: date, asked: Staffing, by_hour: Sequence[int]
    ) -> Workload | None:
        until = self._midnight(today)
        (tally,) = await self._store.tallies(
            PostQuery(monitors=(monitor_id,)), edges=[until - LATELY, until]
        )
        with_intent = sum(tally.intents.values())
        if with_intent < LEAST_INTENTS:
            return None
        needing = sum(tally.intents.get(intent, 0) for intent in NEEDING)
        return Workload(
            share=needing / with_intent,
            minutes=asked.minutes,
            shift_h=asked.shift_h,
            busy=asked.busy,
            profile=hour_profile(by_hour),
        )

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self._zone).astimezone(UTC)


def forecast(
    volumes: Sequence[int],
    today: date,
    load: Workload | None,
    *,
    smoothing: Forecaster = exponential_smoothing,
) -> Outlook:
    """The days from today on by the model that was less wrong; at least 84 days are known."""
    known = [float(volume) for volume in volumes]
    ahead = next(days for days in TESTED if origins(len(known), days))
    at = origins(len(known), ahead)
    naive = accuracy(known, seasonal_naive, at=at, ahead=ahead)
    smooth: Accuracy | None = None
    ranges: Sequence[Range] = seasonal_naive(known, DAYS)
    served = Model.NAIVE
    try:
        smooth = accuracy(known, smoothing, at=at, ahead=ahead)
        if _is_better(smooth, naive):
            ranges, served = smoothing(known, DAYS), Model.SMOOTHING
    except ValueError as error:  # LinAlgError is one
        log.warning("outlook.not_fitted", reason=str(error))
        smooth = None
    return Outlook(
        history_since=today - timedelta(days=len(known)),
        history_days=len(known),
        tested_days=ahead,
        origins=len(at),
        served=served,
        accuracy={Model.SMOOTHING: smooth, Model.NAIVE: naive},
        load=load,
        reason=Silence.NOT_ENOUGH_DATA if load is None else None,
        days=tuple(
            Day(
                day=today + timedelta(days=number),
                posts=range_,
                shifts=() if load is None else shifts(range_, load),
            )
            for number, range_ in enumerate(ranges)
        ),
    )


def _is_better(smooth: Accuracy, naive: Accuracy) -> bool:
    return smooth.mase is not None and naive.mase is not None and smooth.mase < naive.mase
