from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from playbooks import ContentErrors, Role, lint, load_library
from playbooks.content_files import read_files
from playbooks.emotion_matrix import Mood, advise, intensity_of, matrix_problems, mood_of
from playbooks.schema import Emotion, EmotionMatrix, Intensity

LIBRARY = load_library()
TEXT = next(file.text for file in read_files(None)[0] if file.name == "emotion_matrix.yaml")
assert LIBRARY.responses is not None
MATRIX = LIBRARY.responses


def changed(change: Any) -> EmotionMatrix:
    data = yaml.safe_load(TEXT)
    change(data)
    return EmotionMatrix.model_validate(data)


def problems(change: Any) -> list[str]:
    return list(matrix_problems(changed(change), LIBRARY.tiers))


@pytest.mark.parametrize("tier", LIBRARY.tiers.ids)
@pytest.mark.parametrize("emotion", Emotion)
def test_every_cell_has_an_answer(emotion: Emotion, tier: str) -> None:
    for intensity in Intensity:
        found = advise(MATRIX, emotion=emotion, intensity=intensity, tier=tier)
        assert found is not None
        assert timedelta(minutes=10) <= found.within <= timedelta(hours=2)
        assert found.opening.en
        assert found.closing.en


def test_what_ships_is_clean() -> None:
    assert list(matrix_problems(MATRIX, LIBRARY.tiers)) == []
    assert [item for item in lint(LIBRARY) if item.file == "emotion_matrix.yaml"] == []


def test_a_cell() -> None:
    found = advise(MATRIX, emotion="fear", intensity=Intensity.STRONG, tier="red")

    assert found is not None
    assert (found.register.id, found.role, found.within) == (
        "steadying",
        Role.EXECUTIVE,
        timedelta(minutes=10),
    )


def test_a_tier_that_follows_another_is_answered_as_that_one() -> None:
    found = advise(
        MATRIX,
        emotion="angry",
        intensity=Intensity.MILD,
        tier="blue",
        follows={"blue": "yellow"},
    )

    assert found is not None
    assert found.within == timedelta(hours=2)
    assert advise(MATRIX, emotion="angry", intensity=Intensity.MILD, tier="blue") is None
    assert advise(MATRIX, emotion="bored", intensity=Intensity.MILD, tier="red") is None


@pytest.mark.parametrize(
    ("share", "intensity"),
    [(0, "mild"), (0.29, "mild"), (0.3, "marked"), (0.6, "strong"), (1, "strong")],
)
def test_intensity_by_share(share: float, intensity: str) -> None:
    assert intensity_of(MATRIX, share).value == intensity


@pytest.mark.parametrize(
    ("emotions", "mood"),
    [
        ([], Mood("neutral", 0.0)),
        (["neutral"], Mood("neutral", 1.0)),
        (["neutral", "angry"], Mood("angry", 0.5)),
        (["sad", "angry", "angry", "neutral"], Mood("angry", 0.5)),
        (["sad", "fear"], Mood("fear", 0.5)),
    ],
)
def test_the_mood_of_texts(emotions: list[str], mood: Mood) -> None:
    assert mood_of(emotions) == mood


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data["responses"].pop(), "there is no response to disgust strong"),
        (lambda data: data["responses"].append(data["responses"][0]), "is there twice"),
        (lambda data: data["responses"][0].update(register="rude"), "no register is called 'rude'"),
        (lambda data: data["intensities"].pop("strong"), "lacks strong"),
        (lambda data: data["intensities"].update(mild=0.1), "begin at 0 and rise"),
        (lambda data: data["intensities"].update(strong=0.3), "begin at 0 and rise"),
    ],
)
def test_what_cannot_be_meant_is_refused(change: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        changed(change)


def _of(data: Any, place: int = 0) -> Any:
    return data["responses"][place]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: _of(d)["who"].pop("red"), "neutral mild: nobody answers in tier red"),
        (
            lambda d: _of(d)["who"]["red"].update(within="3h"),
            "slower in tier red than in a lower one",
        ),
        (
            lambda d: _of(d)["who"].update(black={"role": "pr", "within": "1m"}),
            "there is no tier black",
        ),
        (lambda d: _of(d, 2)["who"]["yellow"].update(within="5h"), "than where fewer feel so"),
        (lambda d: _of(d)["opening"].pop("en"), "need a text in en"),
        (
            lambda d: _of(d).update(
                opening={"zh": "好。", "en": "Good."}, closing={"zh": "好。", "en": "Good."}
            ),
            "has no word of the register plain",
        ),
        (
            lambda d: _of(d)["opening"].update(zh="核实！"),
            "says '！', which plain avoids",
        ),
    ],
)
def test_what_is_probably_a_mistake_is_told(change: Any, message: str) -> None:
    assert any(message in problem for problem in problems(change)), problems(change)


def test_a_broken_matrix_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "emotion_matrix.yaml").write_text(
        TEXT.replace("register: owning", "register: rude", 1), encoding="utf-8"
    )

    with pytest.raises(ContentErrors, match=r"emotion_matrix\.yaml:\d+:\d+: .*'rude'"):
        load_library(overlays=[tmp_path])
