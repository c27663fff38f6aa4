"""`fengsui measures`: what rules may read, as the page of the documentation."""

from __future__ import annotations

import click

from playbooks import measures_page


@click.command()
def measures() -> None:
    """Print docs/measures.md: every measure, and every fact that rules may read."""
    click.echo(measures_page(), nl=False)
