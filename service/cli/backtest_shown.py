"""The answer of a back-test for people: what changes, at which cost, with posts to look at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import click

from service.backtest import Answer
from service.cli.lexicon_shown import printable

_WIDTH = 60
_WHOLE = 100
"""From here on nobody needs what is behind the point."""


def print_answer(answer: Answer) -> None:
    """Everything that was found, the differences first."""
    span = answer["span"]
    click.echo(f"{span['posts']} posts, {span['from']} to {span['to']}")
    for change in answer["rules"]["changed"]:
        keys = ", ".join(change["keys"])
        click.echo(f"changed rule {change['rule']}: {keys}")
    _figures(answer)
    incidents = answer["incidents"]
    click.echo(f"\n{incidents['same']} incidents are the same")
    for word in ("gained", "lost", "changed"):
        for incident in incidents[word]:
            _incident(word, incident)
    for moved in incidents["moved"]:
        click.echo(
            f"\nmoved    {moved['scenario']} · {moved['monitor']} · opened "
            f"{_lag(abs(moved['later_s']))} {'later' if moved['later_s'] > 0 else 'earlier'}, "
            f"at {moved['opened_at']['after']}"
        )
    if "budget" in answer:
        _budget(answer["budget"])


def _figures(answer: Answer) -> None:
    rows = [("", "current", "candidate")]
    for title, read in (
        ("incidents", lambda side: side["incidents"]),
        ("pages a week", lambda side: side["alerts_per_week"]),
        ("pages in the busiest night", lambda side: side["busiest_night"]),
        ("delay, median", lambda side: _lag(side["delay_s"]["p50"])),
        ("delay, p90", lambda side: _lag(side["delay_s"]["p90"])),
        ("precision", lambda side: _precision(side["labels"])),
    ):
        rows.append((title, str(read(answer["current"])), str(read(answer["candidate"]))))
    click.echo("")
    print_table(rows)
    note = answer["candidate"]["labels"].get("note")
    if note:
        click.echo(f"precision: {note}")


def _incident(word: str, incident: Mapping[str, Any]) -> None:
    tier = incident["tier"]
    shown = tier if isinstance(tier, str) else f"{tier['before']} → {tier['after']}"
    click.echo(
        f"\n{word:<8} {shown} · {incident['scenario']} · {incident['monitor']} · "
        f"{incident['posts']} posts · opened {incident['opened_at']}, "
        f"{_lag(incident['delay_s'])} after the first post"
    )
    label = incident["label"]
    if label is not None:
        said = "right" if label["about_us"] else "a false alarm"
        click.echo(f"         people called it {said} ({label['incident']})")
    for reason in incident["reasons"]:
        click.echo(f"         {reason['clause']}  (was {_number(reason['value'])})")
    for sample in incident["samples"]:
        text = printable(" ".join(sample["text"].split()))
        cut = text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
        click.echo(f"         {sample['published_at']} {printable(sample['source'])}: {cut}")


def _budget(budget: Mapping[str, Any]) -> None:
    most = budget["pages_a_night"]
    click.echo(
        f"\nbudget: at most {most} pages a night; busiest night now {budget['busiest_night']}"
    )
    if budget["grid"]:
        rows = [("rule", "counts ×", "busiest night", "pages", "kept", "lowered", "later")]
        rows += [
            (
                item["rule"],
                f"{item['factor']:g}",
                str(item["busiest_night"]),
                str(item["pages"]),
                f"{item['kept']} of {item['of']}",
                str(item["lowered"]),
                _lag(item["later_s"]),
            )
            for item in budget["grid"]
        ]
        print_table(rows)
    if not budget["rules"]:
        click.echo("within the budget: nothing to change" if budget["fits"] else "no way found")
        return
    rehearsed = budget["rehearsed"]
    night = f"busiest night {rehearsed['busiest_night']}, {len(rehearsed['lost'])} incidents lost"
    if rehearsed["fits"]:
        click.echo(f"\nproposed, and rehearsed: {night}\nrules:")
    else:
        click.echo(f"\nno thresholds keep to the budget; the closest, rehearsed: {night}\nrules:")
    for rule in budget["rules"]:
        click.echo(f"  - {_rule(rule)}")


def _rule(rule: Mapping[str, Any]) -> str:
    """A rule of a file for `apply`: bounds as one would write them, a whole overlay as JSON."""
    if rule.keys() == {"id", "thresholds"}:
        bounds = ", ".join(f'"{clause}": {value:g}' for clause, value in rule["thresholds"].items())
        return f"id: {rule['id']}\n    thresholds: {{{bounds}}}"
    return printable(json.dumps(rule, ensure_ascii=False))


def print_table(rows: Sequence[tuple[str, ...]]) -> None:
    """Rows of equally many cells, in columns as wide as their widest cell."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


def _precision(labels: Mapping[str, Any]) -> str:
    found = labels.get("precision")
    return "–" if found is None else f"{found:.0%} of {labels['judged']}"


def _lag(seconds: float | None) -> str:
    return "–" if seconds is None else str(timedelta(seconds=round(seconds)))


def _number(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.3g}" if abs(value) < _WHOLE else str(round(value))
