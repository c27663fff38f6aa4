"""The form of a source: name, pace, and the settings that its kind declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from crawlers import SourceKind, kinds
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.pages.schema_fields import (
    SEALED,
    Setting,
    draw_settings,
    read_secrets,
    read_settings,
    settings_of,
    stored_settings,
)
from service.console.theme import plain
from service.errors import InvalidInput
from service.monitors import SourceConfig, SourceDraft

USUAL_INTERVAL_S = 300


def known_settings(kind: str) -> tuple[Setting, ...]:
    """What the kind lets one set; nothing for a kind that is not installed any more."""
    known = kinds().get(kind)
    return () if known is None else settings_of(known.settings_schema())


def draw_about(words: Words, kind: SourceKind[Any]) -> None:
    """By what right the kind reads, how fast, and what it is."""
    with ui.element("div").classes("tight soft small"):
        basis = words.choice("setting.option", kind.basis.value)
        channel = words.choice("setting.option", kind.channel.value)
        plain(words("sources.about", basis=basis, channel=channel), "p")
        if kind.rate_limit is not None:
            seconds = f"{kind.rate_limit.period.total_seconds():g}"
            said = words("sources.pace", requests=kind.rate_limit.requests, seconds=seconds)
            plain(said, "p")


def draw_fields(
    form: Form, words: Words, settings: Sequence[Setting], *, item: SourceConfig | None
) -> None:
    """All fields but the id."""
    form.text("name", words("sources.name"), required=True, longest=200)
    needed = [setting for setting in settings if setting.required]
    others = [setting for setting in settings if not setting.required]
    kept = () if item is None else item.secret_names
    draw_settings(form, needed, words, kept=kept)
    if others:
        with ui.element("details").classes("part"):
            plain(words("sources.more", count=len(others)), "summary")
            with ui.element("div").classes("stack"):
                draw_settings(form, others, words, kept=kept)
    hint = words("sources.interval_hint")
    form.number("interval_s", words("sources.interval"), hint=hint)
    form.yes("enabled", words("sources.enabled"))


def stored_source(item: SourceConfig, settings: Sequence[Setting]) -> Stored:
    """What is stored, as the form has it."""
    values: dict[str, object] = {
        "name": item.name,
        "interval_s": item.interval_s,
        "enabled": item.enabled,
    }
    return Stored(values=values | stored_settings(settings, item.settings), version=item.version)


def read_source(
    source_id: str,
    kind: str,
    settings: Sequence[Setting],
    values: Values,
    words: Words,
    *,
    before: SourceConfig | None,
) -> SourceDraft:
    """The source as it was filled in. Raises InvalidInput with every mistake."""
    stored: Mapping[str, Any] = {} if before is None else before.settings
    names = () if before is None else before.secret_names
    secrets, kept = read_secrets(settings, values, words, kept=names)
    untouched = not secrets and kept == names
    interval = values.whole("interval_s")
    return SourceDraft(
        id=source_id,
        kind=kind,
        name=values.text("name"),
        settings=read_settings(settings, values, words, before=stored),
        secrets=None if untouched else secrets,
        kept=kept,
        interval_s=USUAL_INTERVAL_S if interval is None else interval,
        enabled=values.yes("enabled"),
    )


def at_secrets(error: InvalidInput, settings: Sequence[Setting]) -> InvalidInput:
    """The same mistakes, those of secret settings said of the fields of secrets."""
    secret = {setting.name for setting in settings if setting.secret}
    moved = []
    for path, message in error.errors:
        name = path.removeprefix("settings.")
        moved.append((f"{SEALED}{name}" if name in secret else path, message))
    return InvalidInput(error.detail, errors=moved)
