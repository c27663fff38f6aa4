"""Which kinds of sources there are, and how one is built from its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import ValidationError

from crawlers.errors import BadSettings, UnknownKind
from crawlers.kind import ENABLED_BECAUSE, SourceKind
from crawlers.source import Source
from crawlers.sources.app_store import APP_STORE
from crawlers.sources.chat_archive import CHAT_ARCHIVE
from crawlers.sources.declared_kinds import DECLARED
from crawlers.sources.discourse import DISCOURSE
from crawlers.sources.hacker_news import HACKER_NEWS
from crawlers.sources.html_list import HTML_LIST
from crawlers.sources.json_api import JSON_API
from crawlers.sources.jsonl import JSONL
from crawlers.sources.mastodon import MASTODON
from crawlers.sources.news import NEWS
from crawlers.sources.reddit import REDDIT
from crawlers.sources.rss import RSS
from crawlers.sources.steam import STEAM
from crawlers.sources.webhook import WEBHOOK

ENTRY_POINT_GROUP = "fengsui.sources"

_BUILT_IN: Mapping[str, SourceKind[Any]] = {
    **DECLARED,
    "app_store": APP_STORE,
    "chat_archive": CHAT_ARCHIVE,
    "discourse": DISCOURSE,
    "hacker_news": HACKER_NEWS,
    "html_list": HTML_LIST,
    "json_api": JSON_API,
    "jsonl": JSONL,
    "mastodon": MASTODON,
    "news": NEWS,
    "reddit": REDDIT,
    "rss": RSS,
    "steam": STEAM,
    "webhook": WEBHOOK,
}


def kinds() -> Mapping[str, SourceKind[Any]]:
    """Every kind by name: ours, which cannot be replaced, and those of other distributions."""
    return {**_from_entry_points(), **_BUILT_IN}


def build_source(
    kind: str,
    name: str,
    settings: Mapping[str, Any],
    *,
    now: Callable[[], datetime],
    among: Mapping[str, SourceKind[Any]] | None = None,
) -> Source:
    """Build the source called `name`, of a kind `among` those given, or else of all there are.

    Settings of an unofficial kind must say `enabled_because`. Raises UnknownKind naming the kinds
    there are, or BadSettings naming every key that is wrong.
    """
    choice = kinds() if among is None else among
    known = choice.get(kind)
    if known is None:
        there_are = ", ".join(sorted(choice))
        raise UnknownKind(f"source {name!r}: no kind {kind!r}; there are {there_are}")
    given = dict(settings)
    wrong: list[tuple[str, str]] = []
    if (why := known.missing_reason(given)) is not None:
        wrong.append((ENABLED_BECAUSE, why))
    if known.needs_reason:
        given.pop(ENABLED_BECAUSE, None)  # it is the operator's word, not the source's business
    try:
        checked = known.settings.model_validate(given)
    except ValidationError as error:
        # Only places and messages: settings may hold passwords, which the values would show.
        wrong += [
            (".".join(str(part) for part in item["loc"]) or "settings", item["msg"])
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise BadSettings(wrong) from None
    if wrong:
        raise BadSettings(wrong)
    return known.build(name, checked, now)


@cache
def _from_entry_points() -> dict[str, SourceKind[Any]]:
    return load_kinds(entry_points(group=ENTRY_POINT_GROUP))


def load_kinds(points: Iterable[EntryPoint]) -> dict[str, SourceKind[Any]]:
    """The kinds behind entry points; raises UnknownKind naming one that is none."""
    found: dict[str, SourceKind[Any]] = {}
    for point in points:
        loaded = point.load()
        if not isinstance(loaded, SourceKind):
            raise UnknownKind(f"entry point {point.name} ({point.value}) is no SourceKind")
        found[point.name] = loaded
    return found
