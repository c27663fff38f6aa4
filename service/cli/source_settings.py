"""Settings of a source as people type them, read by the schema of its kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crawlers import SourceKind
from service.audit import secret_names


class BadFlag(ValueError):
    """A flag that cannot be meant; the message says which and what to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One key of a kind's settings. `shape` is `list`, `object` or `value`."""

    key: str
    shape: str
    required: bool
    secret: bool
    description: str = ""


def settings_of(kind: SourceKind[Any]) -> dict[str, Setting]:
    """The settings of a kind by key, the required ones first."""
    schema = kind.settings_schema()
    required = set(schema.get("required", ()))
    found = [
        Setting(
            key=key,
            shape=_shape(entry),
            required=key in required,
            secret=key in set(secret_names({key: ""})),
            description=str(entry.get("description", "")),
        )
        for key, entry in schema.get("properties", {}).items()
    ]
    found.sort(key=lambda item: not item.required)
    return {item.key: item for item in found}


def read_flags(
    flags: Iterable[str], known: Mapping[str, Setting], *, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What `KEY=VALUE` flags say, on top of what is `given` already.

    A dot leads into an object (`headers.accept=…`); a list takes one member a flag, or all of them
    as a JSON list; an object may be JSON. Numbers and true or false are left to the kind's own
    model, which reads them from text. Raises BadFlag.
    """
    settings: dict[str, Any] = dict(given or {})
    seen: set[str] = set()
    for flag in flags:
        key, equals, text = flag.partition("=")
        if not equals or not key:
            raise BadFlag(f"--set {flag}: give KEY=VALUE")
        top, dot, rest = key.partition(".")
        shape = known[top].shape if top in known else "value"
        if dot:
            _place(settings, (top, *rest.split(".")), text, flag)
        elif shape == "list":
            before = settings.get(key, []) if key in seen else []
            settings[key] = [*before, *read_value(text, shape="list", flag=flag)]
        elif key in seen:
            raise BadFlag(f"--set {key}: is no list, and was given twice")
        else:
            settings[key] = read_value(text, shape=shape, flag=flag)
        seen.add(key)
    return settings


def read_value(text: str, *, shape: str, flag: str) -> Any:
    """One value as its shape has it; a list of one member may be written plain."""
    if shape == "list" and not text.lstrip().startswith("["):
        return [text]
    if shape == "value":
        return text
    try:
        value = json.loads(text)
    except ValueError as error:
        raise BadFlag(f"--set {flag}: is no JSON {shape}: {error}") from error
    if not isinstance(value, list if shape == "list" else dict):
        raise BadFlag(f"--set {flag}: give a JSON {shape}")
    return value


def read_secrets(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Secrets by their keys; a dot leads into an object (`headers.authorization`).

    Raises BadFlag for an empty one.
    """
    secrets: dict[str, Any] = {}
    for key, text in pairs:
        if not text:
            raise BadFlag(f"secret {key}: is empty")
        _place(secrets, tuple(key.split(".")), text, key)
    return secrets


def _place(whole: dict[str, Any], path: tuple[str, ...], value: str, flag: str) -> None:
    *parents, last = path
    for name in parents:
        inner = whole.get(name, {})
        if not isinstance(inner, dict):
            raise BadFlag(f"{flag}: {name} is no object")
        whole[name] = whole = dict(inner)
    whole[last] = value


def _shape(entry: Mapping[str, Any]) -> str:
    types = {entry.get("type"), *(item.get("type") for item in entry.get("anyOf", ()))}
    if "array" in types:
        return "list"
    return "object" if "object" in types or "$ref" in str(entry.get("anyOf", "")) else "value"
