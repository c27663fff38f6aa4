"""Everything of the learning loop in one process."""

from __future__ import annotations

from dataclasses import dataclass

from service.db.follower import Follower
from service.learning.corrections import CorrectionDesk
from service.learning.evaluating import Evaluator
from service.learning.export import SetExport
from service.learning.serving import EncoderDirectory
from service.learning.switching import SwitchDesk
from service.learning.trials import Trials


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """`models` is the encoder that serves; `follower` runs in every process that reads texts.

    `trials` are the evaluations that go on in this process.
    """

    corrections: CorrectionDesk
    export: SetExport
    evaluator: Evaluator
    trials: Trials
    switches: SwitchDesk
    models: EncoderDirectory
    follower: Follower
