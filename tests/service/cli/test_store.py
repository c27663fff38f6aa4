"""`fengsui store migrate`."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.elasticsearch import MISSING, OTHER, drop, elasticsearch_url, opened_cluster
from tests.support.process import Shell


async def clean_up() -> None:
    async with opened_cluster() as cluster:
        await drop(cluster, prefix=OTHER)


def test_a_file_is_migrated_as_by_migrate(shell: Shell) -> None:
    done = shell("store", "migrate")
    assert (done.code, done.out) == (0, "")
    assert "0 months were copied" in done.err


def test_a_file_cannot_be_rebuilt(installed: Shell) -> None:
    done = installed("store", "migrate", "--rebuild")
    assert done.code == 2
    assert "FENGSUI_POSTS_URL" in done.err


def test_an_elasticsearch_that_is_not_there_is_said(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_POSTS_URL", "http://u:hunter2@127.0.0.1:1")
    done = shell("store", "migrate")
    assert done.code == 2
    assert "127.0.0.1:1 cannot be reached" in done.err
    assert "hunter2" not in done.err


@pytest.mark.elastic
def test_commands_work_on_elasticsearch(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    url = elasticsearch_url()
    if url is None:
        pytest.skip(MISSING)
    monkeypatch.setenv("FENGSUI_POSTS_URL", url)
    monkeypatch.setenv("FENGSUI_POSTS_PREFIX", OTHER)
    monkeypatch.setenv("FENGSUI_ENCODER", "lexical")
    missing = shell("doctor")
    assert shell("migrate").code == 0
    found = shell("doctor")
    moved = shell("store", "migrate", "--rebuild")
    asyncio.run(clean_up())
    assert "bad   post store: the post store fengsui-other-" in missing.out
    assert "good  post store" in found.out
    assert (moved.code, moved.err.count("copying")) == (0, 0)
