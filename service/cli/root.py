"""The group of commands, and how every command ends: 0 done, 1 partly, 2 usage or input."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click
from sqlalchemy.exc import DBAPIError

from nlp import NlpError
from playbooks import ContentErrors, PlaybookError
from service.cli.command_table import CommandTable
from service.errors import ServiceError
from service.settings import BadSettings
from service.version import VERSION

COMMANDS = CommandTable(
    {
        "serve": "service.cli.roles:serve",
        "work": "service.cli.roles:work",
        "crawl": "service.cli.roles:crawl",
        "migrate": "service.cli.roles:migrate",
        "doctor": "service.cli.roles:doctor",
        "demo": "service.cli.demo:demo",
        "replay": "service.cli.replay:replay",
        "backtest": "service.cli.backtest:backtest",
        "drill": "service.cli.drill:drill",
        "apply": "service.cli.wanted:apply",
        "check": "service.cli.content:check",
        "classify": "service.cli.classify:classify",
        "bursts": "service.cli.bursts:bursts",
        "measures": "service.cli.measures:measures",
        "models": "service.cli.models:models",
        "lexicon": "service.cli.lexicon:lexicon",
        "playbook": "service.cli.playbooks:playbook",
        "source": "service.cli.sources:source",
        "import": "service.cli.importing:import_file",
        "series": "service.cli.series:series",
        "topics": "service.cli.topics:topics",
        "incident": "service.cli.incident:incident",
        "briefing": "service.cli.briefing:briefing",
        "channel": "service.cli.channels:channel",
        "audit": "service.cli.audit:audit",
        "author": "service.cli.author:author",
        "user": "service.cli.access:user",
        "key": "service.cli.access:key",
        "backup": "service.cli.copies:backup",
        "restore": "service.cli.copies:restore",
        "store": "service.cli.store:store",
    }
)


@click.group(commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="fengsui")
def cli() -> None:
    """Fengsui (烽燧): sentiment and crisis monitoring with the response clock running."""


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
