"""`fengsui topics fit | show | activate`: what posts are about."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import click
import orjson

from nlp.text.tokenizer import JiebaTokenizer
from nlp.topics import Pooling, TopicPost
from service.api.views import plain
from service.auth import SYSTEM
from service.bootstrap import Container
from service.cli.instants import read_instant
from service.cli.lexicon_shown import printable
from service.cli.opening import opened, run, settings_of_environment
from service.db.leases import turn
from service.errors import Conflict, ServiceError
from service.topics import FitRequest, FitState, TopicVersion
from service.topics.job import LEASE
from service.topics.lines import read_posts
from service.topics.model import MOST_POSTS

_TELL_EVERY_S = 2.0
_SHOWN_TERMS = 10
_NAMED = 20


@click.group()
def topics() -> None:
    """What posts are about, by LDA over words."""


@topics.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--monitor", help="Only posts of this monitor.")
@click.option("--from", "since", help="A day or an instant; without it, from the first post.")
@click.option("--to", "until", help="A day or an instant; without it, up to now.")
@click.option("--k", "count", type=int, help="How many topics.")
@click.option("--k-range", "span", default="10:50", show_default=True, metavar="A:B",
              help="Without --k, the number from A to B with the best coherence.")  # fmt: skip
@click.option("--pooling", type=click.Choice([item.value for item in Pooling]),
              default=Pooling.LIKENESS.value, show_default=True,
              help="What makes one document of several posts.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--update", "based_on", type=int, metavar="VERSION", help="Go on from a version.")
@click.option("--activate", is_flag=True, help="Hold new posts against it from now on.")
def fit(
    file: Path | None,
    monitor: str | None,
    since: str | None,
    until: str | None,
    count: int | None,
    span: str,
    pooling: str,
    seed: int,
    based_on: int | None,
    activate: bool,
) -> None:
    """Fit topics on stored posts, or on the JSON lines of FILE, as a new version.

    The same posts, options and seed give the same topics. Stopped with Ctrl-C it leaves what was.
    """
    settings = settings_of_environment()
    if file is not None and (since or until):
        raise click.UsageError("--from and --to choose among stored posts, not lines of a FILE")
    lowest, highest = _range(span)
    request = FitRequest(
        monitor=monitor,
        since=None if since is None else read_instant("--from", since, settings.zone),
        until=None if until is None else read_instant("--to", until, settings.zone),
        topics=count,
        lowest=lowest,
        highest=highest,
        pooling=Pooling(pooling),
        seed=seed,
        based_on=based_on,
        activate=activate,
    )

    async def work() -> tuple[TopicVersion, int]:
        async with opened(settings) as container:
            return await _fit(container, request, file)

    version, wrong = run(work())
    if version.state is not FitState.READY:
        raise ServiceError(f"topics {version.number} {version.state.value}: {version.reason}")
    for line in _summary(version):
        click.echo(line)
    if wrong:
        sys.exit(1)


@topics.command()
@click.argument("number", required=False, type=int, metavar="[VERSION]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(number: int | None, as_json: bool) -> None:
    """The topics of VERSION, or else all versions, newest first."""
    settings = settings_of_environment()

    async def work() -> list[TopicVersion]:
        async with opened(settings) as container:
            if number is not None:
                return [await container.topics.desk.get(SYSTEM, number)]
            return list((await container.topics.desk.page(SYSTEM, limit=200)).items)

    found = run(work())
    if as_json:
        shown = plain(found[0]) if number is not None else {"items": plain(found)}
        sys.stdout.buffer.write(orjson.dumps(shown) + b"\n")
        return
    for version in found:
        click.echo(_line(version))
    if number is not None:
        for line in _topics(found[0]):
            click.echo(line)


@topics.command()
@click.argument("number", type=int, metavar="VERSION")
def activate(number: int) -> None:
    """Hold new posts against VERSION from now on."""
    settings = settings_of_environment()

    async def work() -> TopicVersion:
        async with opened(settings) as container:
            return await container.topics.desk.activate(SYSTEM, number)

    click.echo(_line(run(work())))


async def _fit(
    container: Container, request: FitRequest, file: Path | None
) -> tuple[TopicVersion, int]:
    """The version as the fit left it, and how many lines of the file were no posts."""
    wrong = 0
    posts: tuple[TopicPost, ...] | None = None
    told = _teller(container.clock.monotonic)
    if file is not None:
        request.check()
        terms = (entry.term for entry in container.lexicon.live.current.entries)
        tokenizer = JiebaTokenizer((*terms, *await container.brands.words()))
        read = await asyncio.to_thread(
            read_posts,
            file,
            tokenizer,
            most=MOST_POSTS,
            told=lambda done: told("reading", done, MOST_POSTS),
        )
        posts, wrong = read.posts, len(read.rejected)
        for place, reason in read.rejected[:_NAMED]:
            click.echo(f"{place}: {reason}", err=True)
    owner = container.settings.worker_id
    async with turn(
        container.database, LEASE, owner=f"{owner} fit", now=container.clock.now
    ) as mine:
        if not mine:
            raise Conflict("another fit is being done here: wait for it, or cancel it")
        version = await container.topics.desk.ask(
            SYSTEM, request, file=None if file is None else file.name
        )
        try:
            return await container.topics.runner.run(version, posts=posts, told=told), wrong
        except BaseException:
            await container.topics.desk.cancel(SYSTEM, version.number)
            raise


def _teller(monotonic: Callable[[], float]) -> Callable[[str, int, int], None]:
    """Lines on stderr: every new stage, and how far it has come now and then."""
    last: list[tuple[str, float]] = []

    def told(stage: str, done: int, of: int) -> None:
        now = monotonic()
        if last and last[-1][0] == stage and now - last[-1][1] < _TELL_EVERY_S:
            return
        last[:] = [(stage, now)]
        click.echo(f"{stage} {done:,} of {of:,}", err=True)

    return told


def _range(span: str) -> tuple[int, int]:
    lowest, colon, highest = span.partition(":")
    if not (colon and lowest.isdecimal() and highest.isdecimal()):
        raise click.UsageError(f"--k-range: {span!r} is none, such as 10:50")
    return int(lowest), int(highest)


def _line(version: TopicVersion) -> str:
    """A version in one line."""
    findings = version.findings or {}
    figures = ""
    if findings:
        figures = (
            f", {len(findings['topics'])} topics of {findings['posts']:,} posts, "
            f"C_v {findings['coherence']}, diversity {findings['diversity']}"
        )
    serving = ", active" if version.active else ""
    alarm = ", new posts fit none: fit anew" if version.alarm else ""
    whose = version.monitor or "all posts"
    return f"{version.number}  {version.state.value}{serving}, {whose}{figures}{alarm}"


def _summary(version: TopicVersion) -> list[str]:
    return [_line(version), *_topics(version)]


def _topics(version: TopicVersion) -> list[str]:
    """The topics, biggest first, and which of them are new."""
    findings = version.findings
    if findings is None:
        return [f"   {version.reason}"] if version.reason else []
    drift = findings["drift"] or {"new": []}
    new = {item["topic"] for item in drift["new"]}
    ranked = sorted(findings["topics"], key=lambda topic: (-topic["share"], topic["id"]))
    return [
        f"{topic['id']:>4}  {topic['share']:6.1%}  {'new  ' if topic['id'] in new else ''}"
        + printable(" ".join(term["word"] for term in topic["terms"][:_SHOWN_TERMS]))
        for topic in ranked
    ]
