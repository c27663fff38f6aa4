"""Which model is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.encoder.loading import load_backend, shipped_model
from nlp.errors import ModelMissing
from tests.support.tiny_model import write_tiny_model


def test_a_folder_without_models_ships_none(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert shipped_model(tmp_path) is None


def test_the_folder_called_encoder_is_the_shipped_one(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "encoder")
    write_tiny_model(tmp_path / "targeted")
    assert shipped_model(tmp_path) == tmp_path / "encoder"


def test_a_named_folder_is_served(tmp_path: Path) -> None:
    backend = load_backend(write_tiny_model(tmp_path / "mine"), threads=1)
    assert backend.version.startswith("tiny-1-")


def test_a_named_folder_that_is_not_there_is_an_error_not_another_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="mine"):
        load_backend(tmp_path / "mine")


def test_the_shipped_model_is_served_when_none_is_named(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "encoder", version="7")
    assert load_backend(models=tmp_path).version.startswith("tiny-7-")


def test_without_any_model_the_settings_that_help_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"no model ships.*FENGSUI_ENCODER_PATH"):
        load_backend(models=tmp_path)
