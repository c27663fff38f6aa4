"""What the state database knows of models: the one that was switched to, switches, evaluations."""

from __future__ import annotations

from pathlib import Path

import click

from nlp.encoder import read_manifest
from service.bootstrap import open_database
from service.bootstrap.reading import served_by
from service.cli.lexicon_opening import is_new
from service.cli.lexicon_shown import printable
from service.db import Database
from service.db import migrate as migrations
from service.errors import SchemaOutdated
from service.incidents import format_instant
from service.learning import Evaluation, Kind, Switch, repository
from service.learning.serving import checked_place
from service.settings import EncoderKind, Settings

_MOST = 10


async def show_kept(settings: Settings) -> None:
    """Nothing where there is no database yet. Raises Altered, BadModel for a model that was
    switched to and cannot be loaded."""
    if is_new(settings):
        return
    database = open_database(settings)
    try:
        if await migrations.current(database) is None:
            return
        try:
            await migrations.check(database)
        except SchemaOutdated as error:
            click.echo(f"warning: switches are not looked at: {error.detail}", err=True)
            return
        await _show(database)
    finally:
        await database.close()


async def switched_settings(settings: Settings) -> Settings:
    """The settings under which the model that was switched to is the served one; the same where
    there is none, or no database of this schema. Raises Altered where its folder is not as it was.
    """
    if is_new(settings) or settings.encoder is EncoderKind.LEXICAL:
        return settings
    database = open_database(settings)
    try:
        if await migrations.current(database) is None:
            return settings
        await migrations.check(database)
        async with database.read() as connection:
            last = await repository.last_of(connection, Kind.ENCODER)
    except SchemaOutdated as error:
        click.echo(f"warning: switches are not looked at: {error.detail}", err=True)
        return settings
    finally:
        await database.close()
    if last is None or last.after is None:
        return settings
    click.echo(f"model: {printable(last.after['name'])}, by switch {last.number}", err=True)
    return served_by(settings, checked_place(last.after))


async def _show(database: Database) -> None:
    async with database.read() as connection:
        serving = await repository.last_of(connection, Kind.ENCODER)
        switches = await repository.newest_switches(connection, limit=_MOST)
        evaluations = await repository.newest_evaluations(connection, limit=_MOST)
    for evaluation in evaluations:
        click.echo(_evaluation(evaluation))
    for switch in switches:
        click.echo(_switch(switch))
    if serving is not None and serving.after is not None:
        place = Path(serving.after["place"])
        click.echo(f"serves {place}: {serving.after['name']}, by switch {serving.number}")
        checked_place(serving.after)
        read_manifest(place)


def _evaluation(evaluation: Evaluation) -> str:
    return (
        f"evaluated {evaluation.kind.value} {printable(evaluation.name)} on "
        f"{evaluation.set_rows} rows ({evaluation.set_sha256[:12]}), "
        f"{format_instant(evaluation.at)}: {evaluation.id}"
    )


def _switch(switch: Switch) -> str:
    did = "to" if switch.undoes is None else f"back ({switch.undoes}) from"
    forced = ", forced" if switch.forced else ""
    return (
        f"switch {switch.number} {did} {switch.kind.value} {printable(switch.name)} by "
        f"{printable(switch.author)}, {format_instant(switch.at)}{forced}: "
        f"{printable(switch.reason)}"
    )
