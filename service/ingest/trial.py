"""One pull to see what a source brings: nothing is stored, no cursor moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from crawlers import (
    Blocked,
    Cursor,
    Failed,
    Fetcher,
    Ok,
    OkEmpty,
    Outcome,
    Post,
    SchemaDrift,
    Source,
    outcome_of,
)

PATIENCE = timedelta(minutes=2)
GOOD = frozenset({Outcome.OK, Outcome.OK_EMPTY, Outcome.NOT_MODIFIED})
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it. `more` says that another page waits, `took_s` counts waits for pace too."""

    outcome: Outcome
    posts: tuple[Post, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    reason: str | None = None
    fields: tuple[str, ...] = ()
    more: bool = False
    refused: bool = False
    """The site did not let us in: most often a key that is missing, wrong or expired."""
    took_s: float

    @property
    def is_good(self) -> bool:
        return self.outcome in GOOD


async def try_source(
    source: Source,
    fetcher: Fetcher,
    *,
    monotonic: Callable[[], float],
    cursor: Cursor | None = None,
    patience: timedelta = PATIENCE,
) -> Trial:
    """Pull once, from `cursor` or from the beginning."""
    began = monotonic()
    try:
        async with asyncio.timeout(patience.total_seconds()):
            result = await source.pull(cursor, fetcher)
    except TimeoutError:
        result = Failed(reason=f"no answer within {patience.total_seconds():g} s")
    except Exception as error:  # a source of somebody else; whoever tries it wants to know
        result = Failed(reason=f"source raised {type(error).__name__}: {error}"[:500])
    return Trial(
        outcome=outcome_of(result),
        posts=result.posts if isinstance(result, Ok) else (),
        rejected=result.rejected if isinstance(result, Ok) else (),
        reason=result.reason if isinstance(result, Blocked | Failed) else None,
        fields=result.fields if isinstance(result, SchemaDrift) else (),
        more=isinstance(result, Ok | OkEmpty) and result.hint == timedelta(0),
        refused=isinstance(result, Blocked) and result.status in _REFUSED,
        took_s=round(monotonic() - began, 3),
    )
