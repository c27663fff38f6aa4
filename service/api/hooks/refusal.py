"""How a stranger at a webhook is refused: always in the same words; the log says what it was."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from starlette.responses import Response

from service.api.problems import problem_of
from service.delivery.errors import BadSignature
from service.errors import ServiceError

EVERY_S = 60.0
_SAID = "no source of that name takes what you sent; check its name, the secret and your clock"

log = structlog.get_logger(__name__)


class Refusals:
    """Refuses senders, and tells of it at most once a minute for each source."""

    def __init__(self, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._told: dict[str | None, float] = {}
        self._untold: dict[str | None, int] = {}

    def refuse(self, error: ServiceError, *, source: str | None) -> Response:
        """The answer; `source` is None where none of ours has the name, whatever name it was."""
        if error.status >= 500:
            return problem_of(error)
        self._tell(error.detail, source)
        return problem_of(BadSignature(_SAID))

    def _tell(self, reason: str, source: str | None) -> None:
        now = self._monotonic()
        told = self._told.get(source)
        if told is not None and now - told < EVERY_S:
            self._untold[source] = self._untold.get(source, 0) + 1
            return
        self._told[source] = now
        untold = self._untold.pop(source, 0)
        log.warning("hook.refused", source=source, reason=reason, untold=untold)
