"""The model that was switched to, followed by every process that reads texts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from nlp import Analyzer
from service.db import Database
from service.db.changes import mark
from service.learning import repository
from service.learning.candidate import Kind, fingerprint_of
from service.learning.errors import Altered
from service.metrics import encoder_degraded, encoder_not_switched
from service.moderation import Encoder

KIND = "model"
"""The kind of the changes that are announced."""

Open = Callable[[Path | None], Encoder]
"""Loads the models of the settings, with the one of a folder in the place of the served one."""

log = structlog.get_logger(__name__)


def place_of(after: Mapping[str, Any] | None) -> Path | None:
    """The folder of what a switch left; None for the model of the settings."""
    return None if after is None else Path(after["place"])


def checked_place(after: Mapping[str, Any] | None) -> Path | None:
    """The same where it still holds that model. Raises Altered where it is gone or another one."""
    place = place_of(after)
    if place is None or after is None:
        return None
    try:
        found = fingerprint_of(place)
    except OSError as error:
        raise Altered(
            f"{place}: {error.strerror}; {after['name']} was switched to: bring the folder back, "
            "or take the switch back"
        ) from error
    if found != after["fingerprint"]:
        raise Altered(f"{place} holds another model than {after['name']}, which was switched to")
    return place


def open_switched(after: Mapping[str, Any] | None, open_at: Open) -> Encoder:
    """The models with that one among them. Raises Altered, and what opening raises."""
    return open_at(checked_place(after))


class EncoderDirectory:
    """Follows the switches. What cannot be loaded is logged, and what served goes on serving."""

    def __init__(
        self, database: Database, *, encoder: Encoder, open_at: Open, threads: bool = True
    ) -> None:
        """`encoder` is that of the settings; `threads` False loads on the event loop."""
        self._database = database
        self._encoder = encoder
        self._open = open_at
        self._threads = threads
        self._analyzer: Analyzer | None = None
        self._after: Mapping[str, Any] | None = None
        self._mark: tuple[int, int] | None = None
        self._number = 0

    @property
    def encoder(self) -> Encoder:
        """What reads texts now."""
        return self._encoder

    @property
    def place(self) -> Path | None:
        """The folder that was switched to; None while the settings' model serves."""
        return place_of(self._after)

    def feed(self, analyzer: Analyzer) -> None:
        """From now on this analyser follows."""
        self._analyzer = analyzer
        analyzer.swap_encoder(self._encoder.backends)

    async def is_behind(self) -> bool:
        """Whether anybody has switched since the last look."""
        async with self._database.read() as connection:
            return await mark(connection, KIND) != self._mark

    async def refresh(self) -> bool:
        """Load what was switched to, off the event loop, and swap it in; answers whether it did."""
        async with self._database.read() as connection:
            current = await mark(connection, KIND)
            if current == self._mark:
                return False
            last = await repository.last_of(connection, Kind.ENCODER)
        self._mark = current
        if last is None or last.number == self._number:
            return False
        self._number = last.number
        try:
            encoder = (
                await asyncio.to_thread(open_switched, last.after, self._open)
                if self._threads
                else open_switched(last.after, self._open)
            )
        except Exception:
            encoder_not_switched.set(1)
            log.exception("encoder.switch_failed", number=last.number, name=last.name)
            return False
        encoder_not_switched.set(0)
        self._encoder, self._after = encoder, last.after
        encoder_degraded.set(encoder.degraded)
        if self._analyzer is not None:
            self._analyzer.swap_encoder(encoder.backends)
        versions = [backend.version for backend in encoder.backends]
        log.info("encoder.switched", number=last.number, versions=versions)
        return True
