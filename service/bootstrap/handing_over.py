"""Hand-over to trackers: their mappings, the sender, the ear and the watch."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from service.bootstrap.ground import Ground
from service.bootstrap.indicators import Indicators
from service.bootstrap.network import Network
from service.bootstrap.reviewing import Reviewing
from service.settings import Settings
from service.trackers import (
    Calls,
    HandoverDesk,
    HandoverWatch,
    Listener,
    Telling,
    Tracker,
    TrackerSender,
    load_trackers,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """`sender` is for the hidden channels of `trackers`; `watch` is upkeep: real time only."""

    trackers: Mapping[str, Tracker]
    desk: HandoverDesk
    listener: Listener
    sender: TrackerSender
    watch: HandoverWatch


def trackers_of(settings: Settings) -> Mapping[str, Tracker]:
    """Those of FENGSUI_TRACKERS_DIR; their secrets are in variables that they name.

    Raises BadConfig.
    """
    return load_trackers(settings.trackers_dir, os.environ)


def open_handing_over(
    ground: Ground,
    trackers: Mapping[str, Tracker],
    *,
    network: Network,
    indicators: Indicators,
    reviewing: Reviewing,
) -> HandingOver:
    """The parts that work with those trackers."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    telling = Telling(public_url=settings.public_url)
    calls = Calls(network.asking)
    listener = Listener(database, clock=clock, items=reviewing.improvements, telling=telling)
    return HandingOver(
        trackers=trackers,
        desk=HandoverDesk(
            database,
            clock=clock,
            trackers=trackers,
            needs=indicators.needs,
            telling=telling,
            public_url=settings.public_url,
            zone=settings.zone,
        ),
        listener=listener,
        sender=TrackerSender(database, trackers=trackers, calls=calls, telling=telling),
        watch=HandoverWatch(
            database,
            clock=clock,
            owner=settings.worker_id,
            trackers=trackers,
            calls=calls,
            listener=listener,
            telling=telling,
            recheck=ground.recheck,
        ),
    )
