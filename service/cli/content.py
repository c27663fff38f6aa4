"""`fengsui check`: the content of this installation, or of a folder, examined."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from nlp import load_lexicon
from playbooks import ContentReport, check_content, load_library
from service.bootstrap import overlays_of
from service.cli.opening import settings_of_environment


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--overlay", "names", multiple=True, help="Lay this over it: a folder, or `national`."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def check(folder: Path | None, names: tuple[str, ...], as_json: bool) -> None:
    """Check playbooks, rules, templates, cases and the lexicon; every error, one line each.

    FOLDER is content in place of what ships. Without --overlay the overlays of
    FENGSUI_CONTENT_OVERLAYS are laid over what ships, and nothing over a FOLDER.
    """
    settings = settings_of_environment()
    if not names and folder is None:
        names = settings.content_overlays
    overlays = overlays_of(names)
    report = check_content(folder, overlays=overlays)
    if as_json:
        click.echo(json.dumps(_report(report), ensure_ascii=False, indent=2))
    else:
        for line in report.lines:
            click.echo(line, err=True)
    if not report.ok:
        sys.exit(2)
    library = load_library(folder, overlays=overlays)
    click.echo(
        f"{len(library.scenarios)} scenarios, {len(library.playbooks)} playbooks, "
        f"{len(library.rules)} rules, {len(library.cases)} cases, "
        f"{len(load_lexicon().entries)} lexicon entries",
        err=as_json,
    )


def _report(report: ContentReport) -> dict[str, object]:
    findings = [
        {
            "file": finding.file,
            "line": finding.line,
            "column": finding.column,
            "severity": finding.severity.value,
            "code": finding.code.value,
            "message": finding.message,
        }
        for finding in report.findings
    ]
    return {"ok": report.ok, "findings": findings}
