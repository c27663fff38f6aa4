"""`deploy/compose.yaml` and the Dockerfile against the code: no engine is needed to read them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import orjson
import pytest
import yaml

from service.cli.root import cli
from service.settings import variables

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("serve", "work", "crawl", "migrate")
PATTERN = re.compile(r"\$\{(\w+)")


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting(name: str) -> None:
    assert SERVICES[name]["environment"].keys() <= variables().keys()


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_there_with_its_options(name: str) -> None:
    command, *options = SERVICES[name]["command"]
    known = cli.commands[command]
    assert isinstance(known, click.Command)
    assert set(options) <= {option for parameter in known.params for option in parameter.opts}


@pytest.mark.parametrize("name", OURS)
def test_every_file_that_a_role_reads_is_a_secret_it_has(name: str) -> None:
    service = SERVICES[name]
    read = {value for value in service["environment"].values() if "/run/secrets/" in value}
    assert read == {f"/run/secrets/{secret}" for secret in service["secrets"]}


def test_each_role_runs_once_and_jobs_in_one_place() -> None:
    commands = {name: SERVICES[name]["command"] for name in OURS}
    assert commands == {
        "serve": ["serve", "--no-worker"],
        "work": ["work"],
        "crawl": ["crawl"],
        "migrate": ["migrate"],
    }


def test_roles_have_names_of_their_own_in_leases() -> None:
    ids = [SERVICES[name]["environment"].get("FENGSUI_WORKER_ID") for name in OURS[:3]]
    assert len({*ids, None}) == 4


def test_roles_wait_for_the_migration_and_that_for_both_engines() -> None:
    for name in OURS[:3]:
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"}
        }
    assert set(SERVICES["migrate"]["depends_on"]) == {"postgres", "elasticsearch-users"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_checked_or_says_why_not(name: str) -> None:
    """What ends by itself needs no check; `work` and `crawl` have no port to ask."""
    service = SERVICES[name]
    runs_once = service.get("restart") == "no"
    disabled = service.get("healthcheck", {}).get("disable", False)
    assert runs_once or "test" in service.get("healthcheck", {}) or name in {"work", "crawl"}
    assert not disabled or name in {"work", "crawl", "migrate"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_keeps_running_has_a_limit(name: str) -> None:
    service = SERVICES[name]
    if service["restart"] == "no":
        return
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory"} <= limits.keys()


def test_every_secret_and_volume_that_is_named_is_declared_and_used() -> None:
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", ())}
    assert used == COMPOSE["secrets"].keys()
    mounted = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
        if not volume.startswith(".")
    }
    assert mounted == COMPOSE["volumes"].keys()


def test_no_password_stands_in_the_file() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            secret = re.search(r"PASSWORD|SECRET|TOKEN|DATABASE_URL|POSTS_URL", variable)
            assert not secret or variable.endswith("_FILE"), f"{name}: {variable}"
            assert not re.search(r"://[^/]*:[^/]*@", str(value)), f"{name}: {variable}"


def test_what_the_environment_may_change_has_a_default() -> None:
    text = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
    for name in PATTERN.findall(text):
        assert f"${{{name}:-" in text, name


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_have_a_version(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].partition(":")
    assert image
    assert re.match(r"\d+(\.\d+)*", tag)


def test_elasticsearch_is_one_that_we_take_and_has_security_on() -> None:
    major, minor = map(int, SERVICES["elasticsearch"]["image"].partition(":")[2].split(".")[:2])
    environment = SERVICES["elasticsearch"]["environment"]
    assert (8, 15) <= (major, minor) < (9, 0)
    assert environment["xpack.security.enabled"] == "true"
    assert environment["xpack.security.http.ssl.enabled"] == "true"
    assert "ports" not in SERVICES["elasticsearch"], "reached inside only"


@pytest.mark.parametrize("role", ["fengsui_serve", "fengsui_migrate"])
def test_its_users_have_the_rights_of_the_operators_page(role: str) -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    blocks = map(orjson.loads, re.findall(r"```json\n(.*?)```", page, re.DOTALL))
    (documented,) = [block[role] for block in blocks if role in block]
    shipped = (ROOT / f"deploy/elasticsearch/{role}.json").read_bytes()
    assert orjson.loads(shipped) == documented


def test_every_stage_of_the_image_starts_from_a_version() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.11[\w.]*-slim-\w+", base) for base in bases)


def test_the_image_runs_as_a_user_of_its_own() -> None:
    last = DOCKERFILE.rsplit("FROM", 1)[1]
    (user,) = re.findall(r"^USER (\S+)", last, re.MULTILINE)
    assert user == "fengsui"
    assert last.index("USER fengsui") < last.index("ENTRYPOINT")


def test_the_image_is_checked_and_installs_by_hash() -> None:
    assert "HEALTHCHECK" in DOCKERFILE
    assert "--no-deps --require-hashes -r requirements.lock" in DOCKERFILE


def test_the_image_holds_no_secret() -> None:
    names = re.findall(r"\b(FENGSUI_\w+)=", DOCKERFILE)
    assert names
    assert set(names) <= variables().keys()
    assert not re.search(r"(?i)(password|secret|token|api_key)\w*=", DOCKERFILE)
    assert not re.search(r"^COPY \.\s", DOCKERFILE, re.MULTILINE)


def test_the_secrets_are_kept_out_of_git_and_of_the_image() -> None:
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    assert not any(line.startswith("!deploy") for line in ignored)
