"""TLS, API keys, and the least privileges that docs/operations.md names."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from service.settings import load_settings
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.opening import open_elastic
from service.stores.elastic.store import ElasticPostStore
from service.stores.errors import StoreMismatch, StoreUnreachable
from service.stores.post_store import FacetField, PostQuery, SortOrder
from tests.support.elasticsearch import HurriedClock, elastic_store
from tests.support.elasticsearch_nodes import Nodes, nodes
from tests.support.stored_posts import NOON, stored_post

pytestmark = [pytest.mark.elastic, pytest.mark.slow, pytest.mark.timeout(600)]
OPERATIONS = Path(__file__).parents[4] / "docs" / "operations.md"


@pytest.fixture(scope="module")
def secured() -> Iterator[Nodes]:
    with nodes("secured", "--security", "--heap-mb", "512") as started:
        yield started


def documented(role: str) -> dict[str, Any]:
    """The privileges of the role as the operators' page prints them."""
    blocks = re.findall(r"```json\n(.*?)```", OPERATIONS.read_text(encoding="utf-8"), re.DOTALL)
    found = [block for block in map(orjson.loads, blocks) if role in block]
    assert len(found) == 1
    privileges: dict[str, Any] = found[0]
    return privileges


async def key_for(secured: Nodes, role: str) -> str:
    """An API key with exactly the documented privileges."""
    root = Cluster(secured.urls, ca_file=secured.ca_file)
    body = {"name": role, "role_descriptors": documented(role)}
    answer = await root.call("POST", "/_security/api_key", body=body)
    await root.close()
    encoded: str = answer.body["encoded"]
    return encoded


def address(secured: Nodes) -> str:
    """Without user and password."""
    return re.sub(r"//.*@", "//", secured.urls[0])


def opened(secured: Nodes, folder: Path, key: str) -> ElasticPostStore:
    """As the service opens it: key out of a file, the cluster's certificate as CA."""
    key_file = folder / "key"
    key_file.write_text(key)
    settings = load_settings(
        {
            "FENGSUI_POSTS_URL": address(secured),
            "FENGSUI_POSTS_API_KEY_FILE": str(key_file),
            "FENGSUI_POSTS_CA_FILE": str(secured.ca_file),
        }
    )
    return open_elastic(settings, clock=HurriedClock(), query_phrases=lambda _text: ())


@pytest.fixture
async def migrated(secured: Nodes, tmp_path: Path) -> AsyncIterator[ElasticPostStore]:
    """Made by the key for migrations."""
    store = opened(secured, tmp_path, await key_for(secured, "fengsui_migrate"))
    await store.migrate()
    yield store
    await store.close()


async def test_serving_needs_no_more_than_is_documented(
    secured: Nodes, migrated: ElasticPostStore, tmp_path: Path
) -> None:
    store = opened(secured, tmp_path, await key_for(secured, "fengsui_serve"))
    await store.check()
    old = replace(stored_post(1, author="au_1"), published_at=NOON - timedelta(days=70))
    await store.upsert([old, *(stored_post(n, author=f"au_{n}") for n in range(2, 9))])
    await store.upsert([stored_post(2, "改", author="au_2", fetched_at=NOON.replace(hour=20))])
    await store.set_monitors([stored_post(3).id], "rival", member=True)
    everything = PostQuery()
    window = {"since": NOON, "until": NOON + timedelta(days=1)}
    assert len(await store.versions(stored_post(2).id)) == 1
    assert (await store.search(everything, sort=SortOrder.ENGAGEMENT)).total == 8
    assert len(await store.scan(since=None, after_id=None, limit=99)) == 8
    assert len(await store.histogram(everything, interval=timedelta(hours=1), **window)) == 24
    assert await store.top_terms(everything)
    assert await store.facets(everything, fields=tuple(FacetField))
    assert set(await store.segments("tea", **window)) == {None, "*"}
    assert set(await store.monitors_since(NOON)) == {"rival", "tea"}
    assert set(await store.counts_by_monitor(**window)) == {"rival", "tea"}
    assert await store.counts_by_copy_group(everything)
    assert await store.find_copies(["x"], since=NOON) == ()
    assert await store.delete_by_author("au_2") == 1
    assert await store.delete_before(NOON) == 1
    with pytest.raises(StoreMismatch, match="lacks a privilege"):
        await store.migrate()
    await store.close()
    assert await migrated.move(rebuild=True) == 1
    assert await migrated.count(everything) == 6


async def test_other_indices_are_out_of_reach(secured: Nodes, migrated: ElasticPostStore) -> None:
    key = await key_for(secured, "fengsui_serve")
    cluster = Cluster([address(secured)], api_key=key, ca_file=secured.ca_file)
    store = elastic_store(cluster, prefix="payroll")
    with pytest.raises(StoreMismatch, match="lacks a privilege"):
        await store.upsert([stored_post(1)])
    await store.close()


async def test_wrong_credentials_are_said_and_not_shown(secured: Nodes) -> None:
    for options in ({"api_key": "bm86Ym9keQ=="}, {}):
        cluster = Cluster([address(secured)], ca_file=secured.ca_file, **options)
        with pytest.raises(StoreMismatch, match="credentials") as refused:
            await elastic_store(cluster).check()
        await cluster.close()
        assert "bm86" not in str(refused.value)


async def test_an_unknown_certificate_is_refused(secured: Nodes) -> None:
    cluster = Cluster(secured.urls)
    with pytest.raises(StoreUnreachable, match="FENGSUI_POSTS_CA_FILE") as refused:
        await elastic_store(cluster).check()
    await cluster.close()
    assert "elastic:" not in str(refused.value)


async def test_a_ca_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreMismatch, match="FENGSUI_POSTS_CA_FILE"):
        Cluster(["https://127.0.0.1:1"], ca_file=tmp_path / "no.crt")


async def test_months_are_moved_with_the_key_for_migrations(migrated: ElasticPostStore) -> None:
    post = stored_post(7)
    await migrated.upsert([post])
    lines: list[str] = []
    assert await migrated.move(rebuild=True, tell=lines.append) >= 1
    assert any("moved to" in line for line in lines)
    assert await migrated.get(post.id) is not None
    assert await migrated.move() == 0
