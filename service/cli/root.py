"""The group of commands, and how every command ends: 0 done, 1 partly, 2 usage or input."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click
from sqlalchemy.exc import DBAPIError

from nlp import NlpError
from playbooks import ContentErrors, PlaybookError
from service.cli.access import key, user
from service.cli.audit import audit
from service.cli.author import author
from service.cli.backtest import backtest
from service.cli.briefing import briefing
from service.cli.bursts import bursts
from service.cli.channels import channel
from service.cli.classify import classify
from service.cli.content import check
from service.cli.copies import backup, restore
from service.cli.demo import demo
from service.cli.drill import drill
from service.cli.importing import import_file
from service.cli.incident import incident
from service.cli.lexicon import lexicon
from service.cli.measures import measures
from service.cli.models import models
from service.cli.playbooks import playbook
from service.cli.replay import replay
from service.cli.roles import crawl, doctor, migrate, serve, work
from service.cli.series import series
from service.cli.sources import source
from service.cli.store import store
from service.cli.topics import topics
from service.cli.wanted import apply
from service.errors import ServiceError
from service.settings import BadSettings
from service.version import VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="fengsui")
def cli() -> None:
    """Fengsui (烽燧): sentiment and crisis monitoring with the response clock running."""


for command in (
    serve,
    work,
    crawl,
    migrate,
    doctor,
    demo,
    replay,
    backtest,
    drill,
    apply,
    check,
    classify,
    bursts,
    measures,
    models,
    lexicon,
    playbook,
    source,
    import_file,
    series,
    topics,
    incident,
    briefing,
    channel,
    audit,
    author,
    user,
    key,
    backup,
    restore,
    store,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command (of the process, unless given) and exit.

    A mistake is a line on stderr and exit 2, never a traceback.
    """
    # Databases, keys and backups are for the service's own user alone.
    os.umask(0o077)
    try:
        # Without standalone mode click hands the code of an early exit back instead of raising it.
        code = cli.main(arguments, prog_name="fengsui", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except BadSettings as error:
        for name, message in error.errors:
            click.echo(f"{name}: {message}", err=True)
        sys.exit(2)
    except ContentErrors as error:
        for problem in error.errors:
            click.echo(str(problem), err=True)
        sys.exit(2)
    except ServiceError as error:
        for line in _lines(error):
            click.echo(line, err=True)
        sys.exit(2)
    except (NlpError, PlaybookError) as error:
        click.echo(f"fengsui: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        place = "" if error.filename is None else f"{error.filename}: "
        click.echo(f"fengsui: {place}{error.strerror or error}", err=True)
        sys.exit(2)
    except DBAPIError as error:
        click.echo(f"fengsui: the database refused: {error.orig}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _lines(error: ServiceError) -> list[str]:
    """Every error, one line each; a detail that only lists them is not said twice."""
    each = [f"{path}: {message}" for path, message in error.errors]
    if each and error.detail == "\n".join(each):
        return each
    return [f"fengsui: {error.detail}", *(f"  {line}" for line in each)]
