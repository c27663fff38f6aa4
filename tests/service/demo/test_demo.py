"""What the demo hands to those who replay it."""

from __future__ import annotations

from typing import Any

import yaml

from nlp.query import parse_query
from service.demo import config_path, stream_path


def config() -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for file in sorted(config_path().glob("*.yaml")):
        merged |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return merged


def test_stream_is_bundled() -> None:
    assert stream_path().is_file()


def test_config_has_brands_and_monitors() -> None:
    assert config().keys() == {"brands", "monitors"}


def test_monitors_watch_brands_that_exist() -> None:
    brands = {brand["id"] for brand in config()["brands"]}

    assert {monitor["brand"] for monitor in config()["monitors"]} == brands


def test_monitor_queries_parse() -> None:
    for monitor in config()["monitors"]:
        assert parse_query(monitor["query"]).terms()
