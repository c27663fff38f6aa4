"""An evaluation for people: how right each side is, what would move, with texts to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from service.cli.backtest_shown import print_answer, print_table
from service.cli.lexicon_shown import printable
from service.learning import Evaluated

_WIDTH = 60


def print_evaluated(evaluated: Evaluated) -> None:
    """Everything that was compared."""
    result = evaluated.result
    candidate = result["candidate"]
    _set(result["set"])
    if candidate is not None:
        click.echo(f"candidate: {candidate['kind']} {printable(candidate['name'])}")
    if result["heads"]:
        _heads(result)
    else:
        click.echo("people have said nothing that a machine answers, so no score")
    if candidate is not None:
        _moved(result)
        _incidents(result)
    if evaluated.evaluation_id is not None:
        click.echo(
            f"\nrecorded as {evaluated.evaluation_id}; `fengsui models switch {candidate['name']}` "
            "makes it serve"
        )


def _set(told: Mapping[str, Any]) -> None:
    origins = ", ".join(f"{count} {name}" for name, count in told["origins"].items())
    part = "" if told["split"] is None else f" of {told['split']}"
    click.echo(
        f"set {told['sha256'][:12]}: {told['rows']} rows up to {told['until'] or '–'}"
        f"{f' ({origins})' if origins else ''}; {told['read']}{part} read"
    )


def _heads(result: Mapping[str, Any]) -> None:
    rows = [("", "rows", "accuracy", "candidate", "F1", "candidate", "mended", "broken")]
    for head, told in result["heads"].items():
        rows.append((head, *_scores(told), str(told["mended"]), str(told["broken"])))
    if result["labels"] is not None:
        rows.append(("categories", *_scores(result["labels"]), "", ""))
    click.echo("")
    print_table(rows)


def _scores(told: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    serving, candidate = told["serving"], told["candidate"] or {}
    return (
        str(serving["rows"]),
        _share(serving["accuracy"]),
        _share(candidate.get("accuracy")),
        _share(serving["f1"]),
        _share(candidate.get("f1")),
    )


def _moved(result: Mapping[str, Any]) -> None:
    if result["candidate"]["kind"] == "rules":
        click.echo("\nrules read no text: no label and no decision changes")
        return
    decisions = result["decisions"]
    click.echo(f"\ndecisions moved: {decisions['moved']} of {result['set']['read']} texts")
    for item in decisions["texts"]:
        if item["before"] != item["after"]:
            click.echo(f"  {item['before']} → {item['after']}: {item['texts']}")
    for item in result["examples"]:
        text = printable(" ".join(item["text"].split()))
        cut = text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
        said = "" if item["said"] is None else f", people: {printable(item['said'])}"
        before, after = item["before"] or "nothing", item["after"] or "nothing"
        click.echo(
            f"{item['effect']:<8} {item['head']} {printable(before)} → {printable(after)}{said}: "
            f"{cut}"
        )


def _incidents(result: Mapping[str, Any]) -> None:
    click.echo("")
    if result["incidents"] is None:
        click.echo(f"incidents: {printable(result['incidents_note'])}")
    else:
        print_answer(result["incidents"])


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
