"""Which index a month is in: asked once, and again when a write finds it gone or moved."""

from __future__ import annotations

from service.stores.elastic.cluster import Cluster, kind_of
from service.stores.elastic.failures import refusal
from service.stores.elastic.schema import Names, parse_index


class Months:
    """The indices behind the alias of posts."""

    def __init__(self, cluster: Cluster, names: Names) -> None:
        self._cluster = cluster
        self._names = names
        self._index: dict[str, str] = {}

    async def listed(self) -> dict[str, list[str]]:
        """Every index of posts by month, the newest generation last."""
        answer = await self._cluster.call("GET", f"/_alias/{self._names.posts}", accept=(404,))
        found: dict[str, list[tuple[int, str]]] = {}
        if answer.status != 404:
            for index in answer.body:
                parsed = parse_index(index)
                if parsed is not None:
                    found.setdefault(parsed[0], []).append((parsed[1], index))
        return {month: [index for _, index in sorted(its)] for month, its in found.items()}

    async def index_for(self, month: str) -> str:
        """The index that new posts of the month go to; made if there is none.

        What is remembered may be out of date: a write there fails then (the templates let no write
        make an index), and the writer forgets and asks again.
        """
        if month not in self._index:
            self._index = {name: its[-1] for name, its in (await self.listed()).items()}
        if month not in self._index:
            name = self._names.month(month)
            answer = await self._cluster.call("PUT", f"/{name}", accept=(400,))
            kind = kind_of(answer.body)
            # another process may have made it a moment ago
            if answer.status == 400 and kind != "resource_already_exists_exception":
                raise refusal(self._cluster.where, status=400, kind=kind)
            self._index[month] = name
        return self._index[month]

    def forget(self) -> None:
        """Ask anew: an index was dropped or moved."""
        self._index.clear()
