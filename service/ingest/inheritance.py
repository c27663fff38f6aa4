"""What reposts take from an original that is stored after them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from nlp import normalize, whole_text
from service.ingest.blame import Wording, spared
from service.monitors import Sides
from service.stores.merge import inherited
from service.stores.post_store import Inheritance, StoredPost

GENERATIONS = 8
"""How far a repost of a repost is followed."""
_AT_ONCE = 500
_LOOKS = 2
"""So often an original that says nothing new is handed down by one process: once after a start, for
a crash that came between the post and its reposts, and once more for reposts that were being
stored meanwhile."""
_REMEMBERED = 20_000
"""Originals whose looks are counted: a few megabytes. For one that is forgotten it begins anew."""


class Reposts(Protocol):
    """What of a post store is needed here."""

    async def reposts_of(
        self, originals: Sequence[tuple[str, str]], *, after_id: str | None = None, limit: int = 500
    ) -> tuple[StoredPost, ...]: ...

    async def inherit(self, inheritances: Sequence[Inheritance]) -> None: ...


class LateOriginals:
    """Hands monitors, copy group and scenario down to the reposts that were there before.

    `sides_of` answers whose side a monitor is on, None where nobody else can be blamed.
    """

    def __init__(
        self,
        store: Reposts,
        *,
        sides_of: Callable[[str], Sides | None],
        remembered: int = _REMEMBERED,
    ) -> None:
        self._store = store
        self._remembered = remembered
        self._sides_of = sides_of
        self._looks: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """By post: what it had to hand down the last time, and how often that was done."""

    async def hand_down(
        self, originals: Sequence[StoredPost], *, news: Collection[str] | None = None
    ) -> int:
        """Let their reposts, and the reposts of those, inherit; answers how many changed.

        `news` has the ids of those that are new or say something new, None for all of them. The
        others were read again, perhaps for their counters, perhaps after a crash: reading every
        repost at every look would cost thousands of posts each time, so only the first looks do.
        """
        ids = {post.id for post in originals} if news is None else news
        wanted = [post for post in originals if post.id in ids or self._owes(post)]
        changed = await self._hand_down(wanted) if wanted else 0
        for post in wanted:
            self._note(post)
        return changed

    def _owes(self, post: StoredPost) -> bool:
        heritage, looks = self._looks.get(post.id, (0, 0))
        return looks < _LOOKS or heritage != _heritage(post)

    def _note(self, post: StoredPost) -> None:
        heritage = _heritage(post)
        before, looks = self._looks.pop(post.id, (heritage, 0))
        self._looks[post.id] = (heritage, looks + 1 if before == heritage else 1)
        if len(self._looks) > self._remembered:
            self._looks.popitem(last=False)

    async def _hand_down(self, originals: Sequence[StoredPost]) -> int:
        changed = 0
        elders = {post.id: post for post in originals}
        seen = set(elders)
        for _ in range(GENERATIONS):
            heirs: dict[str, StoredPost] = {}
            by_key = {(post.source, post.native_id): post for post in elders.values()}
            after_id = None
            while posts := await self._store.reposts_of(
                list(by_key), after_id=after_id, limit=_AT_ONCE
            ):
                after_id = posts[-1].id
                changes = {}
                for post in posts:
                    if post.id in seen or post.repost_of is None:
                        continue
                    more = self._inheritance(post, by_key[post.source, post.repost_of])
                    if inherited(post, more) != post:
                        changes[post.id] = more
                        heirs[post.id] = inherited(post, more)
                if changes:
                    await self._store.inherit(list(changes.values()))
                    changed += len(changes)
                if len(posts) < _AT_ONCE:
                    break
            if not heirs:
                break
            seen.update(heirs)
            elders = heirs
        return changed

    def _inheritance(self, post: StoredPost, original: StoredPost) -> Inheritance:
        """As `Ingest` does for a repost that comes after what it shares."""
        joined = set(original.monitors) - set(post.monitors)
        its_spared: tuple[str, ...] = ()
        if joined:
            its_spared = spared(
                wording_of(post),
                sides={name: self._sides_of(name) for name in sorted(joined)},
                inherited=original.spared,
            )
        counted = any(hit.get("suppressed_by") is None for hit in post.analysis.get("hits", ()))
        wordless = post.copy_group == post.id
        return Inheritance(
            post_id=post.id,
            monitors=original.monitors,
            spared=its_spared,
            copy_group=None if counted else original.copy_group,
            scenario=None if counted or post.scenario is not None else original.scenario,
            sentiment=original.sentiment if wordless else None,
        )


def _heritage(post: StoredPost) -> int:
    """Equal for posts that hand the same down, within a process."""
    return hash((post.monitors, post.spared, post.copy_group, post.scenario, post.sentiment))


def wording_of(post: StoredPost) -> Wording:
    """What a stored post says, for judging whom it blames."""
    text = whole_text(post.text, title=post.title)
    return Wording(
        text=text,
        normal=normalize(text).text,
        sentiment=post.sentiment,
        severity=post.severity,
    )
