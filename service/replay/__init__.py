"""Replay: a recorded stream through the whole service, in virtual time."""

from __future__ import annotations

from service.replay.answer import ReplayAnswer, build_answer
from service.replay.drilling import drill_virtually
from service.replay.runner import Progress, Replay, ReplayResult
from service.replay.session import RECORDING, configure, replay_stream
from service.replay.stream import Stream, read_stream

__all__ = [
    "RECORDING",
    "Progress",
    "Replay",
    "ReplayAnswer",
    "ReplayResult",
    "Stream",
    "build_answer",
    "configure",
    "drill_virtually",
    "read_stream",
    "replay_stream",
]
