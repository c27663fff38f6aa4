"""`fengsui models switch` and `back`: one step to a candidate, and the way back."""

from __future__ import annotations

import click

from service.auth import SYSTEM
from service.cli.opening import opened, run, settings_of_environment
from service.learning import Kind, Switch
from service.settings import Settings


@click.command()
@click.argument("name")
@click.option("--reason", help="Why; needed with --force.")
@click.option("--force", is_flag=True, help="Although it was not compared on what is known now.")
def switch(name: str, reason: str | None, force: bool) -> None:
    """Let the candidate NAME serve: as `models list` names it, or a model's folder.

    It must have been evaluated on what people have said up to now. Replicas follow within seconds.
    """
    _tell(run(_switched(settings_of_environment(), name, reason=reason, force=force)))


@click.command()
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    help="The newest of this kind, whatever else was switched since.",
)
@click.option("--reason", help="Why.")
def back(kind: str | None, reason: str | None) -> None:
    """Take back the newest switch that stands; again, the one before it."""
    wanted = None if kind is None else Kind(kind)
    _tell(run(_back(settings_of_environment(), kind=wanted, reason=reason)))


def _tell(step: Switch) -> None:
    did = "switched to" if step.undoes is None else f"took back switch {step.undoes}:"
    click.echo(f"switch {step.number}: {did} {step.kind.value} {step.name}")
    if step.undoes is None:
        click.echo("`fengsui models back` takes it back", err=True)


async def _switched(settings: Settings, name: str, *, reason: str | None, force: bool) -> Switch:
    async with opened(settings) as container:
        return await container.learning.switches.switch(SYSTEM, name, reason=reason, force=force)


async def _back(settings: Settings, *, kind: Kind | None, reason: str | None) -> Switch:
    async with opened(settings) as container:
        return await container.learning.switches.back(SYSTEM, kind=kind, reason=reason)
