"""`fengsui check`: the content of this installation, or what a folder holds, examined."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from nlp import load_lexicon
from playbooks import ContentReport, check_content, load_library
from service.bootstrap import overlays_of
from service.cli.check_config import counted, findings, is_config
from service.cli.opening import run, settings_of_environment
from service.monitors import BadConfig


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--overlay", "names", multiple=True, help="Lay this over it: a folder, or `national`."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def check(path: Path | None, names: tuple[str, ...], as_json: bool) -> None:
    """Check playbooks, rules, templates, cases and the lexicon; every error, one line each.

    PATH is a folder of content in place of what ships, or configuration as `fengsui apply` reads
    it, a file or a folder, which is tried out without a database, or a tracker.
    Without --overlay the overlays of FENGSUI_CONTENT_OVERLAYS are laid over what ships, and nothing
    over a folder of content.
    """
    settings = settings_of_environment()
    if path is not None and is_config(path):
        _check_config(path, names or settings.content_overlays, as_json=as_json)
        return
    if not names and path is None:
        names = settings.content_overlays
    overlays = overlays_of(names)
    report = check_content(path, overlays=overlays)
    if as_json:
        click.echo(json.dumps(_report(report), ensure_ascii=False, indent=2))
    else:
        for line in report.lines:
            click.echo(line, err=True)
    if not report.ok:
        sys.exit(2)
    library = load_library(path, overlays=overlays)
    click.echo(
        f"{len(library.scenarios)} scenarios, {len(library.playbooks)} playbooks, "
        f"{len(library.rules)} rules, {len(library.cases)} cases, "
        f"{len(load_lexicon().entries)} lexicon entries",
        err=as_json,
    )


def _check_config(path: Path, overlays: tuple[str, ...], *, as_json: bool) -> None:
    found: list[dict[str, object]] = []
    entries = ""
    try:
        entries = run(counted(path, overlays))
    except BadConfig as error:
        if not as_json:
            raise
        found = findings(error)
    if as_json:
        click.echo(json.dumps({"ok": not found, "findings": found}, ensure_ascii=False, indent=2))
    if found:
        sys.exit(2)
    click.echo(entries, err=as_json)


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
