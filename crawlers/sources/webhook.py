"""An inbound webhook: another program sends JSON, and a declared mapping makes posts of it.

Nothing is pulled here. The service takes what comes at `POST /v1/hooks/{source}`, checks who sent
it, and has this source read it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import Field, model_validator

from crawlers.errors import UnreadableAnswer
from crawlers.jmes import JmesPath, search
from crawlers.json_page import Rows, read_rows
from crawlers.kind import OPTIONAL_FIELDS, Basis, SourceKind
from crawlers.mapped_posts import MappedPosts, Platform
from crawlers.mapping import FieldName, Reading
from crawlers.post import Channel
from crawlers.source import Cursor, Fetcher, FetchResult, OkEmpty

MOST_ROWS = 1_000
_SHORTEST = 16
_KEY = "fsk_"
"""How keys of the service begin: a bearer that does would be looked up among those."""
_HEADER = r"^[A-Za-z0-9-]{1,64}$"


class Proof(StrEnum):
    """How a sender proves that it knows the secret."""

    STANDARD = "standard"
    """Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature."""
    HMAC = "hmac"
    """HMAC-SHA256 in a header of the sender's, over its timestamp, a dot and the body."""
    BEARER = "bearer"
    """The secret itself, as `Authorization: Bearer …`."""


class WebhookSettings(MappedPosts):
    """`rows` leads to the list of what is sent, or the one thing; `fields` to the values of each.

    `secret` belongs under the source's secrets; several, split by spaces, count all. For `hmac`
    the signature stands in `signature_header`, hexadecimal or base64, and the instant of sending in
    `timestamp_header`; null there means that only the body is signed, and that what was sent once
    may be sent again by whoever saw it. `tolerance_s` is how old a signature may be.
    """

    platform: Platform
    rows: JmesPath = "@"
    fields: dict[FieldName, JmesPath] = Field(min_length=1)
    proof: Proof = Proof.STANDARD
    signature_header: str = Field(default="X-Signature-256", pattern=_HEADER)
    timestamp_header: str | None = Field(default="X-Timestamp", pattern=_HEADER)
    tolerance_s: int = Field(default=300, ge=10, le=3_600)
    secret: str = Field(min_length=_SHORTEST, max_length=1_000, repr=False)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.check_fields(set(self.fields))
        if not self.secrets:
            raise ValueError("secret: nothing but spaces")
        if any(secret.startswith(_KEY) for secret in self.secrets):
            raise ValueError(f"secret: {_KEY}… is an API key; give senders a secret of their own")
        if any(len(secret) < _SHORTEST for secret in self.secrets):
            raise ValueError(f"secret: each has at least {_SHORTEST} characters")
        if self.proof is Proof.STANDARD and not all(map(_is_standard, self.secrets)):
            raise ValueError("secret: for Standard Webhooks whsec_ and base64 of 24 to 64 bytes")
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that counts, newest first."""
        return tuple(self.secret.split())


class WebhookSource:
    """Reads what was sent; to a pull it answers that nothing is to be fetched."""

    def __init__(
        self, name: str, settings: WebhookSettings, *, now: Callable[[], datetime]
    ) -> None:
        self._name = name
        self._now = now
        self.settings = settings

    @property
    def name(self) -> str:
        return self._name

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Posts come when somebody sends them; that none came is for coverage to judge."""
        del fetcher
        return OkEmpty(cursor=dict(cursor or {}))

    def read(self, data: Any) -> Rows:
        """The posts in one body. Raises UnreadableAnswer for more rows than are taken, or when none
        of them can be read; a body without any is no error.
        """
        found = search(self.settings.rows, data)
        rows = found if isinstance(found, list) else [] if found is None else [found]
        if len(rows) > MOST_ROWS:
            raise UnreadableAnswer(f"{len(rows):,} rows; send at most {MOST_ROWS:,} at once")
        reading = self.settings.reading(now=self._now(), url="")
        return read_rows(rows, lambda row: self._wire(row, reading))

    def _wire(self, row: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
        values = {name: search(path, row) for name, path in self.settings.fields.items()}
        return self.settings.wire(values, reading=reading, source=self.settings.platform)


def webhook_source(
    name: str, settings: WebhookSettings, now: Callable[[], datetime]
) -> WebhookSource:
    """Build the source for the registry."""
    return WebhookSource(name, settings, now=now)


def _is_standard(secret: str) -> bool:
    try:
        return 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64
    except (binascii.Error, ValueError):
        return False


WEBHOOK = SourceKind(
    settings=WebhookSettings,
    build=webhook_source,
    summary="an inbound webhook: JSON sent to /v1/hooks/{source}, by a declared mapping",
    basis=Basis.OPERATOR_EXPORT,
    channel=Channel.SOCIAL,
    rate_limit=None,
    fields=tuple(sorted(OPTIONAL_FIELDS)),
)
