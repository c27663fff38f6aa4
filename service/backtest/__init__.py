"""The time machine of rules: stored history through other rules, and what would have been."""

from __future__ import annotations

from service.backtest.asking import Ask
from service.backtest.budget import parse_budget
from service.backtest.job import BacktestJob
from service.backtest.model import (
    Budget,
    Candidate,
    Found,
    Label,
    Labels,
    Look,
    Raise,
    Rehearsal,
    Rehearse,
    Reread,
    Sample,
    Scene,
    SegmentLook,
    Stage,
    Tell,
)
from service.backtest.office import BacktestOffice, BacktestRun, BacktestState
from service.backtest.run import Outcome, run_backtest
from service.backtest.scene import Installation, read_scene
from service.backtest.tape import Recorder
from service.backtest.view import Answer, answer_of

__all__ = [
    "Answer",
    "Ask",
    "BacktestJob",
    "BacktestOffice",
    "BacktestRun",
    "BacktestState",
    "Budget",
    "Candidate",
    "Found",
    "Installation",
    "Label",
    "Labels",
    "Look",
    "Outcome",
    "Raise",
    "Recorder",
    "Rehearsal",
    "Rehearse",
    "Reread",
    "Sample",
    "Scene",
    "SegmentLook",
    "Stage",
    "Tell",
    "answer_of",
    "parse_budget",
    "read_scene",
    "run_backtest",
]
