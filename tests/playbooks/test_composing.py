"""Two parsers, one answer: what is fast must say what Python's parser says."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from playbooks.composing import compose
from playbooks.content_files import read_files

SIGNS = "ab:- \n{}[],&*!#|>'\"%@`?0.~<=\t\r是\x00\x07\x85\u2028\ufeff🍵"
ODD = [
    "a: [1, , 2]",
    "{a: , b: }",
    "a:\n  - \n  -\tb",
    "!",
    "a: !x b",
    "a\tb: c",
    "? a\n: b",
    "&a [*a]",
    "a: &x 1\nb: *x",
    "--- a\n...\n",
    "%YAML 1.1\n---\na",
    "a: |\n  x\n\n  y\nb: >-\n  z\n",
    "a: 'x''y'\nb: \"\\u4e2d\\n\"",
    "a: b: c",
    "\ufeffa: 1",
    "a: |# b\n  c",
]


def told(node: yaml.Node | None, seen: frozenset[int] = frozenset()) -> Any:
    """A tree as plain data, with the places of everything; what an alias names is not repeated."""
    if node is None or id(node) in seen:
        return None
    place = (node.tag, node.start_mark.line, node.start_mark.column)
    inside = seen | {id(node)}
    if isinstance(node, yaml.MappingNode):
        return (*place, [(told(key, inside), told(value, inside)) for key, value in node.value])
    if isinstance(node, yaml.SequenceNode):
        return (*place, [told(item, inside) for item in node.value])
    return (*place, node.value)


def answered(text: str, *, by_python: bool) -> Any:
    try:
        return told(yaml.compose(text, Loader=yaml.SafeLoader) if by_python else compose(text))
    except yaml.YAMLError as error:
        return str(error)


def shipped() -> list[str]:
    files, problems = read_files(None, overlays=())
    assert problems == []
    return [file.text for file in files if file.name.endswith(".yaml")]


def test_all_that_ships_is_read_alike() -> None:
    texts = shipped()
    assert len(texts) > 200
    for text in texts:
        assert answered(text, by_python=False) == answered(text, by_python=True)


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_read_alike(text: str) -> None:
    assert answered(text, by_python=False) == answered(text, by_python=True)


@given(st.text(alphabet=SIGNS, max_size=60))
def test_any_text_is_read_alike(text: str) -> None:
    assert answered(text, by_python=False) == answered(text, by_python=True)


def test_what_ships_with_slips_of_the_hand_is_read_alike() -> None:
    chance = random.Random(7)
    texts = [text for text in shipped() if len(text) < 2_000]
    for _ in range(300):
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(text))
            text = text[:place] + chance.choice(SIGNS) + text[place + chance.randint(0, 1) :]
        assert answered(text, by_python=False) == answered(text, by_python=True)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000])
def test_depth_ends_in_an_error_and_never_in_a_crash(text: str) -> None:
    with pytest.raises(RecursionError):
        compose(text)
