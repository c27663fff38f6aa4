"""BadConfig (422 bad_config): configuration files with mistakes, each with its file and line."""

from __future__ import annotations

from collections.abc import Sequence

from service.errors import InvalidInput


class BadConfig(InvalidInput):
    """`errors` has one (`file:line`, message) for each mistake; the text has one a line."""

    code = "bad_config"

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            "\n".join(f"{place}: {message}" for place, message in errors), errors=errors
        )
