"""The score sheet of a drill for people: what was due, what was kept, who did it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import click

from service.cli.lexicon_shown import printable

_VERDICTS = {
    "in_time": "按时",
    "late": "迟做",
    "missed": "未做",
    "not_due": "未到时",
    "skipped": "跳过",
    "cancelled": "取消",
}


def print_drill(answer: Mapping[str, Any]) -> None:
    """The drill and its sheet; nothing but its state before there is one."""
    when = answer["started_at"] or answer["created_at"]
    click.echo(f"演练 drill {answer['id']} · {answer['state']} · {printable(answer['stream'])}")
    click.echo(f"  begun {when}, ended {answer['ended_at'] or '–'}, speed {answer['speed']:g}")
    click.echo(f"  {answer['played']} of {answer['moves']} moves")
    if answer["reason"]:
        click.echo(f"  {printable(answer['reason'])}")
    if not answer["channels"]:
        click.echo("  no drill channel: nobody was paged")
    sheet = answer["sheet"]
    if sheet is None:
        click.echo("  no score sheet yet")
        return
    for incident in sheet["incidents"]:
        _incident(incident)
    _people(sheet["people"])
    _roles(sheet["roles"])
    totals = sheet["totals"]
    click.echo(
        f"\n评分 score: {_share(totals)} of {totals['due']} deadlines kept in "
        f"{totals['incidents']} incidents; {totals['late']} late, {totals['missed']} missed, "
        f"{totals['not_due']} not due yet"
    )


def _incident(incident: Mapping[str, Any]) -> None:
    tiers = " → ".join(change["tier"] for change in incident["tiers"])
    click.echo(
        f"\n【演练】{tiers} · {incident['scenario']} · {incident['monitor']} · "
        f"{incident['incident']}"
    )
    taken = incident["acknowledged_by"]
    by = "nobody" if taken is None else printable(taken["name"])
    pages = incident["pages"]
    click.echo(
        f"  opened {incident['opened_at']}, acknowledged by {by}; "
        f"{pages['sent']} of {pages['made']} messages sent; {_share(incident['totals'])} kept"
    )
    clocks = {clock["step"] for clock in incident["clocks"]}
    others = [step for step in incident["steps"] if step["step"] not in clocks]
    rows: list[tuple[str, ...]] = [("", "", "target", "took", "late by", "who", "")]
    rows += [_row("*", step) for step in incident["clocks"]]
    rows += [_row(" ", step) for step in others]
    _table(rows)


def _row(mark: str, step: Mapping[str, Any]) -> tuple[str, ...]:
    who = step["role"] if step["done_by"] is None else printable(step["done_by"]["name"])
    return (
        f"  {mark} {_VERDICTS[step['verdict']]}",
        step["step"],
        _span(step["target_s"]),
        _span(step["took_s"]),
        _span(step["late_by_s"]),
        who,
        step["title"]["zh"],
    )


def _people(people: list[Mapping[str, Any]]) -> None:
    if not people:
        click.echo("\n没有人动手 nobody did anything")
        return
    click.echo("")
    rows: list[tuple[str, ...]] = [("  who", "deeds", "taken", "steps", "in time", "late")]
    for person in people:
        names = ("deeds", "acknowledged", "steps_done", "in_time", "late")
        name = printable(person["person"]["name"])
        rows.append((f"  {name}", *(str(person[key]) for key in names)))
    _table(rows)


def _roles(roles: list[Mapping[str, Any]]) -> None:
    click.echo("")
    rows: list[tuple[str, ...]] = [("  role", "due", "in time", "late", "missed", "kept")]
    for role in roles:
        counts = (str(role[key]) for key in ("due", "in_time", "late", "missed"))
        rows.append((f"  {role['role']}", *counts, _share(role)))
    _table(rows)


def _table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if char >= "\u1100" else 1 for char in text)


def _share(totals: Mapping[str, Any]) -> str:
    share = totals["kept_share"]
    return "–" if share is None else f"{share:.0%}"


def _span(seconds: float | None) -> str:
    return "–" if seconds is None else str(timedelta(seconds=round(seconds)))
