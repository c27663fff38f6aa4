"""The learning loop: what people said, a candidate measured by it, one step to it and back."""

from __future__ import annotations

from service.learning.candidate import (
    Candidate,
    Kind,
    encoder_candidate,
    lexicon_candidate,
    rules_candidate,
    written_candidate,
)
from service.learning.corrections import Correction, CorrectionDesk
from service.learning.errors import Altered, BadSet, NotEvaluated, NothingToUndo
from service.learning.evaluating import Evaluator, Readers, Rehearsing, Span
from service.learning.exchange import Exchange
from service.learning.export import SetExport
from service.learning.gathering import Gathering
from service.learning.head import CORRECTED, Head
from service.learning.loop import Learning
from service.learning.repository import Evaluation, Switch
from service.learning.row import Origin, Split, TrainingRow
from service.learning.serving import EncoderDirectory
from service.learning.switching import SwitchDesk
from service.learning.training_set import TrainingSet, content_of, read_set, set_of
from service.learning.trials import Trial, Trials, TrialState
from service.learning.view import Evaluated

__all__ = [
    "CORRECTED",
    "Altered",
    "BadSet",
    "Candidate",
    "Correction",
    "CorrectionDesk",
    "EncoderDirectory",
    "Evaluated",
    "Evaluation",
    "Evaluator",
    "Exchange",
    "Gathering",
    "Head",
    "Kind",
    "Learning",
    "NotEvaluated",
    "NothingToUndo",
    "Origin",
    "Readers",
    "Rehearsing",
    "SetExport",
    "Span",
    "Split",
    "Switch",
    "SwitchDesk",
    "TrainingRow",
    "TrainingSet",
    "Trial",
    "TrialState",
    "Trials",
    "content_of",
    "encoder_candidate",
    "lexicon_candidate",
    "read_set",
    "rules_candidate",
    "set_of",
    "written_candidate",
]
