"""What the settings name is opened, and what cannot be is never passed over in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.encoder.loading import SHIPPED
from nlp.errors import BadModel, ModelMissing
from service.metrics import encoder_degraded
from service.moderation import open_analyzer, open_encoder, served_folder
from service.settings import Settings, load_settings
from tests.support.tiny_model import write_tiny_model


def settings(**variables: object) -> Settings:
    return load_settings({f"FENGSUI_{name.upper()}": str(item) for name, item in variables.items()})


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("models") / SHIPPED)


def test_a_served_folder_reads(tiny: Path) -> None:
    chosen = settings(encoder_path=tiny)
    encoder = open_encoder(chosen)
    assert (encoder.degraded, encoder.absent, encoder.missing) == (False, None, ())
    analysis = open_analyzer(chosen, encoder=encoder).analyze("好")
    assert analysis.sentiment is not None
    assert analysis.sentiment.label == "positive"
    assert analysis.degraded == ()
    assert encoder_degraded._value.get() == 0


def test_the_model_that_ships_is_read_when_nothing_is_named(tiny: Path) -> None:
    assert served_folder(settings(), shipped=tiny.parent) == tiny
    assert open_encoder(settings(), shipped=tiny.parent).backends


def test_a_copy_without_weights_reads_words_and_says_why(tmp_path: Path) -> None:
    encoder = open_encoder(settings(), shipped=tmp_path)
    assert encoder.degraded
    assert "no model ships" in (encoder.absent or "")
    analysis = open_analyzer(settings(), encoder=encoder).analyze("好吃")
    assert set(analysis.degraded) == {"sentiment", "emotion", "intent", "abuse", "moderation"}
    assert encoder_degraded._value.get() == 1


def test_words_alone_may_be_meant(tiny: Path) -> None:
    chosen = settings(encoder="lexical")
    encoder = open_encoder(chosen, shipped=tiny.parent)
    assert (encoder.degraded, encoder.absent) == (True, None)
    assert served_folder(chosen, shipped=tiny.parent) is None


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="FENGSUI_ENCODER_PATH"):
        open_encoder(settings(encoder_path=tmp_path / "none"))


def test_corrupt_weights_that_ship_are_refused(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "models" / SHIPPED)
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"!")
    with pytest.raises(BadModel, match="sha256"):
        open_encoder(settings(), shipped=folder.parent)


@pytest.mark.slow
def test_ones_own_model_goes_first_and_the_served_one_answers_the_rest(
    tiny: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from tests.support.tiny_classifier import THEIRS, write_tiny_classifier

    source = write_tiny_classifier(tmp_path / "own")
    models = json.dumps([{"path": str(source), "task": "sentiment", "labels": THEIRS}])
    encoder = open_encoder(settings(encoder="torch", encoder_models=models, encoder_path=tiny))
    assert [backend.tasks >= {"abuse"} for backend in encoder.backends] == [False, True]
    assert encoder.missing == ()
    alone = open_encoder(settings(encoder="torch", encoder_models=models), shipped=tmp_path)
    assert alone.missing == ("emotion", "intent", "abuse", "scenario", "moderation")
