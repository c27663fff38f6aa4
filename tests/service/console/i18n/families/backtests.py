"""Words of the pages of back-tests that code makes up."""

from __future__ import annotations

from playbooks import Mode, Rule
from service.backtest import BacktestState

FAMILIES = {
    "backtests.states": set(BacktestState),
    "backtests.keys": set(Rule.model_fields),
    "backtests.stages": {
        "queued",
        "reading",
        "lexicon",
        "current",
        "candidate",
        "budget",
        "proposed",
        "done",
    },
}
FORMED = {
    "backtests.delay": {"p50", "p90"},
    "backtests.side": {"current", "candidate", "change"},
    "backtests.group": {"lost", "gained", "changed"},
    "backtests.budget": {"fits", "none"}
    | {"rule", "factor", "busiest", "pages", "kept", "lowered", "later"},
    "backtests.take": {f"{mode}{part}" for mode in Mode for part in ("", "_ask", "_hint", "_done")},
}
