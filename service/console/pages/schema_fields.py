"""Fields of a form out of a JSON Schema: what a kind of source or channel lets one set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.audit import secret_names
from service.console.forms import Form, Values
from service.console.i18n import Words
from service.errors import InvalidInput

PREFIX = "settings."
SEALED = "secrets."
FORGET = "forget."
SEALED_TOO = frozenset({"headers"})
"""Objects some of whose parts may be secret: those are given beside them, joined key by key."""


class Sort(StrEnum):
    """How a setting is filled in."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    YES = "yes"
    CHOICE = "choice"
    LINES = "lines"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. `usual` is what holds where nothing is said; `secret` is never shown again."""

    name: str
    sort: Sort
    required: bool
    secret: bool
    usual: Any = None
    options: tuple[str, ...] = ()


def settings_of(schema: Mapping[str, Any]) -> tuple[Setting, ...]:
    """The settings of a schema, those that must be given first."""
    needed = set(schema.get("required", ()))
    found = [
        _setting(name, part, schema, required=name in needed)
        for name, part in schema.get("properties", {}).items()
        if "const" not in part
    ]
    return tuple(sorted(found, key=lambda item: not item.required))


def draw_settings(
    form: Form,
    settings: Iterable[Setting],
    words: Words,
    *,
    kept: Iterable[str] = (),
    choices: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Draw them into the form. `kept` are secrets that are stored; `choices` are options by the
    name of a setting, for those that name other things of this installation."""
    stored = set(kept)
    for item in settings:
        label = words.choice("setting.name", item.name)
        if item.secret:
            _draw_secret(form, item, words, label, is_kept=item.name in stored)
            continue
        path, hint = f"{PREFIX}{item.name}", _hint(item, words)
        options = (choices or {}).get(item.name)
        if options is None and item.sort is Sort.CHOICE:
            options = {name: words.choice("setting.option", name) for name in item.options}
        if options is not None:
            form.choice(path, label, options, hint=hint, required=item.required)
        elif item.sort is Sort.YES:
            form.yes(path, label)
        elif item.sort is Sort.LINES:
            form.lines(path, label, hint=words("setting.one_a_line"), required=item.required)
        elif item.sort is Sort.JSON:
            said = words("setting.json" if item.required else "setting.as_json")
            form.long_text(path, label, hint=said, required=item.required, rows=6)
            if item.name in SEALED_TOO:
                named = words("setting.sealed_too", name=label)
                _draw_secret(form, item, words, named, is_kept=item.name in stored)
        elif item.sort in (Sort.WHOLE, Sort.NUMBER):
            form.number(path, label, hint=hint, required=item.required)
        else:
            form.text(path, label, hint=hint, required=item.required)


def stored_settings(settings: Iterable[Setting], stored: Mapping[str, Any]) -> dict[str, object]:
    """What is stored, as the form has it."""
    return {f"{PREFIX}{item.name}": _shown(item, stored) for item in settings if not item.secret}


def read_settings(
    settings: Iterable[Setting], values: Values, words: Words, *, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Settings as they were filled in; what is not there holds its usual value.

    What the form does not know of `before` stays. Raises InvalidInput with every mistake.
    """
    known = list(settings)
    names = {item.name for item in known}
    found = {name: value for name, value in before.items() if name not in names}
    wrong: list[tuple[str, str]] = []
    for item in known:
        if item.secret:
            continue
        try:
            value = _read(item, values, words)
        except InvalidInput as error:
            wrong += error.errors
            continue
        if value is not None and (item.required or value != item.usual):
            found[item.name] = value
    if wrong:
        raise InvalidInput(words("form.refused"), errors=wrong)
    return found


def read_secrets(
    settings: Iterable[Setting], values: Values, words: Words, *, kept: Iterable[str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Secrets that were typed, and the names of stored ones that stay as they are.

    Raises InvalidInput for what should be JSON.
    """
    typed: dict[str, Any] = {}
    for item in settings:
        path = f"{SEALED}{item.name}"
        text = values.text(path)
        if text and item.secret:
            typed[item.name] = text
        elif text and item.name in SEALED_TOO:
            typed[item.name] = _json(path, text, words)
    stay = tuple(name for name in kept if name not in typed and not values.yes(f"{FORGET}{name}"))
    return typed, stay


def _setting(
    name: str, part: Mapping[str, Any], schema: Mapping[str, Any], *, required: bool
) -> Setting:
    whole = _resolved(part, schema)
    options = tuple(str(value) for value in whole.get("enum", ()))
    sort = Sort.JSON
    match whole.get("type"):
        case "string":
            sort = Sort.CHOICE if options else Sort.TEXT
        case "integer":
            sort = Sort.WHOLE
        case "number":
            sort = Sort.NUMBER
        case "boolean":
            sort = Sort.YES
        case "array" if _resolved(whole.get("items", {}), schema).get("type") == "string":
            sort = Sort.LINES
        case _:
            pass
    return Setting(
        name=name,
        sort=sort,
        required=required,
        secret=sort is Sort.TEXT and any(secret_names({name: ""})),
        usual=part.get("default", [] if sort is Sort.LINES else None),
        options=options,
    )


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part itself: without a reference, and without the null that it may be instead."""
    if "$ref" in part:
        name = str(part["$ref"]).rsplit("/", 1)[-1]
        resolved: Mapping[str, Any] = schema.get("$defs", {}).get(name, {})
        return resolved
    ways = [way for way in part.get("anyOf", ()) if way.get("type") != "null"]
    return _resolved(ways[0], schema) if len(ways) == 1 else part


def _draw_secret(form: Form, item: Setting, words: Words, label: str, *, is_kept: bool) -> None:
    hint = words("setting.secret_kept" if is_kept else "setting.secret_new")
    needed = item.required and not is_kept
    form.secret(f"{SEALED}{item.name}", label, hint=hint, required=needed)
    if is_kept and not item.required:
        form.yes(f"{FORGET}{item.name}", words("setting.forget", name=label))


def _hint(item: Setting, words: Words) -> str:
    if item.usual in (None, "", [], {}) or item.required:
        return ""
    return words("setting.usual", value=words.choice("setting.option", str(item.usual)))


def _shown(item: Setting, stored: Mapping[str, Any]) -> object:
    value = stored.get(item.name, item.usual)
    if item.sort is Sort.JSON:
        empty = value in (None, {}, [])
        return "" if empty else json.dumps(value, ensure_ascii=False, indent=2)
    if item.name not in stored and item.sort in (Sort.TEXT, Sort.WHOLE, Sort.NUMBER):
        return None  # the hint names the usual value
    return value


def _read(item: Setting, values: Values, words: Words) -> Any:
    path = f"{PREFIX}{item.name}"
    match item.sort:
        case Sort.YES:
            return values.yes(path)
        case Sort.WHOLE:
            return values.whole(path)
        case Sort.NUMBER:
            return values.number(path)
        case Sort.LINES:
            return list(values.lines(path))
        case Sort.JSON:
            return _json(path, values.text(path), words)
        case _:
            return values.optional(path)


def _json(path: str, text: str, words: Words) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        column = getattr(error, "colno", 1)
        said = words("setting.no_json", line=line, column=column)
        raise InvalidInput(said, errors=[(path, said)]) from error
