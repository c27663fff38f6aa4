"""Where the pages of models are, and what they share."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE
from service.learning import Trial, TrialState

LIST = f"{BASE}/models"
EVALUATE = f"{BASE}/new-evaluation"

PLACE = Place(
    name="models",
    path="/models",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.MODEL),
    deeper=("/models/evaluations/{evaluation_id}", "/models/trials/{trial_id}", "/new-evaluation"),
)
_SIGNS = {
    TrialState.RUNNING: "▶",
    TrialState.DONE: "✓",
    TrialState.FAILED: "✗",
    TrialState.CANCELLED: "○",
}


def evaluation_address(evaluation_id: str) -> str:
    """The page of a recorded evaluation."""
    return f"{LIST}/evaluations/{evaluation_id}"


def trial_address(trial_id: str) -> str:
    """The page of one that goes on."""
    return f"{LIST}/trials/{trial_id}"


def state_of(words: Words, state: TrialState) -> str:
    """How it stands, with a sign beside the word."""
    return f"{_SIGNS[state]} {words.choice('models.states', state.value)}"


def progress_of(words: Words, trial: Trial) -> str:
    """How far it is, in words."""
    stage = words.choice("models.stages", trial.stage)
    return f"{stage} {trial.done:,} / {trial.of:,}" if trial.of else stage
