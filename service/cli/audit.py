"""`fengsui audit verify`: whether anybody has changed the past."""

from __future__ import annotations

import sys

import click

from service.audit import verify
from service.bootstrap import open_database
from service.cli.opening import run, settings_of_environment
from service.db import migrate as migrations


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
def verify_audit() -> None:
    """Check the chain of sealed rows; name the first bad one and the rows not sealed yet."""

    async def work() -> bool:
        database = open_database(settings_of_environment())
        try:
            await migrations.check(database)
            verification = await verify(database)
        finally:
            await database.close()
        tail = verification.unsealed
        click.echo(f"sealed {verification.sealed}, unsealed {len(tail)}")
        if tail:
            click.echo(f"not sealed yet: rows {tail[0]} to {tail[-1]}", err=True)
        if verification.first_bad is not None:
            click.echo(f"broken: {verification.first_bad}", err=True)
        return verification.ok

    if not run(work()):
        sys.exit(1)
    click.echo("the chain holds")
