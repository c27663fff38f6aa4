"""`fengsui author erase`: what is kept of a person who asks for it goes."""

from __future__ import annotations

import click

from service.auth import SYSTEM
from service.cli.opening import opened, run, settings_of_environment
from service.retention import Erased, ErasureJob, request_erasure


@click.group()
def author() -> None:
    """Authors of posts."""


@author.command()
@click.argument("name", metavar="AUTHOR")
@click.option("--source", help="The site, where AUTHOR is the account's id there: weibo, xhs …")
@click.option("--reason", required=True, help="Goes into the audit trail.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(name: str, source: str | None, reason: str, yes: bool) -> None:
    """Erase AUTHOR's posts with earlier wordings, who they are, and what was counted of them.

    AUTHOR is a pseudonym (au_…). Evidence in incidents and texts in review stay.
    """
    settings = settings_of_environment()

    async def work() -> tuple[Erased, ...]:
        async with opened(settings) as container:
            pseudonym = name if source is None else container.keyring.pseudonym(source, name)
            if not yes:
                click.confirm(f"erase {pseudonym} for good?", abort=True, err=True)
            now = container.clock.now()
            async with container.database.write() as connection:
                await request_erasure(connection, pseudonym, actor=SYSTEM.id, reason=reason, at=now)
            # The one that runs here: it knows who else has traces of an author.
            (job,) = [item for item in container.upkeep if isinstance(item, ErasureJob)]
            return await job.erase_all(now)

    done = run(work())
    for one in done:
        handle = "the handle" if one.handle else "no handle was kept"
        click.echo(f"erased {one.author}: {one.posts} posts, {handle}")
    if not done:
        click.echo("noted; a running worker is erasing and does it within a minute")
