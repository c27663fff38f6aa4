"""A small grammar: rules of alternatives, expanded at random into sentences.

In an alternative `{rule}` expands a rule, `{a|b}` chooses on the spot and `<...>` is there half of
the time. A rule gives each of its alternatives once before it repeats one within a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from random import Random

import yaml

_BRACES = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"<([^<>]*)>")
_MAX_DEPTH = 12


def load_yaml(name: str) -> object:
    """The parsed YAML file of phrases/."""
    source = files("service.demo").joinpath("phrases", name)
    return yaml.safe_load(source.read_text(encoding="utf-8"))


class Phrasebook:
    """Rules by name; every expansion draws from the Random given to it."""

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._rules = rules

    @classmethod
    def load(cls, *names: str) -> Phrasebook:
        """The rules of the named files of phrases/; a later file overrides an earlier one.

        Raises ValueError when a file is not a mapping of rule names to lines.
        """
        rules: dict[str, list[str]] = {}
        for name in names:
            content = load_yaml(name)
            if not isinstance(content, dict):
                raise ValueError(f"phrases/{name} is not a mapping of rules; see phrasebook.py")
            for rule, lines in content.items():
                # A blank line is a choice too: the one that says nothing.
                rules[str(rule)] = [line.replace("\\n", "\n") for line in lines.split("\n")[:-1]]
        return cls(rules)

    def say(
        self, rule: str, rng: Random, *, given: Mapping[str, Sequence[str]] | None = None
    ) -> str:
        """One sentence of the rule; `given` holds rules for this sentence alone.

        Raises KeyError naming a rule that nobody defined.
        """
        return _Sentence({**self._rules, **(given or {})}, rng).expand("{" + rule + "}", 0).strip()

    def alternatives(self, rule: str) -> Sequence[str]:
        """The raw alternatives of a rule, for texts that are told in order."""
        return self._rules[rule]

    def missing(self, given: Iterable[str] = ()) -> set[str]:
        """Names that some alternative uses and neither the book nor `given` defines."""
        known = {*self._rules, *given}
        used = {
            name
            for lines in self._rules.values()
            for line in lines
            for name in _BRACES.findall(line)
            if "|" not in name
        }
        return used - known


class _Sentence:
    """One expansion; remembers what each rule has said so that lists do not repeat themselves."""

    def __init__(self, rules: Mapping[str, Sequence[str]], rng: Random) -> None:
        self._rules = rules
        self._rng = rng
        self._said: dict[str, set[str]] = {}

    def expand(self, text: str, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ValueError(f"rules call each other without end in {text!r}")
        text = _OPTIONAL.sub(lambda found: found[1] if self._rng.random() < 0.5 else "", text)
        return _BRACES.sub(lambda found: self._choice(found[1], depth), text)

    def _choice(self, name: str, depth: int) -> str:
        if "|" in name:
            return self._rng.choice(name.split("|"))
        if name not in self._rules:
            raise KeyError(f"no rule {name!r} in the phrases")
        said = self._said.setdefault(name, set())
        fresh = [line for line in self._rules[name] if line not in said]
        line = self._rng.choice(fresh or list(self._rules[name]))
        if line:
            said.add(line)
        return self.expand(line, depth + 1)
