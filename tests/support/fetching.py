"""A fetcher that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from crawlers.rate import RateLimit
from crawlers.source import Blocked, Failed, NotModified, Response

Answered = Response | NotModified | Blocked | Failed


@dataclass(slots=True)
class FakeFetcher:
    """Gives `answers` in order, the last one for ever; `asked` has (url, headers, validators)
    and `posted` (url, headers, form)."""

    answers: list[Answered]
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    posted: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        validators: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        obey_robots: bool = True,
        rate: RateLimit | None = None,
    ) -> Answered:
        self.asked.append((url, dict(headers or {}), dict(validators or {})))
        return self._next()

    async def post_form(
        self,
        url: str,
        *,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        rate: RateLimit | None = None,
    ) -> Answered:
        self.posted.append((url, dict(headers or {}), dict(form)))
        return self._next()

    def _next(self) -> Answered:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def page(
    body: bytes | str,
    *,
    url: str = "https://news.example/feed.xml",
    content_type: str = "",
    validators: Mapping[str, str] | None = None,
    hint: timedelta | None = None,
) -> Response:
    """A successful answer with that body."""
    return Response(
        status=200,
        url=url,
        headers={"content-type": content_type},
        body=body.encode() if isinstance(body, str) else body,
        validators=validators or {},
        hint=hint,
    )
