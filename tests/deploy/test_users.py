"""`deploy/elasticsearch/users.sh` on a real node with security on."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import orjson
import pytest

from service.clock import SystemClock
from service.settings import load_settings
from service.stores.elastic.opening import open_elastic
from service.stores.elastic.store import ElasticPostStore
from service.stores.errors import StoreMismatch
from tests.support.elasticsearch_nodes import Nodes, nodes
from tests.support.stored_posts import stored_post

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.elastic, pytest.mark.slow, pytest.mark.timeout(600)]


async def test_its_users_can_do_their_work_and_no_more(tmp_path: Path) -> None:
    with nodes("deployed", "--security", "--heap-mb", "384") as node:
        set_up(node, tmp_path)
        set_up(node, tmp_path)  # harmless twice
        serve, migrate = (store(node, name) for name in ("fengsui_serve", "fengsui_migrate"))
        try:
            with pytest.raises(StoreMismatch):
                await serve.migrate()
            await migrate.migrate()
            await serve.upsert([stored_post(1)])
            assert await serve.get(stored_post(1).id) is not None
        finally:
            await serve.close()
            await migrate.close()


def set_up(node: Nodes, folder: Path) -> None:
    parts = urlsplit(node.urls[0])
    (folder / "elastic_password").write_text(unquote(parts.password or "") + "\n")
    for name in ("fengsui_serve", "fengsui_migrate"):
        user = {"password": f"{name}-password", "roles": [name]}
        (folder / f"{name}.json").write_bytes(orjson.dumps(user))
    variables = {
        "POSTS_HOST": f"https://{parts.hostname}:{parts.port}",
        "POSTS_CA": str(node.ca_file),
        "ELASTIC_PASSWORD_FILE": str(folder / "elastic_password"),
        "USERS": str(folder),
        "ROLES": str(ROOT / "deploy/elasticsearch"),
    }
    script = ROOT / "deploy/elasticsearch/users.sh"
    subprocess.run(["bash", script], env=os.environ | variables, check=True)


def store(node: Nodes, user: str) -> ElasticPostStore:
    address = re.sub(r"//.*@", f"//{user}:{user}-password@", node.urls[0])
    settings = load_settings(
        {"FENGSUI_POSTS_URL": address, "FENGSUI_POSTS_CA_FILE": str(node.ca_file)}
    )
    return open_elastic(
        settings, clock=SystemClock(), query_phrases=lambda text: (text.lower().split(),)
    )
