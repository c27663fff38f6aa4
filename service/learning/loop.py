"""Everything of the learning loop in one process."""

from __future__ import annotations

from dataclasses import dataclass

from service.db.follower import Follower
from service.learning.corrections import CorrectionDesk
from service.learning.evaluating import Evaluator
from service.learning.export import SetExport
from service.learning.serving import EncoderDirectory
from service.learning.switching import SwitchDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """`models` is the encoder that serves; `follower` runs in every process that reads texts."""

    corrections: CorrectionDesk
    export: SetExport
    evaluator: Evaluator
    switches: SwitchDesk
    models: EncoderDirectory
    follower: Follower
