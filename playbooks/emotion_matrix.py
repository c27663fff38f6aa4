"""The emotion response matrix, asked: what people feel and how gravely → how to answer. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from playbooks.schema import (
    EmotionMatrix,
    Intensity,
    Register,
    Response,
    Role,
    Text,
    TierTable,
    Words,
)

NEUTRAL = "neutral"
_LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Mood:
    """What most of those feel who feel anything; `share` of all texts that were read, in [0, 1]."""

    emotion: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One cell: the register, how to begin and end, who answers, and how soon."""

    emotion: str
    intensity: Intensity
    tier: str
    register: Register
    opening: Text
    closing: Text
    role: Role
    within: timedelta


def mood_of(emotions: Sequence[str]) -> Mood:
    """The mood of texts by the emotion of each; of equals the first in the alphabet."""
    felt = Counter(emotion for emotion in emotions if emotion != NEUTRAL)
    if not felt:
        return Mood(NEUTRAL, 1.0 if emotions else 0.0)
    emotion, count = min(felt.items(), key=lambda item: (-item[1], item[0]))
    return Mood(emotion, count / len(emotions))


def intensity_of(matrix: EmotionMatrix, share: float) -> Intensity:
    """The strongest intensity whose share is reached."""
    return [item for item in Intensity if share >= matrix.intensities[item]][-1]


def advise(
    matrix: EmotionMatrix,
    *,
    emotion: str,
    intensity: Intensity,
    tier: str,
    follows: Mapping[str, str] | None = None,
) -> Advice | None:
    """The cell; a tier that the matrix does not name is answered as the one it `follows`.

    None for an emotion or a tier that it does not know.
    """
    for response in matrix.responses:
        if response.emotion == emotion and response.intensity is intensity:
            who = response.who.get(tier) or response.who.get((follows or {}).get(tier, ""))
            if who is None:
                return None
            register = next(item for item in matrix.registers if item.id == response.register_)
            return Advice(
                emotion=emotion,
                intensity=intensity,
                tier=tier,
                register=register,
                opening=response.opening,
                closing=response.closing,
                role=who.role,
                within=who.within,
            )
    return None


def words_of(words: Words, lang: str) -> tuple[str, ...]:
    """The words of that language; of one that has none, none."""
    return {"zh": words.zh, "en": words.en}.get(lang, ())


def lacks(register: Register, text: str, lang: str) -> bool:
    """Whether a text has none of the words that the register wants."""
    wanted = words_of(register.wants, lang)
    lowered = text.lower()
    return bool(wanted) and not any(word.lower() in lowered for word in wanted)


def matrix_problems(matrix: EmotionMatrix, tiers: TierTable) -> Iterator[str]:
    """What cannot be meant: tiers without an answer, slower where it is worse, its own rule broken.

    A wording in the wrong register, in either language, is one of them.
    """
    registers = {register.id: register for register in matrix.registers}
    for response in matrix.responses:
        cell = f"{response.emotion.value} {response.intensity.value}"
        yield from _tier_problems(response, tiers, cell)
        register = registers[response.register_]
        for lang in _LANGUAGES:
            texts = [getattr(part, lang) for part in (response.opening, response.closing)]
            if None in texts:
                yield f"{cell}: opening and closing need a text in {lang}"
                continue
            whole = " ".join(texts)
            if lacks(register, whole, lang):
                yield f"{cell}: its {lang} wording has no word of the register {register.id}"
            for word in words_of(register.avoids, lang):
                if word.lower() in whole.lower():
                    yield f"{cell}: its {lang} wording says {word!r}, which {register.id} avoids"
    yield from _slower_when_stronger(matrix)


def _tier_problems(response: Response, tiers: TierTable, cell: str) -> Iterator[str]:
    for name in response.who:
        if name not in tiers.ids:
            yield f"{cell}: there is no tier {name}"
    slowest = timedelta.max
    for tier in tiers.ids:
        who = response.who.get(tier) or response.who.get(tiers.follows.get(tier, ""))
        if who is None:
            yield f"{cell}: nobody answers in tier {tier}"
            continue
        if who.within > slowest:
            yield f"{cell}: slower in tier {tier} than in a lower one"
        slowest = who.within


def _slower_when_stronger(matrix: EmotionMatrix) -> Iterator[str]:
    order = list(Intensity)
    cells = sorted(matrix.responses, key=lambda item: order.index(item.intensity))
    slowest: dict[tuple[str, str], timedelta] = {}
    for response in cells:
        for tier, who in response.who.items():
            key = (response.emotion.value, tier)
            if who.within > slowest.get(key, timedelta.max):
                yield (
                    f"{response.emotion.value} {response.intensity.value}: slower in tier {tier} "
                    "than where fewer feel so"
                )
            slowest[key] = who.within
