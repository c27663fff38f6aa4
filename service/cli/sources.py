"""`fengsui source add | test`: places to pull posts from."""

from __future__ import annotations

import sys

import click

from crawlers import Ok, Outcome, kinds, outcome_of
from nlp.pii import masked
from service.auth import SYSTEM
from service.cli.opening import opened, run, settings_of_environment
from service.monitors import SourceDraft


@click.group()
def source() -> None:
    """Sources."""


@source.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(sorted(kinds())), required=True)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="May be repeated.")
@click.option("--interval", "interval_s", default=300, show_default=True, help="Seconds.")
def add_source(name: str, kind: str, settings: tuple[str, ...], interval_s: int) -> None:
    """Add a source, such as `source add news --kind rss --set url=https://…`."""
    pairs = [item.partition("=") for item in settings]
    if wrong := [item for item, found, _ in pairs if not found]:
        raise click.UsageError(f"--set {wrong[0]}: give KEY=VALUE")

    async def work() -> None:
        async with opened(settings_of_environment()) as container:
            draft = SourceDraft(
                id=name,
                kind=kind,
                name=name,
                settings={key: value for key, _, value in pairs},
                interval_s=interval_s,
            )
            saved = await container.sources.put(SYSTEM, draft)
            click.echo(f"{saved.change.value} {saved.item.id}")

    run(work())


@source.command("test")
@click.argument("name")
def test_source(name: str) -> None:
    """Pull a source once and show what came; nothing is stored and no cursor moves."""

    async def work() -> bool:
        async with opened(settings_of_environment()) as container:
            built = await container.sources.build(name)
            result = await built.pull(None, container.fetcher)
        outcome = outcome_of(result)
        click.echo(outcome.value)
        if isinstance(result, Ok):
            for post in result.posts[-5:]:
                click.echo(f"  {post.published_at:%Y-%m-%d %H:%M} UTC  {masked(post.text)[:80]!r}")
            for place, reason in result.rejected[:5]:
                click.echo(f"  not read: {place}: {reason}", err=True)
        else:
            click.echo(f"  {result}", err=True)
        return outcome in (Outcome.OK, Outcome.OK_EMPTY, Outcome.NOT_MODIFIED)

    if not run(work()):
        sys.exit(1)
