"""Asking people for what a new source needs: its kind, what is required, secrets unseen."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from crawlers import kinds
from service.cli.source_settings import BadFlag, Setting, read_value
from service.errors import InvalidInput

TRIES = 3


def ask_kind() -> str:
    """Which kind, with what each reads and by what right."""
    choices = kinds()
    for name, kind in sorted(choices.items()):
        click.echo(f"  {name:<14} {kind.basis.value:<16} {kind.summary}", err=True)
    answer: str = click.prompt(
        "Kind", type=click.Choice(sorted(choices)), show_choices=False, err=True
    )
    return answer


def ask_secret(key: str) -> str:
    """A secret, not shown while it is typed; from a pipe its first line."""
    if sys.stdin.isatty():
        answer: str = click.prompt(f"{key} (not shown)", hide_input=True, err=True)
        return answer
    click.echo(f"{key}:", err=True)
    return sys.stdin.readline().strip()


def ask_missing(
    known: Mapping[str, Setting], settings: dict[str, Any], secrets: dict[str, Any]
) -> None:
    """Ask for every required setting that was not given."""
    for item in known.values():
        if item.required and item.key not in settings and item.key not in secrets:
            _ask(item, settings, secrets)


def ask_again(
    error: InvalidInput,
    known: Mapping[str, Setting],
    settings: dict[str, Any],
    secrets: dict[str, Any],
) -> bool:
    """Ask anew for the settings that were refused; False where something else is wrong."""
    wrong: dict[str, Setting] = {}
    for path, message in error.errors:
        place, _, key = path.partition(".")
        item = known.get(key.partition(".")[0])
        if place != "settings" or item is None:
            return False
        click.echo(f"{key}: {message}", err=True)
        wrong[item.key] = item
    for item in wrong.values():
        _ask(item, settings, secrets)
    return bool(wrong)


def _ask(item: Setting, settings: dict[str, Any], secrets: dict[str, Any]) -> None:
    if item.description:
        click.echo(f"  {item.description}", err=True)
    if item.secret:
        secrets[item.key] = ask_secret(item.key)
        return
    hint = {"list": " (a JSON list, or one)", "object": " (JSON)"}.get(item.shape, "")
    text: str = click.prompt(f"{item.key}{hint}", err=True)
    try:
        settings[item.key] = read_value(text, shape=item.shape, flag=f"{item.key}={text}")
    except BadFlag as error:
        click.echo(str(error), err=True)
        settings[item.key] = text
