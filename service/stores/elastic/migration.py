"""Bringing the cluster to this schema: template, control, and months copied while all goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.clock import Clock
from service.errors import SchemaOutdated
from service.stores.elastic import failures
from service.stores.elastic.cluster import Cluster, kind_of
from service.stores.elastic.leftovers import Leftovers
from service.stores.elastic.months import Months
from service.stores.elastic.schema import (
    SCHEMA,
    Names,
    control_body,
    copies_template_body,
    generation_of,
    posts_body,
    template_body,
    versions_body,
)
from service.stores.elastic.searching import Searcher, chunks
from service.stores.elastic.turn import MigrationTurn, TurnLost
from service.stores.errors import StoreReadOnly, StoreUnreachable

LEAST_VERSION = (8, 15)
_SCHEMA_DOCUMENT = "schema"
_ASK_AGAIN_S = 0.5
_GRACE_S = 5.0
"""How long a month that was moved stays, for searches that are under way in it."""
_SWEEP = 5_000

# What schema 2 has beside the analysis, for posts of schema 1. That is a string, and no script can
# read JSON; in it a quote that is part of a text has a backslash before it.
_LABELS = """
String said = ctx._source.analysis;
if (said != null) {
  for (String head : ['emotion', 'intent']) {
    for (String gap : ['', ' ']) {
      String mark = '"' + head + '":' + gap + '{"label":' + gap + '"';
      int at = said.indexOf(mark);
      if (at >= 0 && ctx._source[head] == null) {
        int start = at + mark.length();
        ctx._source[head] = said.substring(start, said.indexOf('"', start));
      }
    }
  }
}
"""

Tell = Callable[[str], None]


def ignore(_line: str) -> None:
    """Tell nobody."""


class Migration:
    """Schema of one installation, found by its prefix."""

    def __init__(
        self, cluster: Cluster, names: Names, *, clock: Clock, posts: Searcher, months: Months
    ) -> None:
        self._cluster = cluster
        self._names = names
        self._clock = clock
        self._posts = posts
        self._months = months
        self._leftovers = Leftovers(cluster, names)
        self._turn = MigrationTurn(cluster, names, clock=clock)

    async def check(self) -> None:
        """Raise SchemaOutdated for another schema, StoreError when posts cannot be used."""
        await self._version()
        found = await self._schema()
        if found is None:
            raise SchemaOutdated(
                f"the post store {self._names.prefix}-* in Elasticsearch at {self._cluster.where} "
                "is not there: run `fengsui migrate`"
            )
        self._not_newer(found)
        if found < SCHEMA:
            raise SchemaOutdated(
                f"post store {self._names.prefix}-* has schema {found}, this Fengsui needs "
                f"{SCHEMA}: run `fengsui store migrate`, which copies while the service runs"
            )
        await self._healthy()

    async def migrate(self, *, rebuild: bool = False, tell: Tell = ignore) -> int:
        """Make what is missing and move months of another schema; answers how many were moved.

        `rebuild` moves every month, for instance into settings that were changed. Raises StoreBusy
        while another migration moves months.
        """
        await self._version()
        found = await self._schema()
        if found is not None:
            self._not_newer(found)
        await self._make(self._names.control, control_body())
        await self._make(self._names.versions, versions_body())
        await self._cluster.call(
            "PUT",
            f"/_component_template/{self._names.component}",
            body={"template": posts_body()},
        )
        await self._cluster.call(
            "PUT", f"/_index_template/{self._names.posts}", body=template_body(self._names)
        )
        await self._cluster.call(
            "PUT", f"/_index_template/{self._names.copies}", body=copies_template_body(self._names)
        )
        moved = 0
        if rebuild or await self._has_work():
            async with self._turn.held():
                moved = await self._move_months(rebuild=rebuild, tell=tell)
        await self._cluster.call(
            "PUT",
            f"/{self._names.control}/_doc/{_SCHEMA_DOCUMENT}",
            body={"state": {"schema": SCHEMA}},
        )
        return moved

    async def _has_work(self) -> bool:
        """Whether anything is to be moved or swept: the copies of a move under way count too."""
        if await self._leftovers.found():
            return True
        shown = [index for month in (await self._months.listed()).values() for index in month]
        return any([await self._schema_of(index) < SCHEMA for index in shown])

    async def _move_months(self, *, rebuild: bool, tell: Tell) -> int:
        moved = 0
        months = await self._months.listed()
        taken = await self._leftovers.sweep(months, tell=tell)
        for month, indices in sorted(months.items()):
            last = max(generation_of(indices[-1]), taken.get(month, 0))
            for index in indices:
                if rebuild or await self._schema_of(index) < SCHEMA:
                    tell(f"{month}: copying {index}")
                    last += 1
                    target = self._names.rebuilt(month, generation=last)
                    await self._move(index, target, month=month, tell=tell)
                    moved += 1
        return moved

    async def _version(self) -> None:
        answer = await self._cluster.call("GET", "/")
        version = str(answer.body["version"]["number"])
        parts = tuple(int(part) for part in version.split("-")[0].split(".")[:2])
        if parts < LEAST_VERSION:
            least = ".".join(map(str, LEAST_VERSION))
            raise failures.too_old(self._cluster.where, version, least=least)

    async def _schema(self) -> int | None:
        answer = await self._cluster.call(
            "GET", f"/{self._names.control}/_doc/{_SCHEMA_DOCUMENT}", accept=(404,)
        )
        return None if answer.status == 404 else int(answer.body["_source"]["state"]["schema"])

    def _not_newer(self, found: int) -> None:
        if found > SCHEMA:
            raise SchemaOutdated(
                f"post store {self._names.prefix}-* has schema {found}, this Fengsui knows "
                f"{SCHEMA}: it was migrated by a newer one; install that"
            )

    async def _schema_of(self, index: str) -> int:
        answer = await self._cluster.call("GET", f"/{index}/_mapping", accept=(404,))
        if answer.status == 404:
            return SCHEMA
        return int(answer.body[index]["mappings"].get("_meta", {}).get("schema", 0))

    async def _healthy(self) -> None:
        """Every post can be read and new ones stored."""
        answer = await self._cluster.call(
            "GET", f"/_cluster/health/{self._names.prefix}-*", params={"timeout": "1s"}
        )
        if answer.body["status"] == "red":
            raise StoreUnreachable(
                f"Elasticsearch at {self._cluster.where}: some posts are on no running node "
                f"({answer.body['unassigned_shards']} shards unassigned): start the missing nodes"
            )
        settings = await self._cluster.call(
            "GET",
            f"/{self._names.prefix}-*/_settings/index.blocks*",
            params={"flat_settings": "true"},
        )
        full = "index.blocks.read_only_allow_delete"
        for index, its in settings.body.items():
            blocks = its["settings"]
            if blocks.get(full) == "true":
                raise failures.refusal(self._cluster.where, status=429, kind=failures.BLOCKED)
            if blocks.get("index.blocks.read_only") == "true":
                raise StoreReadOnly(
                    f"Elasticsearch at {self._cluster.where}: index {index} is set to read only; "
                    "unset index.blocks.read_only when that was not meant"
                )

    async def _make(self, index: str, body: dict[str, Any]) -> None:
        answer = await self._cluster.call("PUT", f"/{index}", body=body, accept=(400,))
        kind = kind_of(answer.body)
        if answer.status == 400 and kind != "resource_already_exists_exception":
            raise failures.refusal(self._cluster.where, status=400, kind=kind)

    async def _move(self, index: str, target: str, *, month: str, tell: Tell) -> None:
        """Copy a month into a new index and put that in its place.

        Searches go on throughout. Writers wait while what changed during the copy is copied, which
        takes seconds; then they find the new index by themselves.
        """
        await self._cluster.call("PUT", f"/{target}", body=await self._body())
        try:
            seen = await self._last_change(index)
            copied = await self._copy(index, target, {"match_all": {}})
            tell(f"{month}: {copied} posts copied")
            await self._cluster.call("PUT", f"/{index}/_block/write")
            await self._posts.refresh([index])
            changed: dict[str, Any] = {"range": {"_seq_no": {"gt": seen}}}
            late = await self._copy(index, target, changed)
            await self._posts.refresh([target])
            gone = await self._forget_erased(index, target)
            tell(f"{month}: {late} changed and {gone} erased meanwhile; moving to {target}")
            await self._turn.require()
            await self._cluster.call("POST", "/_aliases", body=self._swap(index, target))
        except TurnLost:
            # Whether writes go on is for the other one to say.
            await self._leftovers.drop(target, shown=index)
            raise
        except BaseException as error:
            back = await self._leftovers.give_back(index, copy=target)
            if back or not isinstance(error, Exception):
                raise
        tell(f"{month}: moved to {target}")
        await self._clock.sleep(_GRACE_S)
        await self._leftovers.drop(index, shown=target)

    async def _body(self) -> dict[str, Any]:
        """Settings and mappings as a new month would get them, the operator's own included."""
        answer = await self._cluster.call(
            "POST", f"/_index_template/_simulate_index/{self._names.month('0000-00')}"
        )
        template: dict[str, Any] = answer.body["template"]
        return {"settings": template["settings"], "mappings": template["mappings"]}

    def _swap(self, index: str, target: str) -> dict[str, Any]:
        alias = self._names.posts
        return {
            "actions": [
                {"remove": {"index": index, "alias": alias, "must_exist": True}},
                {"add": {"index": target, "alias": alias}},
            ]
        }

    async def _last_change(self, index: str) -> int:
        """The number of the latest change in the index; everything until then is visible after."""
        answer = await self._cluster.call("GET", f"/{index}/_stats", params={"level": "shards"})
        shards = answer.body["indices"][index]["shards"].values()
        # Each shard counts for itself: from the lowest, some are copied twice, none is left out.
        last = min(int(copy["seq_no"]["global_checkpoint"]) for its in shards for copy in its)
        await self._posts.refresh([index])
        return last

    async def _copy(self, index: str, target: str, query: dict[str, Any]) -> int:
        """Copy what matches, the newer of two wins; answers how many."""
        answer = await self._cluster.call(
            "POST",
            "/_reindex",
            params={"wait_for_completion": "false", "slices": "auto"},
            body={
                "conflicts": "proceed",
                "source": {"index": index, "query": query, "size": 1_000},
                "dest": {"index": target, "version_type": "external"},
                "script": {"lang": "painless", "source": _LABELS},
            },
        )
        task = answer.body["task"]
        while True:
            told = (await self._cluster.call("GET", f"/_tasks/{task}")).body
            if told["completed"]:
                break
            await self._clock.sleep(_ASK_AGAIN_S)
        response = told.get("response", {})
        if told.get("error") or response.get("failures"):
            kind = str((told.get("error") or {}).get("type", "reindex failed"))
            raise failures.refusal(self._cluster.where, status=500, kind=kind)
        return int(response["created"]) + int(response["updated"])

    async def _forget_erased(self, index: str, target: str) -> int:
        """Take out of the copy what was erased from the original meanwhile; answers how many."""
        original, copy = Searcher(self._cluster, index), Searcher(self._cluster, target)
        everything: dict[str, Any] = {"match_all": {}}
        surplus = await copy.count(everything) - await original.count(everything)
        if not surplus:
            return 0
        gone = 0
        async with copy.point_in_time() as pit:
            after: list[Any] | None = None
            while True:
                body: dict[str, Any] = {
                    "size": _SWEEP,
                    "pit": pit,
                    "sort": [{"_shard_doc": "asc"}],
                    "_source": False,
                    "track_total_hits": False,
                }
                hits = await copy.hits(body | ({} if after is None else {"search_after": after}))
                if not hits:
                    break
                after = hits[-1]["sort"]
                for ids in chunks([hit["_id"] for hit in hits], 1_000):
                    asked = {"size": len(ids), "query": {"ids": {"values": ids}}, "_source": False}
                    there = {hit["_id"] for hit in await original.hits(asked)}
                    gone += await self._remove(target, [i for i in ids if i not in there])
        return gone

    async def _remove(self, target: str, ids: list[str]) -> int:
        if not ids:
            return 0
        answer = await self._cluster.call(
            "POST",
            f"/{target}/_delete_by_query",
            params={"refresh": "true"},
            body={"query": {"ids": {"values": ids}}},
        )
        return int(answer.body["deleted"])
