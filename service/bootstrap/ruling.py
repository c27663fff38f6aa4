"""The rules in force: what ships, what people laid over it, and what is only tried out."""

from __future__ import annotations

from dataclasses import dataclass

from service.bootstrap.ground import Ground
from service.db.follower import EVERY, Follower
from service.monitoring import ShadowBook
from service.rules import RuleDesk, RuleDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """`directory` is what rules are evaluated with; `follower` runs where the tick does."""

    desk: RuleDesk
    directory: RuleDirectory
    follower: Follower
    shadows: ShadowBook


async def open_ruling(ground: Ground) -> Ruling:
    """The rules over the state database, read once."""
    directory = RuleDirectory(ground.database, ground.library)
    await directory.refresh()
    return Ruling(
        desk=RuleDesk(ground.database, ground.clock, ground.library),
        directory=directory,
        follower=Follower(
            directory,
            name="rules",
            database=ground.database,
            clock=ground.clock,
            every=None if ground.virtual else EVERY,
        ),
        shadows=ShadowBook(ground.database),
    )
