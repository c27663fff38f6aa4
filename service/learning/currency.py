"""Whether a comparison still speaks of what people say today."""

from __future__ import annotations

from service.learning.errors import NotEvaluated
from service.learning.gathering import Gathering
from service.learning.repository import Evaluation
from service.learning.row import instant_of

SPARE = 50
"""One new row in so many asks for no new comparison: people go on working while it is read."""


async def require_current(evaluation: Evaluation, gathering: Gathering) -> None:
    """Raises NotEvaluated where the set is another one, or more than a fiftieth of it is new.

    The set of then is gathered again: what was changed or erased since counts as another one.
    """
    now = await gathering.gather()
    if now.sha256 == evaluation.set_sha256:
        return
    until = evaluation.set_until
    then = None if until is None else await gathering.gather(until=until)
    if then is None or then.sha256 != evaluation.set_sha256:
        raise NotEvaluated(
            f"{evaluation.name} was not compared on what people have said here, or that was "
            f"changed since (evaluation {evaluation.id}): run `fengsui models evaluate` again, or "
            "switch with --force and a --reason"
        )
    fresh = sum(until is not None and instant_of(row) > until for row in now.rows)
    if fresh > evaluation.set_rows // SPARE:
        raise NotEvaluated(
            f"people have said {fresh} things since {evaluation.name} was compared (evaluation "
            f"{evaluation.id}): run `fengsui models evaluate` again, or switch with --force and a "
            "--reason"
        )
