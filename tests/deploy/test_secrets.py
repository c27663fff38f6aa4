"""`deploy/secrets.sh`: what the compose file reads."""

from __future__ import annotations

import shutil
import ssl
import stat
import subprocess
from pathlib import Path

import orjson
import pytest
import yaml

from service.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


def make(folder: Path) -> subprocess.CompletedProcess[str]:
    script = ROOT / "deploy/secrets.sh"
    return subprocess.run(["bash", script, folder], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    assert make(folder).returncode == 0
    return folder


def test_every_file_of_the_compose_file_is_made(made: Path) -> None:
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
    for secret in compose["secrets"].values():
        assert (made / Path(secret["file"]).relative_to("secrets")).read_bytes()


def test_nobody_else_enters_the_folder(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


@pytest.mark.parametrize("user", ["serve", "migrate"])
def test_the_service_takes_what_was_made(made: Path, user: str) -> None:
    url = made / ("posts_url" if user == "serve" else "posts_migrate_url")
    settings = load_settings(
        {
            "FENGSUI_DATABASE_URL_FILE": str(made / "database_url"),
            "FENGSUI_SECRET_KEY_FILE": str(made / "secret_key"),
            "FENGSUI_POSTS_URL_FILE": str(url),
            "FENGSUI_POSTS_CA_FILE": str(made / "certs/ca.crt"),
        }
    )
    password = orjson.loads((made / f"fengsui_{user}.json").read_bytes())["password"]
    assert settings.post_nodes == (f"https://fengsui_{user}:{password}@elasticsearch:9200",)
    postgres = (made / "postgres_password").read_text().strip()
    assert f"fengsui:{postgres}@postgres/fengsui" in settings.state_url


def test_no_two_passwords_are_the_same(made: Path) -> None:
    said = [
        (made / "elastic_password").read_text(),
        (made / "postgres_password").read_text(),
        orjson.loads((made / "fengsui_serve.json").read_bytes())["password"],
        orjson.loads((made / "fengsui_migrate.json").read_bytes())["password"],
    ]
    assert len({password.strip() for password in said}) == 4
    assert min(map(len, said)) >= 48


@pytest.mark.parametrize("host", ["elasticsearch", "localhost"])
def test_the_node_proves_its_name_to_who_knows_the_authority(made: Path, host: str) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made / "certs/node.crt", made / "certs/node.key")
    client = ssl.create_default_context(cafile=made / "certs/ca.crt")
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        client.wrap_bio(to_client, to_server, server_hostname=host),
        server.wrap_bio(to_server, to_client, server_side=True),
    )
    for _ in range(3):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    certificate = ends[0].getpeercert()
    assert certificate is not None
    assert ("DNS", host) in certificate["subjectAltName"]


def test_the_key_of_the_authority_is_kept_nowhere(made: Path) -> None:
    assert {path.name for path in (made / "certs").iterdir()} == {"ca.crt", "node.crt", "node.key"}


def test_secrets_are_made_once(made: Path) -> None:
    before = (made / "secret_key").read_bytes()
    again = make(made)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert (made / "secret_key").read_bytes() == before
