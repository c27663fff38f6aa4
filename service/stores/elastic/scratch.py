"""Indices that live as long as one replay or one test, and how they go."""

from __future__ import annotations

import secrets

from service.settings import Settings
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.opening import open_cluster
from service.stores.elastic.schema import Names


def scratch_prefix() -> str:
    """A prefix that no other installation has, for FENGSUI_POSTS_PREFIX."""
    return f"fengsui-scratch-{secrets.token_hex(6)}"


async def discard(settings: Settings) -> None:
    """Delete everything that was stored under the prefix of these settings. Raises StoreError."""
    cluster = open_cluster(settings)
    try:
        await drop(cluster, Names(settings.posts_prefix))
    finally:
        await cluster.close()


async def drop(cluster: Cluster, names: Names) -> None:
    """Delete every index and template of the names; what is not there is no error."""
    for index in (names.posts, names.copies, names.versions, names.control):
        await cluster.call(
            "DELETE", f"/{index}*", params={"ignore_unavailable": "true"}, accept=(404,)
        )
    for template in (names.posts, names.copies):
        await cluster.call("DELETE", f"/_index_template/{template}", accept=(404,))
    await cluster.call("DELETE", f"/_component_template/{names.posts}@*", accept=(404,))
