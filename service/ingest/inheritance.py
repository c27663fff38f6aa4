"""What reposts take from an original that is stored after them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nlp import normalize, whole_text
from service.ingest.blame import Wording, spared
from service.monitors import Sides
from service.stores.merge import inherited
from service.stores.post_store import Inheritance, PostStore, StoredPost

GENERATIONS = 8
"""How far a repost of a repost is followed."""
_AT_ONCE = 500


class LateOriginals:
    """Hands monitors, copy group and scenario down to the reposts that were there before.

    `sides_of` answers whose side a monitor is on, None where nobody else can be blamed.
    """

    def __init__(self, store: PostStore, *, sides_of: Callable[[str], Sides | None]) -> None:
        self._store = store
        self._sides_of = sides_of

    async def hand_down(self, originals: Sequence[StoredPost]) -> int:
        """Let their reposts, and the reposts of those, inherit; answers how many changed.

        Done for every post that is stored, however often: what has inherited changes no more.
        """
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


def wording_of(post: StoredPost) -> Wording:
    """What a stored post says, for judging whom it blames."""
    text = whole_text(post.text, title=post.title)
    return Wording(
        text=text,
        normal=normalize(text).text,
        sentiment=post.sentiment,
        severity=post.severity,
    )
