"""A store in Elasticsearch out of the settings."""

from __future__ import annotations

from service.clock import Clock
from service.settings import Settings
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.store import ElasticPostStore
from service.stores.sqlite_query import QueryPhrases


def open_elastic(
    settings: Settings, *, clock: Clock, query_phrases: QueryPhrases
) -> ElasticPostStore:
    """The post store at FENGSUI_POSTS_URL; nothing is asked of it yet.

    `clock` must be real, in a replay too: another machine is waited for. Raises StoreMismatch for
    a CA file that cannot be read.
    """
    return ElasticPostStore(
        open_cluster(settings),
        prefix=settings.posts_prefix,
        clock=clock,
        query_phrases=query_phrases,
    )


def open_cluster(settings: Settings) -> Cluster:
    """The nodes of the settings. Raises StoreMismatch for a CA file that cannot be read."""
    key = settings.posts_api_key
    return Cluster(
        settings.post_nodes,
        api_key=None if key is None else key.get_secret_value(),
        ca_file=settings.posts_ca_file,
    )
