"""`fengsui replay`: a recorded stream through the whole service, in virtual time."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from service.cli.opening import run, settings_of_environment
from service.cli.progress import replay_progress
from service.log import configure_logging
from service.replay import ReplayAnswer, read_stream, replay_stream
from service.settings import LogFormat, LogLevel

_NEAREST = 2
"""Rules of the next tier that are shown for each tier."""


@click.command()
@click.argument("stream", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--config", type=click.Path(exists=True, path_type=Path), help="YAML of `apply`.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as one JSON object.")
@click.option(
    "--elasticsearch",
    is_flag=True,
    help="Keep the posts at FENGSUI_POSTS_URL, in indices of their own, deleted at the end.",
)
def replay(stream: Path, config: Path | None, as_json: bool, elasticsearch: bool) -> None:
    """Replay STREAM (JSONL, plain or gzip; - is stdin) and say what would have happened."""
    there = settings_of_environment() if elasticsearch else None
    configure_logging(log_format=LogFormat.CONSOLE, level=LogLevel.ERROR)
    if there is not None and not there.post_nodes:
        raise click.UsageError("--elasticsearch needs FENGSUI_POSTS_URL; set it")
    recorded = read_stream(stream)
    for line in recorded.rejected[:20]:
        click.echo(f"{line.place}: {line.reason}", err=True)
    if len(recorded.rejected) > 20:
        click.echo(f"… and {len(recorded.rejected) - 20} more lines", err=True)
    with replay_progress(len(recorded.posts)) as report:
        answer = run(
            replay_stream(recorded, config=config, on_progress=report, elasticsearch=there)
        )
    if as_json:
        click.echo(orjson.dumps(answer).decode())
    else:
        print_answer(answer)
    if recorded.rejected:
        click.echo(f"{len(recorded.rejected)} lines could not be read", err=True)
        raise click.exceptions.Exit(1)


def print_answer(answer: ReplayAnswer) -> None:
    """The incidents and their clocks, for people."""
    for incident in answer["incidents"]:
        click.echo(
            f"\n{incident['tier'].upper():<7} {incident['scenario'] or incident['kind']}"
            f" · {incident['monitor']} · {incident['posts']} posts · {incident['id']}"
        )
        click.echo(f"  first post {incident['first_post_at']}, opened {incident['opened_at']}")
        for change in incident["tiers"]:
            click.echo(f"  {change['at']}  {change['tier']}")
            for reason in change["reasons"]:
                click.echo(f"      {reason['clause']}  (was {_shown(reason['value'])})")
            for rule in (change["next"] or {"rules": []})["rules"][:_NEAREST]:
                click.echo(f"      {rule['text']['zh']}  [{rule['rule']}]")
        for step in incident["steps"]:
            due = step["due_at"] or "no deadline yet"
            click.echo(f"  {due:<24} {step['state']:<9} {step['role']:<9} {step['title']['zh']}")
    totals = answer["totals"]
    click.echo(
        f"\n{totals['posts']} posts in {totals['seconds']} s, "
        f"{totals['posts_per_second']} posts/s; {len(answer['incidents'])} incidents, "
        f"{len(answer['alerts'])} alerts"
    )


def _shown(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
