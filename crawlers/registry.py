"""Which kinds of sources there are, and how one is built from its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from crawlers.errors import BadSettings, UnknownKind
from crawlers.source import Source
from crawlers.sources.jsonl import JsonlSettings, jsonl_source
from crawlers.sources.rss import RssSettings, rss_source

ENTRY_POINT_GROUP = "fengsui.sources"

SettingsT = TypeVar("SettingsT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind(Generic[SettingsT]):
    """One kind: the model of its settings, and a factory from name, settings and clock.

    Another distribution adds one by an entry point in the group `fengsui.sources` whose name is the
    kind and whose object is a SourceKind.
    """

    settings: type[SettingsT]
    build: Callable[[str, SettingsT, Callable[[], datetime]], Source]
    summary: str


_BUILT_IN: Mapping[str, SourceKind[Any]] = {
    "rss": SourceKind(
        settings=RssSettings,
        build=rss_source,
        summary="a feed: RSS 0.9x to 2.0, RDF, Atom or JSON Feed",
    ),
    "jsonl": SourceKind(
        settings=JsonlSettings,
        build=jsonl_source,
        summary="a file of JSON lines, plain or gzip, or stdin",
    ),
}


def kinds() -> Mapping[str, SourceKind[Any]]:
    """Every kind by name: ours, which cannot be replaced, and those of other distributions."""
    return {**_from_entry_points(), **_BUILT_IN}


def build_source(
    kind: str, name: str, settings: Mapping[str, Any], *, now: Callable[[], datetime]
) -> Source:
    """Build the source called `name`.

    Raises UnknownKind naming the kinds there are, or BadSettings naming every key that is wrong.
    """
    known = kinds().get(kind)
    if known is None:
        raise UnknownKind(
            f"source {name!r}: no kind {kind!r}; there are {', '.join(sorted(kinds()))}"
        )
    try:
        checked = known.settings.model_validate(dict(settings))
    except ValidationError as error:
        # Only places and messages: settings may hold passwords, which the values would show.
        raise BadSettings(
            [
                (".".join(str(part) for part in item["loc"]) or "settings", item["msg"])
                for item in error.errors(include_input=False, include_url=False)
            ]
        ) from None
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
