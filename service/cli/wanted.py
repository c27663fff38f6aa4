"""`fengsui apply -f FILE`: brands, monitors, sources, channels and rules from YAML."""

from __future__ import annotations

from pathlib import Path

import click

from service.auth import SYSTEM
from service.cli.opening import opened, run, settings_of_environment


@click.command()
@click.option(
    "-f",
    "--file",
    "path",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="A YAML file, or a folder of them.",
)
def apply(path: Path) -> None:
    """Make the configuration what the files say; everything or nothing."""

    async def work() -> None:
        async with opened(settings_of_environment()) as container:
            applied = await container.importer.apply(SYSTEM, path)
        for word, names in (
            ("created", applied.created),
            ("changed", applied.changed),
            ("unchanged", applied.unchanged),
        ):
            for name in names:
                click.echo(f"{word} {name}")
        for name, secret in applied.new_secrets.items():
            click.echo(f"signing secret of channel {name}, shown this once: {secret}", err=True)

    run(work())
