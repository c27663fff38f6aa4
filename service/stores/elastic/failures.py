"""What Elasticsearch answers when it refuses, as our errors: what, where, what to do.

Only status, kind and index of a refusal are repeated: its reason may quote a post.
"""

from __future__ import annotations

from service.stores.errors import (
    StoreBusy,
    StoreError,
    StoreMismatch,
    StoreReadOnly,
    StoreUnreachable,
)

BLOCKED = "cluster_block_exception"
_MAPPING = frozenset(
    {
        "strict_dynamic_mapping_exception",
        "document_parsing_exception",
        "mapper_parsing_exception",
    }
)


def unreachable(where: str, reason: str) -> StoreError:
    """No answer at all: refused connection, broken TLS, nobody there in time."""
    return StoreUnreachable(
        f"Elasticsearch at {where} cannot be reached ({reason}): see that it runs and that "
        "FENGSUI_POSTS_URL and FENGSUI_POSTS_CA_FILE are right; work goes on by itself afterwards"
    )


def refusal(where: str, *, status: int, kind: str) -> StoreError:
    """An answer that is no success, by HTTP status and kind of exception."""
    said = f"Elasticsearch at {where}: {kind or 'error'} ({status})"
    if kind == BLOCKED and status == 429:
        return StoreReadOnly(
            f"{said}; its disk is full: free space or delete posts (retention); it takes writes "
            "again by itself once there is room"
        )
    if kind == BLOCKED and status == 403:
        return StoreReadOnly(
            f"{said}; the index is set to read only: unset index.blocks.* when that was not meant"
        )
    if status == 401:
        return StoreMismatch(
            f"{said}; it does not know these credentials: check FENGSUI_POSTS_API_KEY or the "
            "password in FENGSUI_POSTS_URL"
        )
    if status == 403:
        return StoreMismatch(
            f"{said}; the key lacks a privilege: docs/operations.md lists what is needed"
        )
    if kind in _MAPPING:
        return StoreMismatch(
            f"{said}; the index's mapping is not ours: run `fengsui store migrate`, or set "
            "another FENGSUI_POSTS_PREFIX"
        )
    if kind == "index_not_found_exception":
        return StoreMismatch(f"{said}; an index is gone: run `fengsui migrate`")
    if status == 413:
        return StoreMismatch(f"{said}; one post is longer than http.max_content_length allows")
    if status == 429:
        return StoreBusy(f"{said}; it is overloaded: give it more memory or nodes if this stays")
    if status >= 500:
        return StoreUnreachable(
            f"{said}; see the cluster's health and its log; work goes on by itself afterwards"
        )
    return StoreError(f"{said}; see its log, and report this if a setting is not the cause")


def too_slow(where: str) -> StoreError:
    """A batch that took so long that others may have given it up."""
    return StoreBusy(
        f"Elasticsearch at {where}: a batch of posts took too long to store; it is tried again by "
        "itself; give the cluster more memory or nodes if this stays"
    )


def no_elasticsearch(where: str) -> StoreError:
    """Something else answers there."""
    return StoreMismatch(
        f"what answers at {where} is not Elasticsearch: set FENGSUI_POSTS_URL to a node of a "
        "cluster, not to Kibana, a proxy's login page or another engine"
    )


def too_old(where: str, version: str, *, least: str) -> StoreError:
    """A server before the first version that has all we use."""
    return StoreMismatch(
        f"Elasticsearch at {where} is version {version}; this Fengsui needs {least} or later "
        "(before 9): upgrade the cluster"
    )
