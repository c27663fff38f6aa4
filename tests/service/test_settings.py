from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import (
    BadSettings,
    EncoderKind,
    LogFormat,
    Settings,
    load_settings,
    unknown_variables,
    variables,
)


def refused(**environ: str) -> dict[str, str]:
    with pytest.raises(BadSettings) as error:
        load_settings(environ)
    return dict(error.value.errors)


def test_nothing_set_runs_on_this_machine() -> None:
    settings = load_settings({})
    assert settings.state_url == "sqlite+aiosqlite:///var/state.db"
    assert settings.posts_path == Path("var/posts.db")
    assert str(settings.zone) == "Asia/Shanghai"
    assert settings.public_url == "http://127.0.0.1:8600"
    assert settings.secret_key is None
    assert settings.session_idle == timedelta(hours=12)
    assert settings.session_absolute == timedelta(days=7)
    assert settings.worker_id


def test_the_environment_of_the_process_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGSUI_PORT", "9999")
    monkeypatch.setenv("PORT", "9999")
    assert load_settings({}).port == 8600
    assert Settings().port == 8600


def test_variables_are_read() -> None:
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": "/srv/fengsui",
            "FENGSUI_LOG_FORMAT": "json",
            "FENGSUI_PUBLIC_URL": "https://fengsui.example/",
            "FENGSUI_FETCH_ALLOW_NETWORKS": "127.0.0.0/8, ::1/128,",
        }
    )
    assert settings.state_url == "sqlite+aiosqlite:////srv/fengsui/state.db"
    assert settings.posts_path == Path("/srv/fengsui/posts.db")
    assert settings.log_format is LogFormat.JSON
    assert settings.public_url == "https://fengsui.example"
    assert settings.fetch_allow_networks == (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def test_an_empty_variable_is_not_set() -> None:
    assert load_settings({"FENGSUI_PORT": ""}).port == 8600


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://u:p@db/x", "postgresql+asyncpg://u:p@db/x"),
        ("postgresql://u:p@db/x", "postgresql+asyncpg://u:p@db/x"),
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ],
)
def test_database_addresses_get_our_drivers(given: str, expected: str) -> None:
    assert load_settings({"FENGSUI_DATABASE_URL": given}).state_url == expected


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("  a secret of at least thirty-two characters\n")
    key = load_settings({"FENGSUI_SECRET_KEY_FILE": str(path)}).secret_key
    assert key is not None
    assert key.get_secret_value() == "a secret of at least thirty-two characters"


def test_a_secret_is_given_once(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("x" * 40)
    errors = refused(FENGSUI_SECRET_KEY="y" * 40, FENGSUI_SECRET_KEY_FILE=str(path))
    assert errors == {
        "FENGSUI_SECRET_KEY_FILE": "FENGSUI_SECRET_KEY is set too; keep one of the two"
    }


def test_every_mistake_is_named_by_its_variable_at_once() -> None:
    errors = refused(
        FENGSUI_PORT="many",
        FENGSUI_TIMEZONE="Mars/Olympus",
        FENGSUI_PUBLIC_URL="fengsui.example",
        FENGSUI_WEBHOOK_ALLOW_NETWORKS="10.0.0.1/8",
        FENGSUI_DATABASE_URL="mysql://x",
        FENGSUI_SECRET_KEY_FILE="/does/not/exist",
    )
    assert errors.keys() == {
        "FENGSUI_PORT",
        "FENGSUI_TIMEZONE",
        "FENGSUI_PUBLIC_URL",
        "FENGSUI_WEBHOOK_ALLOW_NETWORKS",
        "FENGSUI_DATABASE_URL",
        "FENGSUI_SECRET_KEY_FILE",
    }
    assert "Asia/Shanghai" in errors["FENGSUI_TIMEZONE"]
    assert "host bits" in errors["FENGSUI_WEBHOOK_ALLOW_NETWORKS"]


def test_a_file_that_cannot_be_read_is_named_even_alone() -> None:
    assert (
        "cannot read"
        in refused(FENGSUI_SECRET_KEY_FILE="/does/not/exist")["FENGSUI_SECRET_KEY_FILE"]
    )


def test_a_link_base_has_no_query() -> None:
    assert "no query" in refused(FENGSUI_PUBLIC_URL="https://x.example/?a=1")["FENGSUI_PUBLIC_URL"]


def test_secrets_are_never_quoted() -> None:
    settings = load_settings({"FENGSUI_DATABASE_URL": "postgres://u:geheim@db/x"})
    assert "geheim" not in repr(settings)
    assert "geheim" not in str(refused(FENGSUI_SECRET_KEY="geheim"))
    assert "geheim" not in str(refused(FENGSUI_DATABASE_URL="mysql://u:geheim@db/x"))


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings({}).port = 1


def test_typing_errors_are_found() -> None:
    environ = {
        "FENGSUI_PROT": "1",
        "FENGSUI_PORT": "1",
        "FENGSUI_PORT_FILE": "x",
        "FENGSUI_SECRET_KEY_FILE": "x",
        "FENGSUI_TEST_POSTGRES_URL": "x",
        "PATH": "x",
    }
    assert unknown_variables(environ) == ("FENGSUI_PORT_FILE", "FENGSUI_PROT")


def test_every_field_has_its_variable() -> None:
    assert set(variables().values()) == set(Settings.model_fields)


def test_the_same_settings_elsewhere() -> None:
    settings = load_settings({"FENGSUI_DATA_DIR": "/a", "FENGSUI_PORT": "9000"})
    moved = settings.made_at(Path("/b"))
    assert moved.state_url == "sqlite+aiosqlite:////b/state.db"
    assert moved.posts_path == Path("/b/posts.db")
    assert (moved.port, moved.worker_id) == (9000, settings.worker_id)


def test_links_follow_the_port_unless_told_otherwise() -> None:
    assert load_settings({"FENGSUI_PORT": "9000"}).public_url == "http://127.0.0.1:9000"
    told = load_settings({"FENGSUI_PORT": "9000", "FENGSUI_PUBLIC_URL": "https://w.example"})
    assert told.public_url == "https://w.example"


OWN = '[{"path": "own", "task": "sentiment", "labels": {"LABEL_0": "negative"}}]'


def test_models_of_ones_own_are_read() -> None:
    settings = load_settings({"FENGSUI_ENCODER": "torch", "FENGSUI_ENCODER_MODELS": OWN})
    (model,) = settings.encoder_models
    assert (settings.encoder, model.path, model.task) == (EncoderKind.TORCH, "own", "sentiment")
    assert model.labels == {"LABEL_0": "negative"}
    assert settings.made_at(Path("elsewhere")).encoder_models == settings.encoder_models


@pytest.mark.parametrize(
    ("models", "word"),
    [
        ("own", "no JSON"),
        ("{}", "a list"),
        ("[5]", "[0]"),
        ('[{"path": "own", "labels": {"a": "b"}}]', "[0].task"),
        ('[{"path": "own", "task": "sentiment", "labels": {}}]', "[0].labels"),
        (OWN[:-1] + ", " + OWN[1:], "two models answer sentiment"),
        ("", "at least one"),
    ],
)
def test_models_that_cannot_be_meant_are_named_by_place(models: str, word: str) -> None:
    errors = refused(FENGSUI_ENCODER="torch", FENGSUI_ENCODER_MODELS=models)
    assert [word in message for message in errors.values()] == [True]


def test_a_model_that_would_not_be_read_is_a_mistake() -> None:
    assert "torch only" in refused(FENGSUI_ENCODER_MODELS=OWN)["FENGSUI_ENCODER_MODELS"]
    errors = refused(FENGSUI_ENCODER="lexical", FENGSUI_ENCODER_PATH="model")
    assert "leave out one" in errors["FENGSUI_ENCODER_PATH"]


def test_an_encoder_that_nobody_knows_is_refused_alone() -> None:
    assert refused(FENGSUI_ENCODER="onxx", FENGSUI_ENCODER_MODELS=OWN).keys() == {"FENGSUI_ENCODER"}


def test_posts_may_be_in_elasticsearch(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("c2VjcmV0\n")
    settings = load_settings(
        {
            "FENGSUI_POSTS_URL": "https://a:9200, https://b:9200,",
            "FENGSUI_POSTS_API_KEY_FILE": str(tmp_path / "key"),
            "FENGSUI_POSTS_CA_FILE": "/srv/ca.pem",
            "FENGSUI_POSTS_PREFIX": "brand-2",
        }
    )
    assert settings.post_nodes == ("https://a:9200", "https://b:9200")
    assert settings.posts_api_key is not None
    assert settings.posts_api_key.get_secret_value() == "c2VjcmV0"
    assert settings.posts_ca_file == Path("/srv/ca.pem")
    moved = settings.made_at(Path("/b"))
    assert (moved.post_nodes, moved.posts_api_key, moved.posts_prefix) == ((), None, "brand-2")


@pytest.mark.parametrize(
    ("variables", "where", "why"),
    [
        ({"FENGSUI_POSTS_URL": "https://a"}, "FENGSUI_POSTS_URL", "https://node1:9200"),
        ({"FENGSUI_POSTS_URL": "a:9200"}, "FENGSUI_POSTS_URL", "https://node1:9200"),
        ({"FENGSUI_POSTS_API_KEY": "x"}, "FENGSUI_POSTS_API_KEY", "not set"),
        ({"FENGSUI_POSTS_CA_FILE": "/x"}, "FENGSUI_POSTS_CA_FILE", "not set"),
        ({"FENGSUI_POSTS_PREFIX": "Upper"}, "FENGSUI_POSTS_PREFIX", "pattern"),
        (
            {"FENGSUI_POSTS_URL": "https://u:hunter2@a:9200", "FENGSUI_POSTS_API_KEY": "x"},
            "FENGSUI_POSTS_API_KEY",
            "keep one of the two",
        ),
    ],
)
def test_mistakes_about_elasticsearch_are_named(
    variables: dict[str, str], where: str, why: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        load_settings(variables)
    ((name, message),) = refused.value.errors
    assert name == where
    assert why in message
    assert "hunter2" not in message


def test_shifts_fill_the_day() -> None:
    assert load_settings({"FENGSUI_STAFFING_SHIFT_H": "12"}).staffing_shift_h == 12
    with pytest.raises(BadSettings, match="shifts fill the day"):
        load_settings({"FENGSUI_STAFFING_SHIFT_H": "7"})
