"""The cascades that size prediction learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nlp.training.corpora import lines
from nlp.training.errors import BadCorpus


@dataclass(frozen=True, slots=True)
class GrownCascade:
    """A cascade as it ended: the age of each post at its time, 0 of the first, in order."""

    name: str
    began: datetime
    followers: int | None
    ages: tuple[timedelta, ...]

    def seen(self, window: timedelta) -> int:
        """How many posts the window holds."""
        return sum(age <= window for age in self.ages)


def read_cascades(data: Path) -> list[GrownCascade]:
    """The cascades of `streams/cascades`, by name; repeated ids count once.

    Raises BadCorpus when there are none, or with file:line of what is wrong.
    """
    folder = data / "streams" / "cascades"
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        raise BadCorpus(f"{folder}: no *.jsonl.gz; see shared/data/README.md")
    return [_read(path) for path in paths]


def _read(path: Path) -> GrownCascade:
    times: dict[str, datetime] = {}
    roots: list[tuple[datetime, int | None]] = []
    for number, row in enumerate(lines(path), 1):
        try:
            at = datetime.fromisoformat(row["published_at"])
            if at.utcoffset() is None:
                raise ValueError(f"published_at {at} has no zone")
            times.setdefault(str(row["native_id"]), at)
            if not row.get("repost_of"):
                roots.append((at, row["author"].get("followers")))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadCorpus(f"{path}:{number}: {error!r}; a post of a stream is wanted") from error
    if len(roots) != 1:
        raise BadCorpus(f"{path}: {len(roots)} posts without repost_of, not one")
    began, followers = roots[0]
    ages = sorted(max(at - began, timedelta(0)) for at in times.values())
    return GrownCascade(path.name.removesuffix(".jsonl.gz"), began, followers, tuple(ages))


def large_enough(
    cascades: Sequence[GrownCascade], *, window: timedelta, fewest: int
) -> list[GrownCascade]:
    """Those of which the window holds so many posts."""
    return [one for one in cascades if one.seen(window) >= fewest]
