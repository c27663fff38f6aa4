"""What a trial pull of a source found, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import click

from crawlers import Post, SourceKind
from nlp.pii import masked
from service.ingest.trial import Trial

_SHOWN = 5
_WIDTH = 80


def tell_of_trial(trial: Trial, *, kind: SourceKind[Any], interval_s: int) -> None:
    """The outcome and the newest posts on stdout; what was not read, and the figures, on stderr."""
    click.echo(trial.outcome.value)
    for post in trial.posts[-_SHOWN:]:
        click.echo(f"  {post.published_at:%Y-%m-%d %H:%M} UTC  {_said(post)}")
    for place, reason in trial.rejected[:_SHOWN]:
        click.echo(f"  not read: {place}: {reason}", err=True)
    if (why := why_not(trial)) is not None:
        click.echo(f"  {why}", err=True)
    if trial.posts:
        click.echo(f"  filled: {_filled(trial.posts, kind)}", err=True)
    more = "; another page waits" if trial.more else ""
    click.echo(
        f"  {len(trial.posts)} posts, {len(trial.rejected)} not read, {trial.took_s:.2f} s{more}",
        err=True,
    )
    pace = "none" if kind.rate_limit is None else f"at most {kind.rate_limit}"
    click.echo(
        f"  limits: pulled every {interval_s} s or sooner; pace of the site {pace}", err=True
    )
    click.echo("  nothing was stored, and no cursor moved", err=True)


def why_not(trial: Trial) -> str | None:
    """Why no posts came; None for an answer that is well."""
    if trial.is_good:
        return None
    if trial.fields:
        return "not what this source used to say: " + ", ".join(trial.fields)
    return trial.reason


def check_line(name: str, trial: Trial, *, needs: Sequence[str]) -> str:
    """One line on whether the site lets us in, and what to do where it does not."""
    if trial.is_good:
        return f"check: {trial.outcome.value}, {len(trial.posts)} posts in {trial.took_s:.2f} s"
    line = f"check: {trial.outcome.value}: {why_not(trial)}"
    if trial.refused and needs:
        keys = ", ".join(needs)
        line += f"; is {keys} right, and not expired? `fengsui source add {name} … --secret KEY`"
    return line


def _said(post: Post) -> str:
    return repr(masked(post.text)[:_WIDTH])


def _filled(posts: Sequence[Post], kind: SourceKind[Any]) -> str:
    """How many of the posts have each field that the kind says it fills."""
    found = []
    for name in kind.fields:
        top = name.partition(".")[0]
        has = [getattr(post, top) is not None and attrgetter(name)(post) for post in posts]
        count = sum(value not in (None, False, "", {}) for value in has)
        found.append(f"{name} {count}/{len(posts)}")
    return ", ".join(found) or "nothing beyond what every post has"
