from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import EntryPoint

import pytest

from crawlers.errors import BadSettings, UnknownKind
from crawlers.kind import Basis, SourceKind
from crawlers.post import Channel
from crawlers.rate import RateLimit
from crawlers.registry import build_source, kinds, load_kinds
from crawlers.source import Source
from crawlers.sources.jsonl import JsonlSettings, JsonlSource, jsonl_source
from crawlers.sources.rss import RssSource
from crawlers.sources.stdin import StdinSource

EXAMPLE = SourceKind(
    settings=JsonlSettings,
    build=jsonl_source,
    summary="an example",
    basis=Basis.UNOFFICIAL,
    channel=Channel.SOCIAL,
    rate_limit=RateLimit(requests=1, period=timedelta(seconds=1)),
    fields=("title", "author.id"),
)
NO_KIND = "rss"


def build(kind: str, **settings: object) -> Source:
    return build_source(kind, "one", settings, now=lambda: datetime(2026, 1, 1, tzinfo=UTC))


def test_our_kinds_are_there_and_say_what_they_are() -> None:
    assert {"rss", "jsonl"} <= set(kinds())
    assert all(kind.summary for kind in kinds().values())


@pytest.mark.parametrize(
    ("kind", "settings", "built"),
    [
        ("rss", {"url": "https://a.example/feed"}, RssSource),
        ("jsonl", {"path": "posts.jsonl"}, JsonlSource),
        ("jsonl", {"path": "-"}, StdinSource),
    ],
)
def test_a_source_is_built_with_its_name(
    kind: str, settings: dict[str, object], built: type
) -> None:
    source = build(kind, **settings)
    assert isinstance(source, built)
    assert source.name == "one"


def point(name: str) -> EntryPoint:
    return EntryPoint(
        name="fax", value=f"tests.crawlers.test_registry:{name}", group="fengsui.sources"
    )


def test_other_distributions_bring_kinds_by_entry_point() -> None:
    assert set(load_kinds([point("EXAMPLE")])) == {"fax"}


def test_an_entry_point_that_is_no_kind_is_named() -> None:
    with pytest.raises(UnknownKind, match="entry point fax"):
        load_kinds([point("NO_KIND")])


def test_an_unknown_kind_is_told_the_kinds_there_are() -> None:
    with pytest.raises(UnknownKind, match=r"source 'one': no kind 'fax'; there are .*jsonl.*, rss"):
        build("fax")


def test_every_wrong_key_is_named_and_no_value_shown() -> None:
    with pytest.raises(BadSettings) as caught:
        build("rss", url="ftp://user:hunter2@a.example", colour="red", headers={"x": 1})
    assert {key for key, _ in caught.value.errors} == {"url", "colour", "headers.x"}
    assert "hunter2" not in str(caught.value)


def unofficial(**settings: object) -> Source:
    known = {"fax": EXAMPLE}
    return build_source("fax", "one", settings, now=lambda: pytest.fail("no clock"), among=known)


def test_an_unofficial_kind_is_refused_without_a_reason_and_other_mistakes_are_named_too() -> None:
    with pytest.raises(BadSettings) as caught:
        unofficial(colour="red")
    assert {key for key, _ in caught.value.errors} == {"enabled_because", "path", "colour"}


def test_an_unofficial_kind_is_built_for_a_reason_that_its_settings_never_see() -> None:
    assert unofficial(path="posts.jsonl", enabled_because="licensed, contract 7").name == "one"


def test_a_kind_that_needs_no_reason_takes_none() -> None:
    with pytest.raises(BadSettings, match="enabled_because"):
        build("jsonl", path="posts.jsonl", enabled_because="why not")
