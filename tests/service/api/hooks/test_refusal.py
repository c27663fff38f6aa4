"""What a refused sender is told, and what the log."""

from __future__ import annotations

from collections.abc import Callable

from structlog.testing import capture_logs

from service.api.hooks.refusal import EVERY_S, Refusals
from service.errors import NotFound, ServiceError


def clock_of(*seconds: float) -> Callable[[], float]:
    left = list(seconds)
    return lambda: left.pop(0)


def test_the_log_names_the_source_once_a_minute_and_counts_the_rest() -> None:
    refusals = Refusals(monotonic=clock_of(0, 1, 2, EVERY_S, EVERY_S + 1))
    with capture_logs() as logs:
        for source in ("tickets", "tickets", "crm", "tickets", None):
            answer = refusals.refuse(NotFound("because"), source=source)
            assert answer.status_code == 401
            assert b"because" not in bytes(answer.body)
    assert [(line["source"], line["untold"]) for line in logs] == [
        ("tickets", 0),
        ("crm", 0),
        ("tickets", 1),
        (None, 0),
    ]


def test_a_fault_of_our_own_is_said_as_one() -> None:
    answer = Refusals(monotonic=clock_of()).refuse(ServiceError("broken"), source=None)
    assert answer.status_code == 500
