"""`emotion_matrix.yaml`: how to answer what people feel - in which register, who, how soon."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from playbooks.schema.base import Content, Duration, Id, Line, Number, Role, Text


class Emotion(StrEnum):
    """The emotions that the encoder knows."""

    NEUTRAL = "neutral"
    HAPPY = "happy"
    ANGRY = "angry"
    SAD = "sad"
    FEAR = "fear"
    SURPRISE = "surprise"
    DISGUST = "disgust"


class Intensity(StrEnum):
    """How many share the emotion, weakest first."""

    MILD = "mild"
    MARKED = "marked"
    STRONG = "strong"


class Words(Content):
    """Words of a register, by the language of the statement."""

    zh: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()


class Register(Content):
    """A way of speaking: a text in it has one of `wants` and none of `avoids`."""

    id: Id
    name: Text
    how: Text
    wants: Words = Words()
    avoids: Words = Words()


class Answerer(Content):
    """Who answers in a tier, and how soon after it is known."""

    role: Role
    within: Duration


class Response(Content):
    """How to answer one emotion of one intensity; `who` has every tier."""

    emotion: Emotion
    intensity: Intensity
    register_: Annotated[Id, Field(alias="register")]
    opening: Text
    closing: Text
    who: dict[Id, Answerer]


Share = Annotated[Number, Field(ge=0, le=1)]


class EmotionMatrix(Content):
    """Every emotion in every intensity, once; `intensities` are the share of posts each is from."""

    id: Id
    intensities: dict[Intensity, Share]
    registers: Annotated[tuple[Register, ...], Field(min_length=1)]
    responses: Annotated[tuple[Response, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [item.value for item in Intensity if item not in self.intensities]
        if missing:
            raise ValueError(f"`intensities` lacks {', '.join(missing)}")
        ladder = [self.intensities[item] for item in Intensity]
        if ladder[0] != 0 or ladder != sorted(set(ladder)):
            raise ValueError("`intensities` begin at 0 and rise: mild, marked, strong")
        known = {register.id for register in self.registers}
        seen: set[tuple[Emotion, Intensity]] = set()
        for response in self.responses:
            cell = (response.emotion, response.intensity)
            if cell in seen:
                raise ValueError(f"{cell[0].value} {cell[1].value} is there twice")
            seen.add(cell)
            if response.register_ not in known:
                raise ValueError(f"no register is called {response.register_!r}")
        gaps = [f"{e.value} {i.value}" for e in Emotion for i in Intensity if (e, i) not in seen]
        if gaps:
            raise ValueError(f"there is no response to {', '.join(gaps)}")
        return self
