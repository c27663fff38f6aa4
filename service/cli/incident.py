"""`fengsui incident export`: the whole case of an incident as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from service.auth import SYSTEM
from service.casefile import case_document
from service.cli.opening import opened, run, settings_of_environment
from service.clock import SystemClock
from service.documents import Form, written


@click.group()
def incident() -> None:
    """Incidents: their cases, to be taken away."""


@incident.command("export")
@click.argument("incident_id")
@click.option(
    "--format", "form", type=click.Choice([form.value for form in Form]), default=Form.JSON.value
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export_case(incident_id: str, form: str, output: Path) -> None:
    """Write the case: evidence with hashes, tiers, steps, statements, links, timeline."""
    clock = SystemClock()

    async def work() -> dict[str, Any]:
        async with opened(settings_of_environment(), clock) as container:
            return await container.casefiles.case(SYSTEM, incident_id, form=form)

    content = written(run(work()), case_document, Form(form), made_at=clock.now())
    output.write_bytes(content)
    click.echo(f"{output}: {output.stat().st_size:,} bytes")
