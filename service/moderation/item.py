"""A text to judge, read from the JSON of a request or a line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

COMPONENTS = (
    "sentiment",
    "emotion",
    "intent",
    "abuse",
    "scenario",
    "moderation",
    "lexicon",
    "patterns",
    "pii",
)
LONGEST = 100_000
"""Characters of one text."""
_KINDS = ("post", "advertisement")
_OFFSETS = ("codepoints", "utf16")
_KEYS = frozenset(
    {"id", "text", "parent", "session", "author", "kind", "policy", "components", "offsets"}
)
_AUTHOR_KEYS = frozenset({"id", "source", "name", "followers", "verified"})
_LONGEST_ID = 200
MOST_EARLIER = 10
"""Messages of a session that may be given beside the text."""
_ALL = frozenset(COMPONENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAuthor:
    """Who wrote it, as the caller names him; `source` as in a post's, None for the caller's own."""

    id: str
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyItem:
    """One text to judge. `components` None asks for all, `policy` None for the default.

    `parent` is the text that it answers or reposts, `session` what the author wrote just before,
    oldest first.
    """

    text: str
    id: str | None = None
    kind: str = "post"
    components: tuple[str, ...] | None = None
    utf16: bool = False
    policy: str | None = None
    parent: str | None = None
    session: tuple[str, ...] = ()
    author: ItemAuthor | None = None

    @property
    def asked(self) -> frozenset[str]:
        """The components that the answer is to have."""
        return _ALL if self.components is None else frozenset(self.components)

    @classmethod
    def from_json(cls, data: Any, *, policies: Collection[str] = ("default",)) -> ClassifyItem:
        """An item of a request or a line; `policies` are those it may name.

        Raises ValueError that names the key.
        """
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
        policy = data.get("policy")
        if policy is not None and (not isinstance(policy, str) or policy not in policies):
            known = ", ".join(sorted(policies))
            raise ValueError(f"policy: {str(policy)[:64]!r} is not known; known: {known}")
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
            policy=policy,
            parent=_parent(data.get("parent")),
            session=_session(data.get("session")),
            author=_author(data.get("author")),
        )


def _parent(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("parent: the text of the parent, a string")
    if len(value) > LONGEST:
        raise ValueError(f"parent: {len(value)} characters; at most {LONGEST}")
    return value


def _session(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if (
        not isinstance(value, list)
        or len(value) > MOST_EARLIER
        or not all(isinstance(text, str) and len(text) <= LONGEST for text in value)
    ):
        raise ValueError(
            f"session: a list of at most {MOST_EARLIER} earlier texts, oldest first, each of at "
            f"most {LONGEST} characters"
        )
    return tuple(value)


def _author(value: Any) -> ItemAuthor | None:
    """An id alone, or the author of a post as it stands on a line."""
    if value is None:
        return None
    given = value if isinstance(value, Mapping) else {"id": value}
    if not given.keys() <= _AUTHOR_KEYS:
        unknown = sorted(map(str, given.keys() - _AUTHOR_KEYS))
        raise ValueError(f"author: unknown keys: {', '.join(unknown)}")
    author_id, source = given.get("id"), given.get("source")
    if isinstance(author_id, int) and not isinstance(author_id, bool):
        author_id = str(author_id)
    if not isinstance(author_id, str) or not 0 < len(author_id) <= _LONGEST_ID:
        raise ValueError(f'author: an id of 1 to {_LONGEST_ID} characters, or {{"id", "source"}}')
    if source is not None and (not isinstance(source, str) or not 0 < len(source) <= _LONGEST_ID):
        raise ValueError(f"author: source has 1 to {_LONGEST_ID} characters")
    return ItemAuthor(id=author_id, source=source)


def _components(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise ValueError("components: a list of names")
    if unknown := [name for name in value if name not in COMPONENTS]:
        raise ValueError(f"components: unknown {unknown}; known: {', '.join(COMPONENTS)}")
    return tuple(value)
