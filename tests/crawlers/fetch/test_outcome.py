from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.fetch.outcome import Attempt, closed_for, judge_status
from crawlers.source import Blocked, Failed, NotModified, Response

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SENT = {"etag": '"a"'}


def judge(status: int, sent: dict[str, str] | None = None, **headers: str) -> Attempt:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = Response(status=status, url="https://a.example/", headers=fields, body=b"x")
    return judge_status(answer, now=NOW, sent=sent or {})


@pytest.mark.parametrize("status", [200, 201, 203, 204])
def test_success_is_a_response_with_its_horizon(status: int) -> None:
    end = judge(status, cache_control="max-age=60").end
    assert isinstance(end, Response)
    assert end.hint == timedelta(seconds=60)


def test_304_is_not_modified_and_keeps_the_validators() -> None:
    assert judge(304, SENT).end == NotModified(cursor=SENT)


def test_304_to_a_question_we_did_not_ask_is_a_failure() -> None:
    assert judge(304).end == Failed(reason="http 304 not modified")


@pytest.mark.parametrize("status", [401, 403, 407, 418, 432, 451])
def test_refusals_are_blocked_and_not_repeated(status: int) -> None:
    attempt = judge(status)
    assert isinstance(attempt.end, Blocked)
    assert not attempt.transient


def test_a_status_of_no_standard_meaning_is_named_all_the_same() -> None:
    assert judge(432).end == Blocked(reason="http 432 of no standard meaning")


def test_429_is_blocked_until_its_retry_after() -> None:
    end = judge(429, retry_after="90").end
    assert end == Blocked(
        reason="rate limited: http 429 too many requests", retry_after=timedelta(seconds=90)
    )


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504])
def test_trouble_of_the_server_is_transient(status: int) -> None:
    attempt = judge(status, retry_after="5")
    assert isinstance(attempt.end, Failed)
    assert attempt.end.retry_after == timedelta(seconds=5)
    assert attempt.transient


@pytest.mark.parametrize("status", [206, 301, 400, 404, 410, 501, 505])
def test_anything_else_is_a_failure_that_stays(status: int) -> None:
    attempt = judge(status)
    assert isinstance(attempt.end, Failed)
    assert not attempt.transient


def test_a_refusal_and_a_failure_keep_their_status() -> None:
    blocked, failed = judge(401).end, judge(404).end
    assert isinstance(blocked, Blocked)
    assert isinstance(failed, Failed)
    assert (blocked.status, failed.status) == (401, 404)


@pytest.mark.parametrize("status", [403, 429])
def test_a_spent_quota_stands_for_retry_after(status: int) -> None:
    end = judge(status, x_ratelimit_remaining="0", x_ratelimit_reset="120").end
    assert isinstance(end, Blocked)
    assert end.reason.startswith("rate limited: ")
    assert end.retry_after == timedelta(seconds=120)


def test_a_403_with_quota_left_is_a_plain_refusal() -> None:
    end = judge(403, x_ratelimit_remaining="7", x_ratelimit_reset="120").end
    assert end == Blocked(reason="http 403 forbidden")


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "90"}, 90),
        (503, {"retry-after": "90"}, 90),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 30),
        (429, {"retry-after": "9", "ratelimit-remaining": "0", "ratelimit-reset": "30"}, 30),
    ],
)
def test_a_host_closes_by_its_own_word(
    status: int, headers: dict[str, str], seconds: float
) -> None:
    answer = Response(status=status, url="https://a.example/", headers=headers, body=b"")
    assert closed_for(answer, now=NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("status", "retry_after"), [(200, "90"), (500, "90"), (429, "0")])
def test_a_host_stays_open_without_its_word(status: int, retry_after: str) -> None:
    headers = {"retry-after": retry_after}
    answer = Response(status=status, url="https://a.example/", headers=headers, body=b"")
    assert closed_for(answer, now=NOW) is None
