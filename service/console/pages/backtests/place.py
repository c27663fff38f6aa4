"""Where the pages of back-tests are, and what they share."""

from __future__ import annotations

from service.auth import Action, Resource
from service.backtest import BacktestRun, BacktestState
from service.console.board import Board
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.reasons import rule_name
from service.console.session import BASE

LIST = f"{BASE}/backtests"
ASK = f"{BASE}/new-backtest"

PLACE = Place(
    name="backtests",
    path="/backtests",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.RULE),
    deeper=("/backtests/{backtest_id}", "/new-backtest"),
)
_SIGNS = {
    BacktestState.QUEUED: "…",
    BacktestState.RUNNING: "▶",
    BacktestState.DONE: "✓",
    BacktestState.FAILED: "✗",
    BacktestState.CANCELLED: "○",
}


def address(run_id: str) -> str:
    """The page of a back-test."""
    return f"{LIST}/{run_id}"


def state_of(words: Words, state: BacktestState) -> str:
    """How it stands, with a sign beside the word."""
    return f"{_SIGNS[state]} {words.choice('backtests.states', state.value)}"


def progress_of(words: Words, run: BacktestRun) -> str:
    """How far it is, in words."""
    stage = words.choice("backtests.stages", run.stage)
    return f"{stage} {run.done:,} / {run.of:,}" if run.of else stage


def tried_of(board: Board, words: Words, run: BacktestRun) -> str:
    """What is tried out: rules by name, a lexicon, a budget."""
    asked, library = run.asked, board.container.rules.directory.library
    told = [rule_name(str(rule.get("id", "?")), words, library) for rule in asked.get("rules", ())]
    if asked.get("lexicon"):
        told.append(words("backtests.with_lexicon"))
    if asked.get("budget"):
        told.append(words("backtests.with_budget", budget=asked["budget"]))
    return words("list.comma").join(told) or words("backtests.as_is")
