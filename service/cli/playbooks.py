"""`fengsui playbook list | show | export`: who must do what by when, on screen and on paper."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from playbooks import Anchors, Kind, Library, Playbook, Scenario, load_library, plan
from service.bootstrap import overlays_of
from service.cli.instants import read_instant
from service.cli.opening import settings_of_environment
from service.cli.playbook_shown import Shown, listed, plan_data, plan_lines
from service.clock import SystemClock
from service.documents import docx_of, page_of
from service.handbook import Lang, handbook
from service.settings import Settings

_OPENED = datetime(2026, 3, 2, 1, tzinfo=UTC)
_TIERS = click.option(
    "--tiers", "tiers", help="Another tier table laid over the content: `national`, or a folder."
)


@click.group()
def playbook() -> None:
    """Playbooks: the plans and the handbook."""


@playbook.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@_TIERS
def list_playbooks(as_json: bool, tiers: str | None) -> None:
    """Name scenarios and other kinds with their playbooks, and the tiers."""
    library = _library(settings_of_environment(), tiers)
    data, lines = listed(library)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines))


@playbook.command("show")
@click.argument("scenario")
@click.argument("tier")
@click.option("--opened-at", help="When the incident opened; a Monday at nine in Shanghai if not.")
@click.option("--first-post-at", help="When the first post was published; the opening if not.")
@click.option("--brief", is_flag=True, help="Times only, without what to do and to say.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@_TIERS
def show_playbook(
    scenario: str,
    tier: str,
    opened_at: str | None,
    first_post_at: str | None,
    brief: bool,
    as_json: bool,
    tiers: str | None,
) -> None:
    """Print the plan of SCENARIO in TIER: who, by when on both clocks, what to do and to say.

    SCENARIO may also be coverage, backlog or person_at_risk. Instants without a zone are those of
    FENGSUI_TIMEZONE, in which times are shown.
    """
    settings = settings_of_environment()
    library = _library(settings, tiers)
    chosen, named = _chosen(library, scenario)
    if tier not in library.tiers.ids:
        raise click.ClickException(f"no tier {tier!r}; known: {', '.join(library.tiers.ids)}")
    zone = settings.zone
    opened = _OPENED if opened_at is None else read_instant("--opened-at", opened_at, zone)
    first = opened
    if first_post_at is not None:
        first = read_instant("--first-post-at", first_post_at, zone)
    if first - opened > timedelta(0):
        raise click.UsageError("--first-post-at is after --opened-at: nothing opens before a post")
    shown = Shown(
        playbook=chosen,
        scenario=named,
        tier=next(one for one in library.tiers.tiers if one.id == tier),
        steps=plan(chosen, Anchors.at_opening(tier=tier, opened=opened, first_post=first)),
        opened=opened,
        first_post=first,
        zone=zone,
    )
    if as_json:
        click.echo(json.dumps(plan_data(shown), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(plan_lines(shown, brief=brief)))


@playbook.command("export")
@click.option(
    "--format", "form", type=click.Choice(["html", "docx"]), required=True, help="What to write."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--lang", type=click.Choice([lang.value for lang in Lang]), default=Lang.ZH.value)
@_TIERS
def export_handbook(form: str, output: Path, lang: str, tiers: str | None) -> None:
    """Write the handbook: all tiers, scenarios, plans, check lists, laws and statements."""
    document = handbook(_library(settings_of_environment(), tiers), Lang(lang))
    if form == "html":
        output.write_text(page_of(document), encoding="utf-8")
    else:
        output.write_bytes(docx_of(document, made_at=SystemClock().now()))
    click.echo(f"{output}: {output.stat().st_size:,} bytes")


def _library(settings: Settings, tiers: str | None) -> Library:
    names = (*settings.content_overlays, *([] if tiers is None else [tiers]))
    return load_library(overlays=overlays_of(names))


def _chosen(library: Library, name: str) -> tuple[Playbook, Scenario | None]:
    """The playbook of a scenario or another kind, and the scenario. Raises ClickException."""
    kinds = [kind.value for kind in Kind if kind is not Kind.CRISIS]
    if name in kinds:
        return library.playbook(name), None
    if name not in library.scenarios:
        known = ", ".join([*sorted(library.scenarios), *kinds])
        raise click.ClickException(f"no scenario {name!r}; known: {known}")
    return library.playbook_for(name), library.scenarios[name]
