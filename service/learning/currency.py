"""Whether a comparison still speaks of what people say and of what serves today."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from service.learning import repository
from service.learning.candidate import Kind
from service.learning.errors import NotEvaluated
from service.learning.gathering import Gathering
from service.learning.repository import Evaluation
from service.learning.row import instant_of

SPARE = 50
"""One new row in so many asks for no new comparison: people go on working while it is read."""


def require_compared(evaluation: Evaluation) -> None:
    """Raises NotEvaluated where neither texts nor posts were read: rules read no text."""
    told = evaluation.result
    read = 0 if evaluation.kind is Kind.RULES else told["set"]["read"]
    if not read and told["incidents"] is None:
        raise NotEvaluated(
            f"nothing was compared when {evaluation.name} was evaluated (evaluation "
            f"{evaluation.id}: {told['incidents_note']}): run `fengsui models evaluate` again "
            "on more, or switch with --force and a --reason"
        )


async def require_same_serving(connection: AsyncConnection, evaluation: Evaluation) -> None:
    """Raises NotEvaluated where somebody has switched since: it was compared with another one."""
    then = evaluation.result.get("standing", [])
    now = list(await repository.standing(connection))
    if then == now:
        return
    moved = sorted(set(now) ^ set(then))
    made = "made since" if moved[-1] in now else "taken back since"
    raise NotEvaluated(
        f"switch {', '.join(map(str, moved))} was {made} {evaluation.name} was compared "
        f"(evaluation {evaluation.id}): run `fengsui models evaluate` again, or switch with "
        "--force and a --reason"
    )


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
