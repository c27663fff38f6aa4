"""What interrupted moves leave behind, and how an index is deleted without losing a live month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.stores.elastic.cluster import Cluster
from service.stores.elastic.schema import Names, generation_of, parse_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """An index of a month that is not behind the alias; `ours` says that no stray write made it."""

    name: str
    month: str
    generation: int
    ours: bool


class Leftovers:
    """The indices of months that no search sees."""

    def __init__(self, cluster: Cluster, names: Names) -> None:
        self._cluster = cluster
        self._names = names

    async def found(self) -> list[Leftover]:
        """All of them, by name."""
        answer = await self._cluster.call(
            "GET",
            f"/{self._names.posts}-*,{self._names.copies}-*",
            params={
                "ignore_unavailable": "true",
                "allow_no_indices": "true",
                "filter_path": "*.aliases,*.mappings._meta,*.settings.index.uuid",
            },
        )
        left = []
        for name, its in sorted(answer.body.items()):
            parsed = parse_index(name)
            if parsed is None or self._names.posts in its.get("aliases", {}):
                continue
            ours = "schema" in its.get("mappings", {}).get("_meta", {})
            month, generation = parsed
            left.append(Leftover(name=name, month=month, generation=generation, ours=ours))
        return left

    async def sweep(
        self, shown: Mapping[str, Sequence[str]], *, tell: Callable[[str], None]
    ) -> dict[str, int]:
        """Delete what moves left that were interrupted; answers the generations that must stay.

        `shown` has the indices behind the alias by month, the newest last. What may hold posts
        that are nowhere else is named and left to the operator.
        """
        kept: dict[str, int] = {}
        for left in await self.found():
            behind = shown.get(left.month, ())
            if left.ours and behind and await self.drop(left.name, shown=behind[-1]):
                tell(f"{left.month}: {left.name} was left by a move that was interrupted; deleted")
                if left.generation > generation_of(behind[-1]):
                    # Perhaps interrupted while writes were held up.
                    await self.unblock(behind[-1])
                continue
            kept[left.month] = max(left.generation, kept.get(left.month, 0))
            tell(
                f"{left.month}: {left.name} is not behind {self._names.posts}, so no search sees "
                "its posts: add it to that alias or delete it"
            )
        return kept

    async def drop(self, index: str, *, shown: str) -> bool:
        """Delete an index if another is behind the alias, in one step; whether that was so."""
        alias = {"index": shown, "alias": self._names.posts}
        answer = await self._cluster.call(
            "POST",
            "/_aliases",
            body={
                # Taken out and put back: refused when it is not there, the deletion with it.
                "actions": [
                    {"remove": alias | {"must_exist": True}},
                    {"add": alias},
                    {"remove_index": {"index": index}},
                ]
            },
            accept=(404,),
        )
        return answer.status != 404

    async def give_back(self, index: str, *, copy: str) -> bool:
        """After a failure: let writes to a month go on and delete its copy.

        False, with nothing done, where the copy has taken the month's place all the same: the
        answer was lost, not the change.
        """
        if not await self.drop(copy, shown=index):
            answer = await self._cluster.call("GET", f"/_alias/{self._names.posts}", accept=(404,))
            if answer.status != 404 and copy in answer.body:
                return False
            await self._cluster.call("DELETE", f"/{copy}", accept=(404,))
        await self.unblock(index)
        return True

    async def unblock(self, index: str) -> None:
        """Let writes to the index go on."""
        await self._cluster.call(
            "PUT", f"/{index}/_settings", body={"index.blocks.write": False}, accept=(404,)
        )
