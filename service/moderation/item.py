"""A text to judge, read from the JSON of a request or a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COMPONENTS = ("sentiment", "emotion", "intent", "abuse", "scenario", "lexicon", "patterns", "pii")
LONGEST = 100_000
"""Characters of one text."""
_KINDS = ("post", "advertisement")
_OFFSETS = ("codepoints", "utf16")
_KEYS = frozenset({"id", "text", "parent", "author", "kind", "policy", "components", "offsets"})
_ALL = frozenset(COMPONENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyItem:
    """One text to judge. `components` None asks for all."""

    text: str
    id: str | None = None
    kind: str = "post"
    components: tuple[str, ...] | None = None
    utf16: bool = False

    @property
    def asked(self) -> frozenset[str]:
        """The components that the answer is to have."""
        return _ALL if self.components is None else frozenset(self.components)

    @classmethod
    def from_json(cls, data: Any) -> ClassifyItem:
        """An item of a request or a line. Raises ValueError that names the key."""
        if not isinstance(data, Mapping):
            raise ValueError('not an object: {"id", "text"} is expected')
        text = data.get("text")
        if not isinstance(text, str):
            raise ValueError("text: a string is required")
        if len(text) > LONGEST:
            raise ValueError(f"text: {len(text)} characters; at most {LONGEST}")
        if not data.keys() <= _KEYS:
            unknown = sorted(map(str, data.keys() - _KEYS))
            raise ValueError(f"unknown keys: {', '.join(unknown)}")
        kind = data.get("kind", "post")
        if kind not in _KINDS:
            raise ValueError(f"kind: one of {', '.join(_KINDS)}")
        if data.get("policy") not in (None, "default"):
            raise ValueError("policy: only `default` is known")
        offsets = data.get("offsets", "codepoints")
        if offsets not in _OFFSETS:
            raise ValueError(f"offsets: one of {', '.join(_OFFSETS)}")
        item_id = data.get("id")
        return cls(
            text=text,
            id=None if item_id is None else str(item_id),
            kind=kind,
            components=_components(data.get("components")),
            utf16=offsets == "utf16",
        )


def _components(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise ValueError("components: a list of names")
    if unknown := [name for name in value if name not in COMPONENTS]:
        raise ValueError(f"components: unknown {unknown}; known: {', '.join(COMPONENTS)}")
    return tuple(value)
