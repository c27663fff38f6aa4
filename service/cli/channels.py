"""`fengsui channel test`: one real message to one channel, and what its receiver answered."""

from __future__ import annotations

import sys

import click

from service.bootstrap import Container
from service.cli.opening import opened, run, settings_of_environment
from service.delivery import ChannelTarget, SendOutcome, SendResult
from service.errors import NotFound


@click.group()
def channel() -> None:
    """Channels: where people are paged."""


@channel.command("test")
@click.argument("name")
def test_channel(name: str) -> None:
    """Send a test message to channel NAME and show the answer; exit 1 unless it was accepted.

    The message is a heartbeat marked as a test, so that no receiver takes it for an incident.
    """

    async def work() -> SendResult:
        async with opened(settings_of_environment()) as container:
            target = await _target(container, name)
            _, result = await container.trials.run(target, by="command line", nonce="")
            return result

    result = run(work())
    status = "" if result.status is None else f" HTTP {result.status}"
    click.echo(f"{result.outcome.value}{status} in {result.duration_ms:.0f} ms")
    for said in filter(None, (result.answer, result.reason)):
        click.echo(f"  {_printable(said)}", err=result.outcome is not SendOutcome.SENT)
    if result.outcome is not SendOutcome.SENT:
        sys.exit(1)


async def _target(container: Container, name: str) -> ChannelTarget:
    targets = {target.id: target for target in await container.channels.targets()}
    if name not in targets:
        known = ", ".join(sorted(targets)) or "none yet"
        raise NotFound(f"there is no channel {name!r}; there are: {known}")
    return targets[name]


def _printable(text: str) -> str:
    """What a receiver says is not ours: no line break or escape sequence of it reaches us."""
    return "".join(char if char.isprintable() else " " for char in text)[:500]
