"""The worked example of docs/console.md still fits the ground."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from service.console.board import Board
from service.console.i18n import Language, load_words
from service.console.places import Place
from tests.support.console_scene import ConsoleScene

GUIDE = (Path(__file__).parents[3] / "docs" / "console.md").read_text(encoding="utf-8")


def example(name: str) -> str:
    found = re.search(rf"<!-- example: {name} -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None, name
    return found.group(1)


async def test_the_page_of_the_guide_registers_as_it_stands(scene: ConsoleScene):
    module = ModuleType("example")
    exec(compile(example("page"), "docs/console.md", "exec"), module.__dict__)
    place = module.PLACE
    assert isinstance(place, Place)
    module.register(Board(scene.container, (place,)))


def test_the_words_of_the_guide_are_what_its_page_asks_for():
    words = yaml.safe_load(example("zh"))["brands"]
    asked = set(re.findall(r'words\("brands\.(\w+)"', example("page")))
    assert asked <= set(words)
    assert set(words["kinds"]) == {"own", "competitor"}


def test_the_test_of_the_guide_is_python():
    compile(example("test"), "docs/console.md", "exec")


@pytest.mark.parametrize("module", re.findall(r"^\| `(\w+)` \| ", GUIDE, re.MULTILINE))
def test_every_module_that_the_guide_names_is_there(module: str):
    folder = Path(__file__).parents[3] / "service" / "console"
    assert (folder / f"{module}.py").exists() or (folder / module).is_dir()


def test_the_tokens_that_the_guide_names_are_in_the_style_sheets():
    assets = Path(__file__).parents[3] / "service" / "console" / "assets"
    sheets = "".join(path.read_text(encoding="utf-8") for path in assets.glob("*.css"))
    assert load_words(Language.ZH)
    for token in ("--ground", "--surface", "--soft", "--late", "--done", "--chart-6"):
        assert f"{token}:" in sheets
