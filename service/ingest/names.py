"""Where an author is named outside the fields for it: in a link, or in a value of the source's."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus, urlsplit, urlunsplit

from crawlers import Author

SHORTEST = 3
"""Characters of a name that is looked for in links; shorter ones are parts of too many paths."""


@dataclass(frozen=True, slots=True)
class Names:
    """What an author is called, folded, without a leading @."""

    folded: frozenset[str]

    def are(self, text: str) -> bool:
        """Whether the text is one of the names, with or without a leading @."""
        return bool(self.folded) and _folded(text) in self.folded


def names_of(author: Author | None) -> Names:
    """The names of an author; none for nobody."""
    if author is None:
        return Names(frozenset())
    return Names(frozenset(filter(None, map(_folded, (author.id, author.name or "")))))


def nameless_url(url: str | None, *, author: Author | None, pseudonym: str | None) -> str | None:
    """The link with each path segment and query value that names the author replaced.

    `https://mastodon.example/@zhangsan/1` becomes `https://mastodon.example/<pseudonym>/1`; an
    address such as `@zhangsan@other.example` counts as the name before its host. Percent-escapes
    are read first. Names below SHORTEST characters are left. A link that cannot be taken apart
    is dropped when it holds the name.
    """
    if url is None or author is None or pseudonym is None:
        return url
    known = names_of(author).folded
    names = Names(
        frozenset(
            name
            for known_as in known
            for name in (known_as, known_as.partition("@")[0])
            if len(name) >= SHORTEST
        )
    )
    if not names.folded:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return None if any(name in url.casefold() for name in names.folded) else url
    cleaned = parts._replace(
        path=_path(parts.path, names, pseudonym),
        query="&".join(_value(pair, names, pseudonym) for pair in parts.query.split("&")),
        fragment=_path(parts.fragment, names, pseudonym),
    )
    # Taking apart and joining may tidy a link up: one without a name stays as it came.
    return url if cleaned == parts else urlunsplit(cleaned)


def _path(path: str, names: Names, pseudonym: str) -> str:
    return "/".join(
        pseudonym if _names_author(unquote(segment), names) else segment
        for segment in path.split("/")
    )


def _value(pair: str, names: Names, pseudonym: str) -> str:
    key, equals, value = pair.partition("=")
    named = _names_author(unquote_plus(value), names)
    return f"{key}{equals}{pseudonym}" if named else pair


def _names_author(text: str, names: Names) -> bool:
    return names.are(text) or names.are(_folded(text).partition("@")[0])


def _folded(name: str) -> str:
    return name.strip().removeprefix("@").casefold()
