"""Words by key, a folder a language and a file a page; content brings its own languages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from playbooks import Text


class Language(StrEnum):
    """`zh` is the first: what nobody has chosen otherwise."""

    ZH = "zh"
    EN = "en"


TAGS: Mapping[Language, str] = {Language.ZH: "zh-CN", Language.EN: "en-US"}
"""Language tags as the browser and the toolkit want them."""


class Words:
    """The words of one language. An unknown key is a KeyError: a test finds every one of them."""

    def __init__(self, language: Language, words: Mapping[str, str]) -> None:
        self.language = language
        self._words = words

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, with `{named}` places filled."""
        found = self._words[key]
        return found.format(**values) if values else found

    def raw(self, key: str) -> str:
        """The words of a key with their places unfilled."""
        return self._words[key]

    def choice(self, family: str, member: str) -> str:
        """The word for one value of a set, such as a state; one that has none is shown as it is."""
        return self._words.get(f"{family}.{member}", member)

    def of(self, text: Text | Mapping[str, str | None]) -> str:
        """The wording of shipped content in this language; Chinese where there is no other."""
        if isinstance(text, Text):
            return (text.en or text.zh) if self.language is Language.EN else text.zh
        return text.get(self.language.value) or text.get(Language.ZH.value) or ""

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._words)

    @property
    def tag(self) -> str:
        """The language tag, such as `zh-CN`."""
        return TAGS[self.language]


@cache
def load_words(language: Language) -> Words:
    """The words of a language out of all its files, read once. Raises ValueError as `merged`."""
    folder = resources.files(__package__).joinpath(language.value)
    return Words(language, merged(folder))


def merged(folder: Traversable) -> dict[str, str]:
    """Words by key out of the `*.yaml` of a folder; each file has one top key, its own name.

    Raises ValueError that names the file, or both, for a key that is given twice, a top key that
    is not the file's name, and a value that is not plain text.
    """
    found: dict[str, str] = {}
    origin: dict[str, str] = {}
    files = (item for item in folder.iterdir() if item.name.endswith(".yaml"))
    for file in sorted(files, key=lambda item: item.name):
        try:
            tree = _NoTwins(file.read_text(encoding="utf-8")).get_single_data()
        except yaml.YAMLError as error:
            raise ValueError(f"console words: {file.name}: {error}") from error
        top = file.name.removesuffix(".yaml")
        if not isinstance(tree, dict) or list(tree) != [top]:
            raise ValueError(f"console words: {file.name} must have one top key, {top}")
        for key, text in _flat(tree).items():
            if key in origin:
                raise ValueError(f"console words: {key} is in {origin[key]} and in {file.name}")
            found[key], origin[key] = text, file.name
    return found


class _NoTwins(yaml.SafeLoader):
    """Reads a file in which no mapping has a key twice: YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.YAMLError(f"line {line}: {key} is given twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


def preferred(chosen: str | None, accepted: str) -> Language:
    """What somebody chose, else the first of the browser's languages that we have, else Chinese.

    `accepted` is an Accept-Language header; its order is taken as written, weights are not read.
    """
    if chosen in set(Language):
        return Language(chosen)
    for tag in accepted.split(","):
        primary = tag.strip().lower().split(";")[0].split("-")[0]
        if primary in set(Language):
            return Language(primary)
    return Language.ZH


def _flat(tree: Mapping[str, Any], path: str = "") -> dict[str, str]:
    words: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{path}{key}"
        if isinstance(value, Mapping):
            words |= _flat(value, f"{name}.")
        elif isinstance(value, str) and isinstance(key, str):
            words[name] = value
        else:
            raise ValueError(f"console words: {name} is {value!r}, not text; put it in quotes")
    return words
