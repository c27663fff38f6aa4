"""The guides against the console: every label, key, path and picture in them must be there."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.console_chosen import ACKNOWLEDGE, chosen
from service.console.i18n import Language, load_words
from service.console.pages import PLACES
from service.console.pages.review.rubric import reason_keys
from service.moderation.review import load_rubric

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = ROOT / "service" / "console"
OUTSIDE = ("service/api/acknowledge_page.py", "service/delivery/channels/wording.py")
"""Words of the link on a page, which are no part of the console."""
LANGUAGES = [language.value for language in Language]

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def guide(language: str) -> str:
    text = (ROOT / "docs" / f"guide.{language}.md").read_text(encoding="utf-8")
    return _FENCE.sub("", text)


def texts_outside(language: str) -> Iterator[str]:
    for name in OUTSIDE:
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    named = isinstance(key, ast.Constant) and key.value == language
                    if named and isinstance(value, ast.Constant):
                        yield str(value.value)


def said(language: str) -> re.Pattern[str]:
    """Anything that the console says in that language, with something in each place."""
    words = load_words(Language(language))
    texts = [*map(words.raw, words.keys), *texts_outside(language)]
    worded = (text for text in texts if re.sub(r"\{\w*\}|\W", "", text))
    return re.compile("|".join(re.sub(r"\\\{\w*\\\}", ".+", re.escape(it)) for it in worded))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_stands_on_the_screen_as_it_is_quoted(language: str) -> None:
    known = said(language)
    quoted = re.findall(r"\*\*([^*\n]+)\*\*", guide(language))

    assert len(quoted) > 100
    own = {"粗体", "bold"}  # how the guide explains its own marks
    assert [label for label in quoted if label not in own and not known.fullmatch(label)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_is_a_place(language: str) -> None:
    paths = {
        "/console" + re.sub(r"\{[^}]+\}", "{}", path) for place in PLACES for path in place.paths
    }
    named = set(re.findall(r"`(/console/[^`…]*)`", guide(language)))

    assert len(named) > 20
    assert named - paths == set()


def keys() -> set[str]:
    """What the browser and the pages listen to."""
    script = (CONSOLE / "assets" / "keys.js").read_text(encoding="utf-8")
    listing = re.search(r"const listing = \{(.*?)\n  \};", script, re.DOTALL)
    places = re.search(r"const PLACES = \{(.*?)\};", script, re.DOTALL)
    assert listing is not None
    assert places is not None
    found = {"?", "g", *re.findall(r'^ {4}"?([^\s":]+)"?: \(\)', listing[1], re.MULTILINE)}
    found.update(re.findall(r"(\w): ", places[1]))
    for module in (CONSOLE / "pages").rglob("*.py"):
        source = module.read_text(encoding="utf-8")
        if "Keys(" in source:
            found.update(re.findall(r'"(\w)": \(words', source))
            found.update(re.findall(r'shortcuts\["(\w)"\]', source))
    return found | set(reason_keys(load_rubric())) | {str(number) for number in range(1, 7)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_does_something(language: str) -> None:
    named = set(re.findall(r"<kbd>([^<]+)</kbd>", guide(language)))

    assert len(named) > 12
    assert named - keys() - {"方框", "keys"} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_are_the_chosen_ones_and_are_there(language: str) -> None:
    shown = _PICTURE.findall(guide(language))
    wanted = [f"img/{shot.file}" for shot in chosen() if shot.language == language]

    assert sorted(shown) == sorted(wanted)
    assert [name for name in wanted if not (ROOT / "docs" / name).is_file()] == []


def test_the_chosen_pictures_are_of_places() -> None:
    depths = {
        place.name if not depth else f"{place.name}-{depth}"
        for place in PLACES
        for depth in range(len(place.paths))
    }

    assert {shot.name for shot in chosen()} - depths == {ACKNOWLEDGE}
    assert len({shot.file for shot in chosen()}) == len(chosen())


def test_both_guides_tell_the_same_shifts_with_the_same_pictures() -> None:
    bones = []
    for language in LANGUAGES:
        parts = re.findall(r"^(#+) |!\[[^\]]+\]\(img/([^)]+)\)", guide(language), re.MULTILINE)
        bones.append(json.dumps(parts).replace(f"-{language}-", "-"))

    assert len(set(bones)) == 1
