"""`fengsui check`, `playbook show`: the shipped content, checked and shown."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from nlp import load_lexicon
from playbooks import (
    Anchors,
    Library,
    check_content,
    format_duration,
    load_library,
    plan,
)


@click.command()
def check() -> None:
    """Check playbooks, rules, templates, cases and the lexicon; every error, one line each."""
    report = check_content()
    for line in report.lines:
        click.echo(line, err=True)
    if not report.ok:
        sys.exit(2)
    lexicon_table = load_lexicon()
    library = load_library()
    click.echo(
        f"{len(library.scenarios)} scenarios, {len(library.playbooks)} playbooks, "
        f"{len(library.rules)} rules, {len(library.cases)} cases, "
        f"{len(lexicon_table.entries)} lexicon entries"
    )


@click.group()
def playbook() -> None:
    """Playbooks."""


@playbook.command("show")
@click.argument("scenario")
@click.argument("tier")
def show_playbook(scenario: str, tier: str) -> None:
    """Print the steps of SCENARIO in TIER with their times."""
    library = load_library()
    _check_names(library, scenario, tier)
    chosen = library.playbook_for(scenario)
    opened = datetime(2026, 1, 1, tzinfo=UTC)
    click.echo(f"{chosen.id} · {tier} · {chosen.name.zh} / {chosen.name.en}")
    for step in plan(chosen, Anchors.at_opening(tier=tier, opened=opened, first_post=opened)):
        due = "–" if step.due_at is None else f"+{format_duration(step.due_at - opened)}"
        anchor = step.step.anchor
        click.echo(f"{due:>8}  {step.step.role.value:<9} {step.id:<24} {step.step.title.zh}")
        click.echo(f"{'':>8}  {'':<9} {step.step.title.en} [{anchor}]")


def _check_names(library: Library, scenario: str, tier: str) -> None:
    if scenario not in library.scenarios and scenario != "unclassified":
        known = ", ".join(sorted(library.scenarios))
        raise click.ClickException(f"no scenario {scenario!r}; known: {known}")
    if tier not in library.tiers.ids:
        raise click.ClickException(f"no tier {tier!r}; known: {', '.join(library.tiers.ids)}")
