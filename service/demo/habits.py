"""How a sentence is typed: dropped stops, spaces for commas, slips, traditional characters."""

from __future__ import annotations

from random import Random

from service.demo.phrasebook import load_yaml

TRADITIONAL_SHARE = 0.02
LOOSE_SHARE = 0.1
SLIP_SHARE = 0.05


def _pairs(rule: str) -> list[tuple[str, str]]:
    """Lines `from to` of a rule of habits.yaml."""
    content = load_yaml("habits.yaml")
    if not isinstance(content, dict):
        raise ValueError("phrases/habits.yaml is not a mapping of rules")
    pairs = (line.split() for line in content[rule].splitlines())
    return [(plain, other) for plain, other in pairs]


_SLIPS = _pairs("slips")
_TRADITIONAL = str.maketrans(dict(_pairs("traditional")))


def typed(text: str, rng: Random, *, lang: str = "zh") -> str:
    """The sentence as one of many people would type it; other languages stay as they are."""
    text = text.replace("，。", "。").replace("，，", "，").strip("，")
    if lang != "zh":
        return text
    roll = rng.random()
    if roll < TRADITIONAL_SHARE:
        return text.translate(_TRADITIONAL)
    if roll < TRADITIONAL_SHARE + LOOSE_SHARE:
        return text.replace("，", " ").rstrip("。")
    if roll < TRADITIONAL_SHARE + LOOSE_SHARE + SLIP_SHARE:
        plain, slip = rng.choice(_SLIPS)
        return text.replace(plain, slip)
    return text
