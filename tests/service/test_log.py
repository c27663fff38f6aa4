from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from service.log import HIDDEN, clean, configure_logging
from service.settings import LogFormat, LogLevel


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging is the process's own: put it back as pytest had it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(log_format: LogFormat = LogFormat.JSON, level: LogLevel = LogLevel.INFO) -> io.StringIO:
    output = io.StringIO()
    configure_logging(log_format=log_format, level=level, stream=output)
    return output


def test_an_event_is_one_json_line() -> None:
    output = lines()
    structlog.get_logger("service.x").info("post.stored", id="p1", count=3, text="烽燧")
    (line,) = output.getvalue().splitlines()
    logged = json.loads(line)
    assert (logged["event"], logged["id"], logged["count"]) == ("post.stored", "p1", 3)
    assert (logged["level"], logged["logger"]) == ("info", "service.x")
    assert "烽燧" in line
    assert logged["timestamp"].endswith("Z")


def test_libraries_log_the_same_way() -> None:
    output = lines()
    logging.getLogger("crawlers.x").warning("fetch.failed", extra={"reason": "a\nb"})
    logged = json.loads(output.getvalue())
    assert (logged["event"], logged["reason"]) == ("fetch.failed", "a\\u000ab")


def test_less_than_the_level_is_not_logged() -> None:
    output = lines(level=LogLevel.WARNING)
    structlog.get_logger().info("x")
    logging.getLogger("y").info("x")
    assert output.getvalue() == ""


def test_the_console_shows_people_a_line() -> None:
    output = lines(LogFormat.CONSOLE)
    structlog.get_logger().info("post.stored", text="first\nsecond \x1b[31mred")
    (line,) = output.getvalue().splitlines()
    assert "post.stored" in line
    assert "\x1b" not in line


def test_exceptions_are_logged_with_what_they_quote_escaped() -> None:
    output = lines()
    try:
        raise ValueError("crawled\x1b[0m text")
    except ValueError:
        structlog.get_logger().exception("it.failed")
    logged = json.loads(output.getvalue())
    assert "ValueError: crawled\\u001b[0m text" in logged["exception"]


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "secret_key",
        "api_key",
        "Authorization",
        "session_token",
        "handle",
        "author_name",
    ],
)
def test_private_values_are_hidden_at_any_depth(key: str) -> None:
    event: dict[str, Any] = {"event": "x", key: "geheim", "data": {"list": [{key: "geheim"}]}}
    cleaned = clean(None, "info", event)
    assert "geheim" not in str(cleaned)
    assert cleaned[key] == HIDDEN


def test_passwords_in_addresses_are_hidden() -> None:
    cleaned = clean(None, "info", {"event": "x", "url": "postgresql://u:geheim@db:5432/x"})
    assert cleaned["url"] == f"postgresql://{HIDDEN}@db:5432/x"


def test_long_values_are_cut() -> None:
    assert len(clean(None, "info", {"event": "x" * 100_000})["event"]) < 2_100


def test_plain_values_stay_what_they_are() -> None:
    event = {"event": "x", "n": 1, "f": 0.5, "b": True, "none": None, "set": {"a"}}
    assert clean(None, "info", dict(event)) == {**event, "set": ["a"]}


@given(st.dictionaries(st.text(), st.text()))
def test_no_text_makes_a_second_line(values: dict[str, str]) -> None:
    cleaned = clean(None, "info", {**values, "event": "x"})
    rendered = json.dumps(cleaned, ensure_ascii=False)
    assert len(rendered.splitlines()) == 1
    rendered.encode("utf-8")
