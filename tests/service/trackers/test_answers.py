"""What a tracker says: sense, nonsense, and where the difference is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.delivery.client import Answer, NoAnswer
from service.trackers import Standing, Tracker, heard_in, load_tracker
from service.trackers.answers import SAID_LIMIT, Outcome, instant_in, judged, key_in, told
from tests.service.trackers.conftest import ENVIRON, written
from tests.support.clock import START

JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["issue", "key", "fields", "status", "name", "updated", "webhookEvent"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Tracker:
    return read(tmp_path_factory.mktemp("answers"), success="key != 'nothing'")


def read(folder: Path, **more: str) -> Tracker:
    path = folder / "jira.yaml"
    path.write_text(written("jira", "https://tracker.example", **more), encoding="utf-8")
    return load_tracker(path, ENVIRON)


def answered(status: int, text: str, retry_after: str | None = None) -> Answer:
    return Answer(status=status, text=text, retry_after=retry_after)


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        (answered(201, '{"key":"OPS-1"}'), Outcome.TAKEN, "HTTP 201"),
        (answered(204, ""), Outcome.TAKEN, "HTTP 204"),
        (answered(200, "<html>Sign in</html>"), Outcome.AGAIN, "no JSON"),
        (answered(200, "7"), Outcome.AGAIN, "no JSON"),
        (answered(200, '{"errorMessages":["busy"]}'), Outcome.AGAIN, "an error in it: busy"),
        (answered(200, '{"errors":{"a":"wrong"}}'), Outcome.AGAIN, "an error in it: wrong"),
        (answered(200, '{"errorMessages":[],"errors":{}}'), Outcome.TAKEN, "HTTP 200"),
        (answered(200, '{"key":"nothing"}'), Outcome.AGAIN, "it says no success"),
        (answered(400, '{"errors":{}}'), Outcome.REFUSED, "HTTP 400"),
        (answered(400, "<html>proxy</html>"), Outcome.AGAIN, "HTTP 400"),
        (answered(401, '{"message":"who?"}'), Outcome.AGAIN, "HTTP 401"),
        (answered(404, '{"message":"none"}'), Outcome.GONE, "HTTP 404"),
        (answered(410, "{}"), Outcome.GONE, "HTTP 410"),
        (answered(404, "not found"), Outcome.AGAIN, "HTTP 404"),
        (answered(302, ""), Outcome.AGAIN, "HTTP 302"),
        (answered(500, "{}"), Outcome.AGAIN, "HTTP 500"),
        (NoAnswer(reason="ConnectError"), Outcome.AGAIN, "ConnectError"),
        (NoAnswer(reason="not allowed", refused=True), Outcome.REFUSED, "not allowed"),
    ],
)
def test_what_an_answer_means(
    tracker: Tracker, answer: Answer | NoAnswer, outcome: Outcome, said: str
) -> None:
    found = judged(tracker, answer, at=START)
    assert found.outcome is outcome
    assert said in found.text
    assert (found.body is None) or outcome is Outcome.TAKEN


def test_its_wish_to_wait_is_kept(tracker: Tracker) -> None:
    found = judged(tracker, answered(429, "{}", "90"), at=START)
    assert (found.outcome, found.retry_after) == (Outcome.AGAIN, timedelta(seconds=90))


@given(status=st.integers(200, 599), text=st.text(max_size=60) | JSONS.map(lambda v: repr(v)))
@settings(max_examples=60)
def test_no_answer_breaks_anything(tracker: Tracker, status: int, text: str) -> None:
    found = judged(tracker, answered(status, text), at=START)
    assert len(found.text) <= SAID_LIMIT
    assert (found.outcome is Outcome.TAKEN) <= (200 <= status < 300)


@given(body=JSONS)
@settings(max_examples=80)
def test_no_webhook_breaks_anything(tracker: Tracker, body: Any) -> None:
    heard = heard_in(tracker, body)
    assert heard is None or (heard.key and len(heard.key) <= 200)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"key": "OPS-1"}, "OPS-1"),
        ({"key": 17}, "17"),
        ({"key": True}, None),
        ({"key": ""}, None),
        ({"key": "null"}, None),
        ({"key": "a\u202eb"}, None),
        ({"key": "x" * 201}, None),
        ({"key": ["a"]}, None),
        ([], None),
    ],
)
def test_keys(body: Any, key: str | None) -> None:
    assert key_in("key", body) == key


def test_a_ticket_that_was_deleted(tracker: Tracker) -> None:
    body = {"webhookEvent": "jira:issue_deleted", "issue": {"key": "OPS-1"}}
    heard = heard_in(tracker, body)
    assert heard is not None
    assert heard.deleted


def test_a_tracker_without_webhooks_hears_nothing(tmp_path: Path) -> None:
    assert heard_in(read(tmp_path, inbound="null"), {"issue": {"key": "OPS-1"}}) is None


def test_how_a_ticket_stands(tracker: Tracker) -> None:
    body = {"fields": {"status": {"name": " done "}, "updated": "2024-03-01T12:00:00.000+0800"}}
    heard = told(tracker, tracker.form.read, body, key="OPS-1")
    assert (heard.standing, heard.at) == (Standing.DONE, datetime(2024, 3, 1, 4, tzinfo=UTC))
    assert told(tracker, tracker.form.read, {"fields": []}, key="OPS-1").word is None


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2024-03-01T04:00:00Z", datetime(2024, 3, 1, 4, tzinfo=UTC)),
        (1_709_265_600, datetime(2024, 3, 1, 4, tzinfo=UTC)),
        (1_709_265_600_000, datetime(2024, 3, 1, 4, tzinfo=UTC)),
        ("2024-03-01T04:00:00", None),
        ("soon", None),
        (True, None),
        (None, None),
        (1e300, None),
        (float("nan"), None),
    ],
)
def test_instants(value: Any, instant: datetime | None) -> None:
    assert instant_in(value) == instant


def test_github_says_closed_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "github.yaml"
    path.write_text(written("github", "https://tracker.example"), encoding="utf-8")
    tracker = load_tracker(path, ENVIRON)
    body = orjson.loads(
        b'{"action":"closed","issue":{"number":7,"state":"closed","state_reason":"not_planned"}}'
    )
    heard = heard_in(tracker, body)
    assert heard is not None
    assert (heard.key, heard.standing) == ("7", Standing.DROPPED)
    gone = heard_in(tracker, {**body, "action": "deleted"})
    assert gone is not None
    assert gone.deleted
    assert heard_in(tracker, {"zen": "Keep it logically awesome."}) is None
