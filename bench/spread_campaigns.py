"""Posts of one text: synthetic campaigns, ordinary people who paste, and real cascades."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from nlp.spread.coordination import Posting
from nlp.training.cascade_rows import GrownCascade

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _fresh_accounts(draw: random.Random) -> list[Posting]:
    """Young accounts of a series of names paste a text inside of an hour."""
    stem = draw.choice(("福利", "小店", "user", "可爱多"))
    return [
        Posting(
            author=f"a{number}",
            at=_NOON + timedelta(minutes=draw.uniform(0, 60)),
            followers=draw.randrange(25),
            joined_at=_NOON - timedelta(days=draw.uniform(1, 25)),
            handle=f"{stem}{draw.randrange(10**6)}",
        )
        for number in range(draw.randint(30, 150))
    ]


def _few_by_the_clock(draw: random.Random) -> list[Posting]:
    """Five small accounts take turns for two days, a post every half hour."""
    return [
        Posting(
            author=f"a{number % 5}",
            at=_NOON + timedelta(minutes=30 * number + draw.uniform(-2, 2)),
            followers=draw.randrange(20),
        )
        for number in range(96)
    ]


def _unknown_accounts(draw: random.Random) -> list[Posting]:
    """Of whom nothing is known but that nobody had seen them before."""
    return [
        Posting(
            author=f"a{draw.randrange(40)}",
            at=_NOON + timedelta(minutes=draw.expovariate(1 / 15)),
            seen_before=False,
        )
        for _ in range(draw.randint(40, 120))
    ]


def _half_hidden(draw: random.Random) -> list[Posting]:
    """A campaign of fresh accounts with as many shares by ordinary people."""
    paid = _fresh_accounts(draw)
    return paid + [
        Posting(
            author=f"b{number}",
            at=_NOON + timedelta(minutes=20 * draw.paretovariate(0.7)),
            shared=True,
            followers=int(80 * draw.paretovariate(0.7)),
            joined_at=_NOON - timedelta(days=draw.uniform(60, 3_000)),
        )
        for number in range(len(paid))
    ]


CAMPAIGNS: dict[str, Callable[[random.Random], list[Posting]]] = {
    "fresh accounts, one hour": _fresh_accounts,
    "five accounts by the clock, 2 days": _few_by_the_clock,
    "unknown accounts, burst": _unknown_accounts,
    "fresh accounts, half hidden": _half_hidden,
}


def ordinary_pasting(draw: random.Random) -> list[Posting]:
    """A petition: people with followers and a past paste it when they come upon it."""
    return [
        Posting(
            author=f"c{number}",
            at=_NOON + timedelta(hours=draw.uniform(0, 48)),
            followers=int(60 * draw.paretovariate(0.7)),
            joined_at=_NOON - timedelta(days=draw.uniform(5, 3_000)),
            seen_before=draw.random() < 0.3,
            handle=draw.choice(("阿白", "小陈", "老周", "晚风", "momo")) + str(draw.randrange(100)),
        )
        for number in range(draw.randint(30, 150))
    ]


def shared(cascade: GrownCascade, *, window: timedelta) -> list[Posting]:
    """The posts of a real cascade as far as the files tell: times, and followers of the first."""
    return [
        Posting(
            author=f"d{number}",
            at=cascade.began + age,
            shared=number > 0,
            followers=cascade.followers if number == 0 else None,
        )
        for number, age in enumerate(cascade.ages)
        if age <= window
    ]
